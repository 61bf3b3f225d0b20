import type { LessonAnswer, Finding, Lesson, Look, Notes, Reply, LessonStep } from './format.ts';

/** Where a person is in a lesson. Plain JSON, so that it can be saved. */
export interface LessonState {
  /** The shown step, and the last one that was opened. */
  readonly step: number;
  readonly furthest: number;
  /** By step. */
  readonly answers: Readonly<Record<number, LessonAnswer>>;
  /** Steps whose goal was met. */
  readonly met: readonly number[];
  readonly notes: Notes;
  readonly finished: boolean;
}

export const fresh: LessonState = {
  step: 0,
  furthest: 0,
  answers: {},
  met: [],
  notes: {},
  finished: false,
};

const stepOf = (lesson: Lesson, state: LessonState): LessonStep => lesson.steps[state.step];

/** Keeps an answer to the question of the shown step. */
export function answerStep(lesson: Lesson, state: LessonState, given: LessonAnswer): LessonState {
  const step = stepOf(lesson, state);
  if (step.kind !== 'predict' && step.kind !== 'see') return state;
  return { ...state, answers: { ...state.answers, [state.step]: given } };
}

/** What the lesson replies to an answer: null without one, and to a prediction. */
export function replyTo(lesson: Lesson, state: LessonState): Reply | null {
  const step = stepOf(lesson, state);
  const given = state.answers[state.step] as LessonAnswer | undefined;
  return step.kind !== 'see' || given === undefined ? null : step.check(given, state.notes);
}

/** Judges the goal of the shown step, after a look at the engine or a new note. */
export function judgeStep(
  lesson: Lesson,
  state: LessonState,
  look: Look | null,
): { readonly state: LessonState; readonly finding: Finding | null } {
  const step = stepOf(lesson, state);
  if (step.kind !== 'act') return { state, finding: null };
  const finding = step.goal(look, state.notes);
  if (!finding.met && finding.notes === undefined) return { state, finding };
  return {
    finding,
    state: {
      ...state,
      notes: { ...state.notes, ...finding.notes },
      met: finding.met && !state.met.includes(state.step) ? [...state.met, state.step] : state.met,
    },
  };
}

/** Keeps figures of a command. */
export function note(state: LessonState, notes: Notes): LessonState {
  return { ...state, notes: { ...state.notes, ...notes } };
}

/** Whether the shown step is done, so that the next one may be opened. */
export function mayGoOn(lesson: Lesson, state: LessonState): boolean {
  if (state.step < state.furthest) return true;
  switch (stepOf(lesson, state).kind) {
    case 'predict':
      return state.answers[state.step] !== undefined;
    case 'act':
      return state.met.includes(state.step);
    case 'see':
      return replyTo(lesson, state)?.right === true;
    case 'explain':
      return true;
  }
}

/** The next step, where the shown one is done. After the last step the lesson is finished. */
export function next(lesson: Lesson, state: LessonState): LessonState {
  if (!mayGoOn(lesson, state)) return state;
  const step = state.step + 1;
  if (step === lesson.steps.length) return { ...state, finished: true };
  return { ...state, step, furthest: Math.max(step, state.furthest) };
}

export function stepBack(state: LessonState): LessonState {
  return { ...state, step: Math.max(0, state.step - 1) };
}

/** From the beginning; that it was finished once stays. */
export const again = ({ finished }: LessonState): LessonState => ({ ...fresh, finished });
