import { KnobControl } from '../../ui/rail/KnobControl.tsx';
import { useSession } from '../../ui/session-context.ts';
import { runCommand } from '../bench.ts';
import type { ActStep, LessonCommand, Lesson, LessonStep } from '../format.ts';
import type { LessonState } from '../runner.ts';
import { useLessons } from '../store.ts';
import { FigureList } from './FigureList.tsx';
import { QuestionView } from './QuestionView.tsx';

interface Props<S extends LessonStep> {
  readonly lesson: Lesson;
  readonly state: LessonState;
  readonly step: S;
}

/** What a step says and asks. */
export function StepView({ lesson, state, step }: Props<LessonStep>) {
  const text = typeof step.text === 'function' ? step.text(state.notes) : step.text;
  const figures = step.figures?.(state.notes) ?? [];
  return (
    <>
      {text.map((paragraph) => (
        <p key={paragraph} className="lesson-text">
          {paragraph}
        </p>
      ))}
      {step.kind === 'act' && <Task lesson={lesson} state={state} step={step} />}
      {figures.length > 0 && <FigureList figures={figures} />}
      {(step.kind === 'predict' || step.kind === 'see') && (
        <QuestionView key={state.step} lesson={lesson} state={state} step={step} />
      )}
      {step.kind === 'explain' && <Recall lesson={lesson} state={state} step={step} />}
    </>
  );
}

/** Controls and commands of a step, and how far its goal is. */
function Task({ lesson, state, step }: Props<ActStep>) {
  const finding = useLessons((s) => s.finding);
  const met = state.met.includes(state.step);
  return (
    <>
      {step.knobs !== undefined && (
        <div className="lesson-knobs">
          {step.knobs.map(({ path, ...wording }) => (
            <KnobControl key={path} path={path} {...wording} />
          ))}
        </div>
      )}
      <Commands lesson={lesson} commands={step.commands} />
      <div className="lesson-goal" data-met={met || undefined}>
        <div className="lesson-track" aria-hidden="true">
          <div style={{ width: `${100 * (met ? 1 : (finding?.share ?? 0))}%` }} />
        </div>
        <p role="status">
          {met && <b>Done. </b>}
          {finding?.says ?? (met ? '' : 'The evening is starting.')}
        </p>
      </div>
    </>
  );
}

function Commands({ lesson, commands }: { lesson: Lesson; commands: readonly LessonCommand[] }) {
  const session = useSession();
  const busy = useLessons((s) => s.busy);
  const problem = useLessons((s) => s.problem);
  return (
    <>
      <div className="lesson-commands">
        {commands.map((command) => (
          <button
            key={command.text}
            type="button"
            className="button"
            // A disabled button would lose the focus.
            aria-disabled={busy !== '' || undefined}
            data-busy={busy === command.text || undefined}
            onClick={() => void runCommand(session, lesson, command)}
          >
            {command.text}
          </button>
        ))}
      </div>
      {problem !== '' && (
        <p className="lesson-reply" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

/** Compares the prediction with what happened. */
function Recall({ lesson, state, step }: Props<Extract<LessonStep, { kind: 'explain' }>>) {
  const { recall, commands } = step;
  const given = recall === undefined ? undefined : state.answers[recall.step];
  return (
    <>
      {recall !== undefined && given !== undefined && (
        <p className="lesson-recall">{recall.says(given, state.notes)}</p>
      )}
      {commands !== undefined && <Commands lesson={lesson} commands={commands} />}
    </>
  );
}
