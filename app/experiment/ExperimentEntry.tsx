import { lazy, Suspense, useState } from 'react';
import { useExperimentLink } from './address.ts';
import { useUi } from '../state/ui-store.ts';

// The room, and the market's code with it, is loaded when it is opened for the first time.
const ExperimentRoom = lazy(() => import('./ExperimentRoom.tsx'));

/** The experiment room, mounted from its first opening on. */
export function ExperimentEntry() {
  const open = useUi((s) => s.panel === 'experiment');
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  return wanted || open ? (
    <Suspense fallback={<p className="visually-hidden">Loading the experiment room.</p>}>
      <ExperimentRoom />
    </Suspense>
  ) : null;
}

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
