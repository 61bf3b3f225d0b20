import { Dialog } from '@base-ui/react/dialog';
import { late } from '../ui/late/late.tsx';
import type { LateButtonProps } from '../ui/late/late-button.tsx';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';

// Loaded when the dialog is opened for the first time.
const Solution = late('The exact solution', () => import('./Solution.tsx'), 'place');

/** The dialog that solves the last tick with every matcher and exactly, and its button. */
export default function ExactDialog({ trigger }: LateButtonProps) {
  return (
    <Dialog.Root defaultOpen>
      <Dialog.Trigger {...trigger} />
      <DialogFrame name="exact" title="How good was this tick?">
        <div className="dialog-scroll">
          <Solution />
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}
