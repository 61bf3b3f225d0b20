import { create } from 'zustand';
import { useUi } from '../state/ui-store.ts';
import { lessons } from './content/lessons.ts';
import type { Finding, Lesson, Look, Notes } from './format.ts';
import { readProgress, saveProgress, type LessonProgress } from './progress.ts';
import { judgeStep, note, type LessonState } from './runner.ts';

interface LessonStore {
  readonly progress: LessonProgress;
  /** Whether the browser keeps the progress. */
  readonly kept: boolean;
  /** How far the goal of the shown step is; null before the first look. */
  readonly finding: Finding | null;
  /** The command that runs, by its text; '' for none. */
  readonly busy: string;
  /** Why the last command failed; '' if it did not. */
  readonly problem: string;
}

export const useLessons = create<LessonStore>(() => ({
  progress: readProgress(lessons),
  kept: true,
  finding: null,
  busy: '',
  problem: '',
}));

export function lessonById(id: number): Lesson {
  const lesson = lessons.find((l) => l.id === id);
  if (lesson === undefined) throw new Error(`There is no lesson ${id}.`);
  return lesson;
}

/** Changes where a person is in a lesson, and saves it. */
export function change(id: number, next: (lesson: Lesson, state: LessonState) => LessonState): void {
  const { progress } = useLessons.getState();
  const before = progress[id];
  const state = next(lessonById(id), before);
  if (state === before) return;
  const changed = { ...progress, [id]: state };
  useLessons.setState({
    progress: changed,
    kept: saveProgress(changed),
    ...(state.step !== before.step && { finding: null, problem: '' }),
  });
}

/** Judges the open lesson by a look at the engine. */
export function judgeOpen(look: Look | null): void {
  const id = useUi.getState().lesson;
  if (id === null) return;
  const judged = judgeStep(lessonById(id), useLessons.getState().progress[id], look);
  if (judged.finding === null) return;
  useLessons.setState({ finding: judged.finding });
  change(id, () => judged.state);
}

/** Keeps figures of a command, and judges the open lesson by them. */
export function keepNotes(notes: Notes): void {
  const id = useUi.getState().lesson;
  if (id === null) return;
  change(id, (_, state) => note(state, notes));
  judgeOpen(null);
}
