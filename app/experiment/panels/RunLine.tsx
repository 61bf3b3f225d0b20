import { duration } from '../../state/format.ts';
import { cancelRun } from '../state/task.ts';
import { useExperiment } from '../state/store.ts';

/** What is being computed, and how to cancel it; afterwards, its outcome. */
export function RunLine() {
  const task = useExperiment((s) => s.task);
  const said = useExperiment((s) => s.said);
  // An empty status takes no space, but a screen reader announces its next text.
  if (task === null && said === '') return <p className="visually-hidden" role="status" />;
  if (task === null)
    return (
      <div className="task-line" data-idle="">
        <p role="status">{said}</p>
      </div>
    );
  const { text, done, of, left } = task;
  return (
    <div className="task-line">
      <div className="task-words">
        <p role="status">{text}</p>
        <p className="task-left">
          {done} of {of} are in{left !== null && `, about ${duration(left)} left`}
        </p>
      </div>
      <progress max={of} value={done} aria-label={text} />
      <div className="task-buttons">
        <button type="button" className="button" onClick={cancelRun}>
          Cancel
        </button>
      </div>
    </div>
  );
}
