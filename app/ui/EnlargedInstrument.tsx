import { Dialog } from '@base-ui/react/dialog';
import { useUi } from '../state/ui-store.ts';
import { instruments, type InstrumentComponent } from './InstrumentFrame.tsx';
import { Icon } from './Icon.tsx';

/** One instrument over the whole window, for a stage. */
export function EnlargedInstrument({ Instrument }: { Instrument: InstrumentComponent }) {
  const id = useUi((s) => s.enlarged);
  const enlarge = useUi((s) => s.enlarge);
  const entry = instruments.find((i) => i.id === id);
  return (
    <Dialog.Root open={id !== null} onOpenChange={(open) => !open && enlarge(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="enlarged">
          <header className="dialog-head">
            <Dialog.Title className="enlarged-title">{entry?.title}</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Back to the page">
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className="enlarged-body">{id !== null && <Instrument id={id} />}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
