import { Dialog } from '@base-ui/react/dialog';
import { useUi } from '../state/ui-store.ts';
import { Icon } from './Icon.tsx';
import { offeredShortcuts } from './shortcuts.ts';

export function HelpDialog({ startTour }: { startTour: () => void }) {
  const isOpen = useUi((s) => s.panel === 'help');
  const open = useUi((s) => s.open);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => open(next ? 'help' : null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog help">
          <header className="dialog-head">
            <Dialog.Title className="dialog-title">How it works</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className="dialog-scroll">
            <Dialog.Description className="help-text">
              People who want a chat wait in one pool. Every half second, a tick scores all possible pairs and
              matches as many people as it can. Each dot is a person who waits. Each arc is a new pair. A
              person who gives up fades away. All people are simulated, and everything runs on this machine.
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
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
