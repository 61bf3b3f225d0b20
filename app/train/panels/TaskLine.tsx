import { duration, percent } from '../../state/format.ts';
import { useTrain } from '../state/store.ts';
import { cancelTask, goOn, holdTraining } from '../state/task.ts';
import { dropSaved, resumeTraining } from '../state/training.ts';

/** The task with its progress, and how to pause or cancel it; afterwards, its outcome. */
export function TaskLine() {
  const task = useTrain((s) => s.task);
  const said = useTrain((s) => s.said);
  const resumable = useTrain((s) => s.resumable);
  // An empty status takes no space, but a screen reader announces its next text.
  if (task === null && said === '' && resumable === null)
    return <p className="visually-hidden" role="status" />;
  if (task === null)
    return (
      <div className="task-line" data-idle="">
        <p className="task-said" role="status">
          {said}
        </p>
        {resumable !== null && (
          <div className="task-buttons">
            <button type="button" className="button" onClick={() => void resumeTraining()}>
              Go on from step {resumable.step} of phase {resumable.phase}
            </button>
            <button type="button" className="link" onClick={dropSaved}>
              Discard it
            </button>
          </div>
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
