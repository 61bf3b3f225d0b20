import { Dialog } from '@base-ui/react/dialog';
import type { Side } from '../engine/api.ts';
import { livePolicy, useScenario } from '../state/scenario-store.ts';
import { late } from '../ui/late/late.tsx';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';
import './formula.css';

// Loaded when the dialog is opened for the first time.
const FormulaRoom = late('The formula editor', () => import('./FormulaRoom.tsx'), 'place');

/** The button beside the policy's name, and the dialog with the editor. */
export function FormulaDialog({ side }: { readonly side: Side }) {
  const on = useScenario((s) => (livePolicy(s, side)?.formula ?? '') !== '');
  return (
    <Dialog.Root
      onOpenChange={(_, details) => {
        // Escape closes the list of completions first.
        const completes = document.querySelector('.formula-editor[data-completes="true"]') !== null;
        if (details.reason === 'escape-key' && completes) details.cancel();
      }}
    >
      <Dialog.Trigger
        className="link formula-open"
        data-on={on || undefined}
        data-help="Gives pairs their weight by a formula of your own, in the place of the knobs below."
      >
        {on ? 'Formula decides' : 'Own formula'}
      </Dialog.Trigger>
      <DialogFrame name="formula" title="Your own policy, as a formula">
        <div className="dialog-scroll">
          <FormulaRoom />
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}
