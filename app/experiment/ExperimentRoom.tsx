import { useEffect } from 'react';
import { Room } from '../room/Room.tsx';
import { AhaPanel } from './panels/AhaPanel.tsx';
import { DesignsPanel } from './panels/DesignsPanel.tsx';
import { SweepPanel } from './panels/SweepPanel.tsx';
import { WindowsPanel } from './panels/WindowsPanel.tsx';
import { DiagramPanel } from './diagram/DiagramPanel.tsx';
import { PlanPanel } from './panels/PlanPanel.tsx';
import { RunLine } from './panels/RunLine.tsx';
import { syncLink } from './state/link.ts';
import { useExperiment } from './state/store.ts';
import './styles/index.css';

// A lesson runs an experiment without opening the room; it loads the same code.
export { setAndRun } from './state/set-and-run.ts';

/** The dialog in which designs of experiments stand beside the truth. Work goes on while closed. */
export default function ExperimentRoom() {
  const problem = useExperiment((s) => s.problem);
  const tab = useExperiment((s) => s.tab);
  useEffect(syncLink, []);
  return (
    <Room
      panel="experiment"
      title="Experiment"
      tabs={[
        { id: 'designs', text: 'Designs', content: <DesignsPanel /> },
        { id: 'windows', text: 'Windows', content: <WindowsPanel /> },
        { id: 'plan', text: 'Plan', content: <PlanPanel /> },
        { id: 'diagram', text: 'Causes', content: <DiagramPanel /> },
        { id: 'aha', text: 'Aha', content: <AhaPanel /> },
        { id: 'sweep', text: 'Sweep', content: <SweepPanel /> },
      ]}
      tab={tab}
      onTab={(next) => useExperiment.setState({ tab: next })}
      problem={problem}
    >
      <RunLine />
    </Room>
  );
}
