import { roomEntry } from '../room/RoomEntry.tsx';
import { useUi } from '../state/ui-store.ts';
import { useProgressText } from './state/progress-text.ts';

/** The training room, mounted from its first opening on. */
export const TrainEntry = roomEntry('train', 'The training room', () => import('./TrainRoom.tsx'));

/** Opens the training room, and shows the progress of its task. */
export function TrainButton() {
  const open = useUi((s) => s.open);
  const text = useProgressText((s) => s.text);
  return (
    <button type="button" id="train" className="link" aria-haspopup="dialog" onClick={() => open('train')}>
      Train{text !== '' && <small className="train-news"> {text}</small>}
    </button>
  );
}
