import { useUi } from '../state/ui-store.ts';
import { late } from '../ui/late/late.tsx';

const Panel = late('The pinned person', () => import('./PinnedPanel.tsx'), 'place');

/** The panel of the person who was clicked in the sky. */
export function PinnedEntry() {
  const pinned = useUi((s) => s.pinned);
  const pin = useUi((s) => s.pin);
  return pinned === null ? null : <Panel onClose={() => pin(null)} />;
}
