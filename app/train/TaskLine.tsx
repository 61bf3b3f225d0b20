import { duration, percent } from '../state/format.ts';
import { cancelTask, goOn, holdTraining, startTraining, useTrain } from './store.ts';

/** What is being computed, how far it is, and how to hold or end it; afterwards, what came of it. */
export function TaskLine() {
  const task = useTrain((s) => s.task);
  const said = useTrain((s) => s.said);
  const resumable = useTrain((s) => s.resumable);
  if (task === null)
    return (
      <div className="task-line" data-idle="">
        <p className="task-said" role="status">
          {said}
        </p>
        {resumable !== null && (
          <button type="button" className="button" onClick={() => void startTraining(true)}>
            Go on from step {resumable.step} of phase {resumable.phase}
          </button>
        )}
      </div>
    );
  const { kind, text, share, left, held, still } = task;
  return (
    <div className="task-line">
      <div className="task-words">
        <p role="status">{still ? 'Held' : held ? 'Held after this step' : text}</p>
        <p className="task-left">
          {held ? text : share === null ? '' : percent(share)}
          {!held && left !== null && `, about ${duration(left)} left`}
        </p>
      </div>
      <progress max={1} {...(share !== null && { value: share })} aria-label={text} />
      <div className="task-buttons">
        {kind === 'training' &&
          (held ? (
            <button type="button" className="button" onClick={goOn}>
              Go on
            </button>
          ) : (
            <button type="button" className="button" onClick={holdTraining}>
              Pause
            </button>
          ))}
        <button type="button" className="button" onClick={() => void cancelTask()}>
          Cancel
        </button>
      </div>
    </div>
  );
}
