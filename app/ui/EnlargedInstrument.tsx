import { Dialog } from '@base-ui/react/dialog';
import { useUi } from '../state/ui-store.ts';
import { instrumentTitle, RememberingInstrument, type InstrumentComponent } from './InstrumentFrame.tsx';
import { Icon } from './Icon.tsx';
import { standsInPairs, usePair } from './SideSwitch.tsx';

/** One instrument that fills the window, for presentations. */
export default function EnlargedInstrument({ Instrument }: { Instrument: InstrumentComponent }) {
  const id = useUi((s) => s.enlarged);
  const enlarge = useUi((s) => s.enlarge);
  const pair = usePair();
  return (
    <Dialog.Root open={id !== null} onOpenChange={(open) => !open && enlarge(null)}>
      <Dialog.Portal>
        <Dialog.Popup className="enlarged">
          <Dialog.Title className="visually-hidden">{id !== null && instrumentTitle(id)}</Dialog.Title>
          {id !== null && (
            <RememberingInstrument
              key={id}
              id={id}
              Instrument={Instrument}
              pair={standsInPairs(id) ? pair : undefined}
              actions={
                <Dialog.Close className="icon-button" aria-label="Back to the page">
                  <Icon name="close" />
                </Dialog.Close>
              }
            />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
