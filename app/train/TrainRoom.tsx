import { useEffect, useState } from 'react';
import { Room } from '../room/Room.tsx';
import { JudgePanel } from './panels/JudgePanel.tsx';
import { TaskLine } from './panels/TaskLine.tsx';
import { TrainPanel } from './panels/TrainPanel.tsx';
import { listShipped } from './state/judging.ts';
import { useTrain } from './state/store.ts';
import { recallSaved } from './state/training.ts';
import './styles/index.css';

/** The dialog in which scorers are trained and judged. Work goes on while it is closed. */
export default function TrainRoom() {
  const problem = useTrain((s) => s.problem);
  const [tab, setTab] = useState<'train' | 'judge'>('train');
  useEffect(() => {
    void listShipped();
    void recallSaved();
  }, []);
  return (
    <Room
      panel="train"
      title="Scorers that learn"
      tabs={[
        { id: 'train', text: 'Train', content: <TrainPanel /> },
        { id: 'judge', text: 'Judge', content: <JudgePanel /> },
      ]}
      tab={tab}
      onTab={setTab}
      problem={problem}
    >
      <TaskLine />
    </Room>
  );
}
