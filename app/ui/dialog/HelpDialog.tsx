import { Dialog } from '@base-ui/react/dialog';
import { useUi } from '../../state/ui-store.ts';
import { startTour } from '../../tour/start-tour.ts';
import { offeredShortcuts } from '../shortcuts.ts';
import { DialogFrame } from './DialogFrame.tsx';

export default function HelpDialog() {
  const isOpen = useUi((s) => s.panel === 'help');
  const open = useUi((s) => s.open);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => open(next ? 'help' : null)}>
      <DialogFrame name="help" title="How it works">
        <div className="dialog-scroll">
          <Dialog.Description className="help-text">
            People who want a chat wait in one pool. Every half second, a tick scores all possible pairs and
            matches as many people as it can. Each dot is a person who waits. Each arc is a new pair. A person
            who gives up fades away. All people are simulated, and everything runs on this machine.
          </Dialog.Description>
          <button
            type="button"
            id="tour"
            className="button"
            onClick={() => {
              open(null);
              startTour();
            }}
          >
            Take the tour
          </button>{' '}
          <button type="button" className="button" onClick={() => open('lessons')}>
            Eight lessons
          </button>{' '}
          <button type="button" className="button" onClick={() => open('about')}>
            Sources, version, limits
          </button>
          <h3>Keys</h3>
          <dl className="keys">
            {offeredShortcuts().map((s) => (
              <div key={s.keys}>
                <dt>
                  <kbd>{s.keys}</kbd>
                </dt>
                <dd>{s.text}</dd>
              </div>
            ))}
          </dl>
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}
