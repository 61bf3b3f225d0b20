import { lazy, Suspense, useState } from 'react';
import { create } from 'zustand';
import { useUi } from '../state/ui-store.ts';

/** What the top bar says of a training that goes on while the room is closed; '' where there is none. */
export const useTrainNews = create<{ readonly text: string }>(() => ({ text: '' }));

// The room, and with it everything that learns, is loaded when somebody wants to see it.
const TrainRoom = lazy(() => import('./TrainRoom.tsx'));

/** The room, once it has been asked for. */
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

/** The way into the room. */
export function TrainButton() {
  const open = useUi((s) => s.open);
  const text = useTrainNews((s) => s.text);
  return (
    <button type="button" id="train" className="link" aria-haspopup="dialog" onClick={() => open('train')}>
      Train{text !== '' && <small className="train-news"> {text}</small>}
    </button>
  );
}
