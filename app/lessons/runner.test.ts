import { describe, expect, test } from 'vitest';
import { writeSetting } from '../state/storage.ts';
import { LESSONS } from './address.ts';
import { lessons } from './content/lessons.ts';
import type { Lesson, Look } from './format.ts';
import { readProgress, saveProgress } from './progress.ts';
import { again, answerStep, fresh, judgeStep, mayGoOn, next, note, replyTo, stepBack } from './runner.ts';

/** A step of each kind; the goal is three ticks, or a noted figure above 0. */
const lesson: Lesson = {
  id: 1,
  title: 'Three ticks',
  about: '',
  setup: { scenario: { seed: 1 } },
  steps: [
    { kind: 'predict', title: 'p', text: [], question: { kind: 'choice', ask: '?', options: ['a', 'b'] } },
    {
      kind: 'act',
      title: 'a',
      text: [],
      commands: [],
      goal: (look, notes) => ({
        met: look?.tick === 3 || notes['figure'] > 0,
        share: 0.5,
        says: 'Go on.',
        ...(look !== null && { notes: { tick: look.tick } }),
      }),
    },
    {
      kind: 'see',
      title: 's',
      text: [],
      question: { kind: 'choice', ask: '?', options: ['a', 'b'] },
      check: ([chosen], notes) => ({ right: chosen === 1 && notes['tick'] === 3, says: `${chosen}` }),
    },
    { kind: 'explain', title: 'e', text: [] },
  ],
};
const lookAt = (tick: number) => ({ tick }) as Look;
const goOn = (state = fresh) => next(lesson, state);

describe('a lesson', () => {
  test('goes on after a prediction, a goal and a right answer, and not before', () => {
    expect(goOn()).toBe(fresh);
    let state = goOn(answerStep(lesson, fresh, [0]));
    expect(state.step).toBe(1);
    expect(goOn(state)).toBe(state);
    state = judgeStep(lesson, state, lookAt(2)).state;
    expect(goOn(state)).toBe(state);
    state = goOn(judgeStep(lesson, state, lookAt(3)).state);
    expect(state).toMatchObject({ step: 2, met: [1], notes: { tick: 3 }, answers: { 0: [0] } });
    state = answerStep(lesson, state, [0]);
    expect(replyTo(lesson, state)).toEqual({ right: false, says: '0' });
    expect(goOn(state)).toBe(state);
    state = goOn(answerStep(lesson, state, [1]));
    expect(state).toMatchObject({ step: 3, finished: false });
    state = goOn(state);
    expect(state).toMatchObject({ step: 3, finished: true });
    expect(again(state)).toEqual({ ...fresh, finished: true });
  });

  test('a goal may be met by what a command notes; a look does nothing at other steps', () => {
    const acting = goOn(answerStep(lesson, fresh, [1]));
    expect(judgeStep(lesson, note(acting, { figure: 1 }), null).state.met).toEqual([1]);
    expect(judgeStep(lesson, fresh, lookAt(3))).toEqual({ state: fresh, finding: null });
    expect(answerStep(lesson, acting, [1])).toBe(acting);
  });

  test('a step that was done stays open; going back keeps what came after', () => {
    let state = goOn(answerStep(lesson, fresh, [1]));
    state = goOn(judgeStep(lesson, state, lookAt(3)).state);
    state = stepBack(stepBack(stepBack(state)));
    expect(state).toMatchObject({ step: 0, furthest: 2 });
    expect(goOn(goOn(state)).step).toBe(2);
    // A goal that was met stays met, and still says how things are.
    const { state: later, finding } = judgeStep(lesson, goOn(state), lookAt(9));
    expect(later.met).toEqual([1]);
    expect(finding?.says).toBe('Go on.');
  });
});

describe('progress', () => {
  test('is read back; what does not fit begins afresh', () => {
    const state = { ...fresh, step: 1, furthest: 2, answers: { 0: [2] }, met: [1], notes: { x: 0.5 } };
    expect(saveProgress({ 1: state, 2: fresh })).toBe(true);
    expect(readProgress(lessons)[1]).toEqual(state);
    expect(readProgress([{ ...lesson, steps: lesson.steps.slice(0, 2) }])[1]).toEqual(fresh);
    for (const broken of ['{', '[]', 'null', '{"1":{"step":-1}}', '{"1":7}']) {
      writeSetting('lessons', broken);
      expect(readProgress(lessons)[1]).toEqual(fresh);
    }
    writeSetting('lessons', '{}');
  });
});

describe('the eight lessons', () => {
  test('are numbered, fix seed and size, and begin with a prediction and end with an explanation', () => {
    expect(lessons.map(({ id }) => id)).toEqual(Array.from({ length: LESSONS }, (_, k) => k + 1));
    for (const { setup, steps } of lessons) {
      const { population } = setup.scenario;
      expect(setup.scenario.seed).toBeGreaterThanOrEqual(50_000);
      expect(population?.size ?? population?.people).toBeDefined();
      expect(steps[0].kind).toBe('predict');
      expect(steps.at(-1)!.kind).toBe('explain');
      expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['act', 'see']));
    }
  });

  test('no goal is met before the engine was seen, and none opens by itself', () => {
    for (const one of lessons)
      one.steps.forEach((_, step) => {
        const state = { ...fresh, step, furthest: step };
        const judged = judgeStep(one, state, null);
        expect(judged.finding?.met ?? false).toBe(false);
        if (one.steps[step].kind !== 'explain') expect(mayGoOn(one, judged.state)).toBe(false);
      });
  });
});
