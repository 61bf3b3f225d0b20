import { useStatus } from '../state/status-store.ts';
import { lateButton } from '../ui/late/late-button.tsx';
import './exact.css';

const SolveButton = lateButton('The exact solution', 'dialog', () => import('./ExactDialog.tsx'));

/** The button beside the gap. */
export function ExactButton() {
  const ready = useStatus((s) => s.phase === 'ready' && s.status !== null);
  return (
    <SolveButton
      trigger={{ className: 'link exact-open', disabled: !ready, children: 'Solve this tick exactly' }}
    />
  );
}
