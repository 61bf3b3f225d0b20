import { Dialog } from '@base-ui/react/dialog';
import { useUi } from '../state/ui-store.ts';
import { startTour } from '../tour/start-tour.ts';
import { openLesson } from './address.ts';
import { lessons } from './content/lessons.ts';
import type { Lesson } from './format.ts';
import { fresh, type LessonState } from './runner.ts';
import { useLessons } from './store.ts';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';

/** The tour and the eight lessons, with how far a person is in each. */
export function LessonIndex() {
  const isOpen = useUi((s) => s.panel === 'lessons');
  const open = useUi((s) => s.open);
  const progress = useLessons((s) => s.progress);
  const kept = useLessons((s) => s.kept);
  const done = lessons.filter(({ id }) => progress[id].finished).length;
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => open(next ? 'lessons' : null)}>
      <DialogFrame name="lessons" title="Lessons">
        <div className="dialog-scroll">
          <Dialog.Description className="help-text">
            Predict, act, see, explain: each takes about five minutes beside the living sky. {done} of{' '}
            {lessons.length} are done.
            {!kept && ' This browser does not keep your progress.'}
          </Dialog.Description>
          <ol className="lesson-list">
            <li>
              <button
                type="button"
                className="lesson-row"
                onClick={() => {
                  open(null);
                  startTour();
                }}
              >
                <span className="lesson-number" aria-hidden="true">
                  0
                </span>
                <span className="lesson-words">
                  <b>The tour</b>
                  <span>The page in five steps. Take it first.</span>
                </span>
              </button>
            </li>
            {lessons.map((lesson) => (
              <li key={lesson.id}>
                <Row lesson={lesson} state={progress[lesson.id]} />
              </li>
            ))}
          </ol>
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}

function Row({ lesson: { id, title, about, steps }, state }: { lesson: Lesson; state: LessonState }) {
  const begun = state !== fresh && (state.furthest > 0 || Object.keys(state.answers).length > 0);
  const said = state.finished ? 'Done' : begun ? `Step ${state.step + 1} of ${steps.length}` : '';
  return (
    <button
      type="button"
      className="lesson-row"
      data-done={state.finished || undefined}
      onClick={() => openLesson(id)}
    >
      <span className="lesson-number" aria-hidden="true">
        {id}
      </span>
      <span className="lesson-words">
        <b>{title}</b>
        <span>{about}</span>
      </span>
      <span className="lesson-said">{said}</span>
    </button>
  );
}
