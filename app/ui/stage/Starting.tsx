import { Progress } from '@base-ui/react/progress';
import { atItsSize } from '../../../src/scenario/scale.ts';
import { count } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useSession } from '../session-context.ts';

/** Covers the sky while the market is being built, and after a failure. */
export function Starting() {
  const phase = useStatus((s) => s.phase);
  const error = useStatus((s) => s.error);
  const people = useScenario((s) => atItsSize(s.scenario).population.people);
  // The sky of the market before is still alive.
  const again = useStatus((s) => s.status !== null);
  const session = useSession();
  if (phase === 'ready') return error === null ? null : <Failure text={error} />;
  if (phase === 'starting')
    return (
      <div className="starting" data-again={again || undefined}>
        <Progress.Root value={null} className="progress">
          <Progress.Label className="starting-text">
            Starting the engine and simulating up to {count(people)} people
          </Progress.Label>
          <Progress.Track className="progress-track">
            <Progress.Indicator className="progress-indicator" />
          </Progress.Track>
        </Progress.Root>
      </div>
    );
  return (
    <div className="starting failed" role="alert">
      <h2>{phase === 'dead' ? 'The engine stopped' : 'The market could not start'}</h2>
      <p>{error}</p>
      <button type="button" className="button primary" onClick={() => session.launch()}>
        Start the engine again
      </button>
    </div>
  );
}

function Failure({ text }: { text: string }) {
  const session = useSession();
  return (
    <div className="failure" role="alert">
      <p>{text}</p>
      <button type="button" className="button" onClick={() => useStatus.setState({ error: null })}>
        Dismiss
      </button>
      <button type="button" className="button" onClick={() => session.launch()}>
        Start again
      </button>
    </div>
  );
}
