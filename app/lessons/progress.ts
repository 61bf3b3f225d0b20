import * as v from 'valibot';
import { readSetting, writeSetting } from '../state/storage.ts';
import type { Lesson } from './format.ts';
import { fresh, type LessonState } from './runner.ts';

/** The setting that holds the progress of all lessons. */
const SETTING = 'lessons';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const stateSchema = v.object({
  step: index,
  furthest: index,
  answers: v.record(v.string(), v.array(index)),
  met: v.array(index),
  notes: v.record(v.string(), v.number()),
  finished: v.boolean(),
});

/** Progress by number of the lesson. */
export type LessonProgress = Readonly<Record<number, LessonState>>;

/**
 * The saved progress. What cannot be read, or belongs to a lesson that has changed, begins afresh.
 */
export function readProgress(lessons: readonly Lesson[]): LessonProgress {
  const saved = parsed(readSetting(SETTING));
  return Object.fromEntries(
    lessons.map(({ id, steps }) => {
      const own = v.safeParse(stateSchema, saved[id]);
      const fits = own.success && Math.max(own.output.step, own.output.furthest) < steps.length;
      return [id, fits ? own.output : fresh];
    }),
  );
}

/** Returns whether the browser has kept it: private windows and full disks keep nothing. */
export function saveProgress(progress: LessonProgress): boolean {
  const text = JSON.stringify(progress);
  writeSetting(SETTING, text);
  return readSetting(SETTING) === text;
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
