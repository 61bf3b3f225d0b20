import { useEffect, useRef } from 'react';
import { useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { useSession } from '../ui/session-context.ts';
import { LESSONS, openLesson } from './address.ts';
import { leaveEvening, openEvening, watchEngine } from './bench.ts';
import type { Lesson } from './format.ts';
import { again, stepBack, mayGoOn, next, type LessonState } from './runner.ts';
import { change, lessonById, useLessons } from './store.ts';
import { StepView } from './view/StepView.tsx';

const kindName = { predict: 'Predict', act: 'Act', see: 'See', explain: 'Explain' } as const;

/** The open lesson: one step at a time, beside the living sky. */
export function LessonCard() {
  const id = useUi((s) => s.lesson);
  return id === null ? null : <OpenLesson key={id} lesson={lessonById(id)} />;
}

function OpenLesson({ lesson }: { lesson: Lesson }) {
  const session = useSession();
  const state = useLessons((s) => s.progress[lesson.id]);
  useEffect(() => {
    // The card has the controls of the lesson. The rail can be shown beside it.
    const { railOpen } = useUi.getState();
    useUi.setState({ railOpen: false });
    useLessons.setState({ finding: null, problem: '' });
    openEvening(session, lesson);
    const stop = watchEngine();
    return () => {
      stop();
      leaveEvening(session);
      useUi.setState({ railOpen });
    };
  }, [session, lesson]);

  const step = lesson.steps[state.step];
  const heading = useFocusedOnChange(state.step);
  return (
    <>
      <header className="lesson-head">
        <p className="lesson-name">
          Lesson {lesson.id} of {LESSONS} <b>{lesson.title}</b>
        </p>
        <IconButton icon="panels" label="All lessons" onClick={() => useUi.getState().open('lessons')} />
        <IconButton icon="close" label="Leave the lesson" onClick={() => openLesson(null)} />
      </header>
      <Steps lesson={lesson} state={state} />
      <div className="lesson-scroll">
        <section key={state.step} className="lesson-step" data-kind={step.kind}>
          <p className="lesson-kind">{kindName[step.kind]}</p>
          <h2 className="lesson-title" ref={heading} tabIndex={-1}>
            {step.title}
          </h2>
          <StepView lesson={lesson} state={state} step={step} />
        </section>
      </div>
      <Foot lesson={lesson} state={state} />
    </>
  );
}

/** The heading of a new step takes the focus, so that it is read and Tab goes on from there. */
function useFocusedOnChange(step: number) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus({ preventScroll: true });
    heading.current?.closest('.lesson-scroll')?.scrollTo({ top: 0 });
    // On a phone the page scrolls.
    heading.current?.closest('.lesson')?.scrollIntoView({ block: 'start' });
  }, [step]);
  return heading;
}

function Steps({ lesson, state }: { lesson: Lesson; state: LessonState }) {
  return (
    <ol className="lesson-steps" aria-label={`Step ${state.step + 1} of ${lesson.steps.length}`}>
      {lesson.steps.map(({ title }, k) => (
        <li
          key={title}
          data-now={k === state.step || undefined}
          data-open={k <= state.furthest || undefined}
          aria-hidden="true"
        />
      ))}
    </ol>
  );
}

function Foot({ lesson, state }: { lesson: Lesson; state: LessonState }) {
  const last = state.step === lesson.steps.length - 1;
  const ready = mayGoOn(lesson, state);
  const following = lesson.id < LESSONS ? lesson.id + 1 : null;
  const go = (move: typeof next) => change(lesson.id, move);
  return (
    <footer className="lesson-foot">
      {state.step > 0 && (
        <button type="button" className="button" onClick={() => go((_, s) => stepBack(s))}>
          Back
        </button>
      )}
      {last && state.finished ? (
        <>
          <p className="lesson-done" role="status">
            Lesson {lesson.id} is done.
          </p>
          <button type="button" className="button" onClick={() => go((_, s) => again(s))}>
            Once more
          </button>
          <button
            type="button"
            className="button primary"
            onClick={() => (following === null ? useUi.getState().open('lessons') : openLesson(following))}
          >
            {following === null ? 'All lessons' : `Lesson ${following}`}
          </button>
        </>
      ) : (
        <button
          type="button"
          className="button primary lesson-next"
          aria-disabled={!ready || undefined}
          onClick={() => go(next)}
        >
          {last ? 'Finish' : 'Next'}
        </button>
      )}
    </footer>
  );
}
