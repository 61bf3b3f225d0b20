import { lazy, Suspense, useState } from 'react';
import { useUi } from '../state/ui-store.ts';
import { useProgressText } from './state/progress-text.ts';

// The room, and the trainer with it, is loaded when it is opened for the first time.
const TrainRoom = lazy(() => import('./TrainRoom.tsx'));

/** The training room, mounted from its first opening on. */
export function TrainEntry() {
  const open = useUi((s) => s.panel === 'train');
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  return wanted || open ? (
    <Suspense fallback={<p className="visually-hidden">Loading the training room.</p>}>
      <TrainRoom />
    </Suspense>
  ) : null;
}

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
