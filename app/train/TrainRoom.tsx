import { Dialog } from '@base-ui/react/dialog';
import { Tabs } from '@base-ui/react/tabs';
import { useEffect } from 'react';
import { Icon } from '../ui/Icon.tsx';
import { useUi } from '../state/ui-store.ts';
import { JudgePanel } from './panels/JudgePanel.tsx';
import { haveShipped } from './state/judging.ts';
import { useTrain } from './state/state.ts';
import { TaskLine } from './panels/TaskLine.tsx';
import './styles/index.css';
import { haveKept } from './state/training.ts';
import { TrainPanel } from './panels/TrainPanel.tsx';

/** The room in which scorers are trained and judged. It fills the screen; the market and a training go on when it is closed. */
export default function TrainRoom() {
  const open = useUi((s) => s.panel === 'train');
  const show = useUi((s) => s.open);
  const problem = useTrain((s) => s.problem);
  useEffect(() => {
    void haveShipped();
    void haveKept();
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => show(next ? 'train' : null)}>
      <Dialog.Portal>
        <Dialog.Popup className="enlarged train">
          <Tabs.Root defaultValue="train" className="train-tabs">
            <header className="train-head">
              <Dialog.Title className="train-title">Scorers that learn</Dialog.Title>
              <Tabs.List className="train-list">
                <Tabs.Tab value="train" className="train-tab">
                  Train
                </Tabs.Tab>
                <Tabs.Tab value="judge" className="train-tab">
                  Judge
                </Tabs.Tab>
                <Tabs.Indicator className="tab-indicator" />
              </Tabs.List>
              <Dialog.Close className="icon-button" aria-label="Back to the market">
                <Icon name="close" />
              </Dialog.Close>
            </header>
            <TaskLine />
            {problem !== null && (
              <p className="train-problem" role="alert">
                {problem}
              </p>
            )}
            <Tabs.Panel value="train" className="train-panel">
              <TrainPanel />
            </Tabs.Panel>
            <Tabs.Panel value="judge" className="train-panel">
              <JudgePanel />
            </Tabs.Panel>
          </Tabs.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
