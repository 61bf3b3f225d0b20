import { Dialog } from '@base-ui/react/dialog';
import { useStatus } from '../state/status-store.ts';
import { late } from '../ui/late/late.tsx';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';
import './exact.css';

// Loaded when the dialog is opened for the first time.
const Solution = late('The exact solution', () => import('./Solution.tsx'), 'place');

/**
 * The button beside the gap, and the dialog that solves the last tick with every matcher and
 * exactly.
 */
export function ExactDialog() {
  const ready = useStatus((s) => s.phase === 'ready' && s.status !== null);
  return (
    <Dialog.Root>
      <Dialog.Trigger className="link exact-open" disabled={!ready}>
        Solve this tick exactly
      </Dialog.Trigger>
      <DialogFrame name="exact" title="How good was this tick?">
        <div className="dialog-scroll">
          <Solution />
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}
