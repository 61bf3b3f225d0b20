import { describe, expect, test } from 'vitest';
import { scenario } from '../../src/scenario/parse.ts';
import { knobText } from './format.ts';
import { knobAt, knobs, readKnob, writeKnob } from './knobs.ts';
import { fromPosition, isLogarithmic, rangeOf, SLIDER_STEPS, slideTo, snap, toPosition } from './scale.ts';

const draft = { scenario: scenario({}), other: null };

describe('knobs from the schema', () => {
  // A formula has an editor of its own.
  test('every number and choice of a whole scenario has its knob, and every knob its value', () => {
    const leaves: string[] = [];
    const walk = (node: unknown, path: string) => {
      if (typeof node === 'object' && node !== null && !Array.isArray(node))
        for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`);
      else if (!['name', 'cast', 'policy.formula'].includes(path) && !Array.isArray(node)) leaves.push(path);
    };
    walk(draft.scenario, '');
    expect(knobs.map((k) => k.path).sort()).toEqual(leaves.sort());
    for (const knob of knobs) expect(readKnob(draft, knob.path), knob.path).toBe(knob.defaultValue);
  });

  test('each has a help text and accepts its own default', () => {
    for (const knob of knobs) {
      expect(knob.info.label, knob.path).not.toBe('');
      expect(knob.info.help.length, knob.path).toBeGreaterThan(10);
      expect(knob.check(knob.defaultValue), knob.path).toBeNull();
    }
  });

  test('a value outside its range is rejected with range and value', () => {
    expect(knobAt('population.people').check(99)).toMatch(/People.*100.*1000000.*99/);
    expect(knobAt('population.women').check(Number.NaN)).toMatch(/Women/);
    expect(knobAt('policy.scorer').check('magic')).toMatch(/Scorer.*magic/);
  });

  test('writing one knob changes neither the others nor the original', () => {
    const next = writeKnob(draft, 'population.countries.JP', 0.5);
    expect(readKnob(next, 'population.countries.JP')).toBe(0.5);
    expect(readKnob(draft, 'population.countries.JP')).toBe(0.2);
    expect(next.scenario.behaviour).toBe(draft.scenario.behaviour);
    expect(next.scenario.population.ages).toBe(draft.scenario.population.ages);
  });

  test('policy knobs can be written on either side', () => {
    const two = { ...draft, other: draft.scenario.policy };
    const next = writeKnob(two, 'policy.scorer', 'oracle', 'other');
    expect(readKnob(next, 'policy.scorer', 'other')).toBe('oracle');
    expect(readKnob(next, 'policy.scorer', 'main')).toBe('towers');
  });
});

describe('sliders', () => {
  const logarithmic = knobs.filter((k) => k.kind === 'number' && isLogarithmic(k.info));

  test('logarithmic sliders reach both ends, are monotonic and round-trip positions', () => {
    expect(logarithmic.length).toBeGreaterThan(5);
    for (const { info, path } of logarithmic) {
      const { min, max } = rangeOf(info);
      expect(fromPosition(info, 0), path).toBe(min);
      expect(fromPosition(info, SLIDER_STEPS), path).toBe(max);
      let last = -Infinity;
      for (let p = 0; p <= SLIDER_STEPS; p += 20) {
        const value = fromPosition(info, p);
        expect(value, path).toBeGreaterThanOrEqual(last);
        expect(Math.abs(toPosition(info, value) - p), `${path} at ${p}`).toBeLessThan(SLIDER_STEPS / 8);
        last = value;
      }
    }
  });

  test('the schema accepts every value of a slider', () => {
    for (const { info, check, path } of logarithmic)
      for (let p = 0; p <= SLIDER_STEPS; p += 7) expect(check(fromPosition(info, p)), path).toBeNull();
    for (const { info, check, path } of knobs.filter((k) => k.kind === 'number'))
      expect(check(snap(info, rangeOf(info).max * 2)), path).toBeNull();
  });

  test('no slider gets stuck where its step is finer than its rounding', () => {
    for (const { info, path } of logarithmic) {
      const { min, max } = rangeOf(info);
      let value = min;
      for (let presses = 0; value < max; presses++) {
        const next = slideTo(info, value, toPosition(info, value) + 1);
        expect(next, `${path} at ${value}`).toBeGreaterThan(value);
        expect(presses, path).toBeLessThan(2 * SLIDER_STEPS);
        value = next;
      }
    }
  });

  test('values are formatted with their units', () => {
    expect(knobText(knobAt('population.women').info, 0.42)).toBe('42\u202f%');
    expect(knobText(knobAt('policy.tickMs').info, 500)).toBe('500\u202fms');
    expect(knobText(knobAt('policy.waitingBonus').info, 0.5)).toBe('0.5\u202f/ s');
    expect(knobText(knobAt('policy.scorer').info, 'first-come')).toBe('First come');
  });
});
