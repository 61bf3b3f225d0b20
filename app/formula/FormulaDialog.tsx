import { Dialog } from '@base-ui/react/dialog';
import { late } from '../ui/late/late.tsx';
import type { LateButtonProps } from '../ui/late/late-button.tsx';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';

// Loaded when the dialog is opened for the first time.
const FormulaRoom = late('The formula editor', () => import('./FormulaRoom.tsx'), 'place');

/** The dialog with the editor, and its button. */
export default function FormulaDialog({ trigger }: LateButtonProps) {
  return (
    <Dialog.Root
      defaultOpen
      onOpenChange={(_, details) => {
        // Escape closes the list of completions first.
        const completes = document.querySelector('.formula-editor[data-completes="true"]') !== null;
        if (details.reason === 'escape-key' && completes) details.cancel();
      }}
    >
      <Dialog.Trigger {...trigger} />
      <DialogFrame name="formula" title="Your own policy, as a formula">
        <div className="dialog-scroll">
          <FormulaRoom />
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}
