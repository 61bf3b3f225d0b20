import { roomEntry } from '../room/RoomEntry.tsx';
import { useExperimentLink } from './address.ts';
import { useUi } from '../state/ui-store.ts';

/** The experiment room, mounted from its first opening on. */
export const ExperimentEntry = roomEntry(
  'experiment',
  'The experiment room',
  () => import('./ExperimentRoom.tsx'),
);

/** Opens the experiment room, and shows the progress of its evenings. */
export function ExperimentButton() {
  const open = useUi((s) => s.open);
  const progress = useExperimentLink((s) => s.progress);
  return (
    <button
      type="button"
      id="experiment"
      className="link"
      aria-haspopup="dialog"
      onClick={() => open('experiment')}
    >
      Experiment{progress !== '' && <small> {progress}</small>}
    </button>
  );
}
