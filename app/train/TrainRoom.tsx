import { Dialog } from '@base-ui/react/dialog';
import { Tabs } from '@base-ui/react/tabs';
import { useEffect } from 'react';
import { Icon } from '../ui/Icon.tsx';
import { useUi } from '../state/ui-store.ts';
import { JudgePanel } from './panels/JudgePanel.tsx';
import { TaskLine } from './panels/TaskLine.tsx';
import { TrainPanel } from './panels/TrainPanel.tsx';
import { listShipped } from './state/judging.ts';
import { useTrain } from './state/store.ts';
import { recallSaved } from './state/training.ts';
import './styles/index.css';

/** The dialog in which scorers are trained and judged. Work goes on while it is closed. */
export default function TrainRoom() {
  const open = useUi((s) => s.panel === 'train');
  const show = useUi((s) => s.open);
  const problem = useTrain((s) => s.problem);
  useEffect(() => {
    void listShipped();
    void recallSaved();
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
