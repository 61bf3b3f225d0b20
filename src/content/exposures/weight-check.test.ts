import { expect, test } from 'vitest';
import { Stream, uniform } from '../../base/hash.ts';
import { weightCheck } from './weight-check.ts';

const RUNS = 400;
const ITEMS = 8;

/** Drawn rows of 60 people, whose chances differ, under a uniform target. */
function logOf(run: number, factor: number) {
  const propensity: number[] = [];
  const unit: number[] = [];
  for (let person = 0; person < 60; person++) {
    const u = (k: number) => uniform(57_000 + run, Stream.content, person, k);
    const size = Array.from({ length: ITEMS }, (_, item) => Math.exp(1.5 * u(item)));
    const total = size.reduce((sum, x) => sum + x, 0);
    for (let k = 0; k < 10; k++) {
      let left = total * u(100 + k);
      let item = 0;
      while (item < ITEMS - 1 && left > size[item]) left -= size[item++];
      propensity.push((size[item] / total) * factor);
      unit.push(person);
    }
  }
  const none = propensity.map(() => 0);
  const rows = { propensity, target: propensity.map(() => 1 / ITEMS) };
  return { rows: { ...rows, outcome: none, predicted: none, expected: none }, unit };
}

const warnings = (factor: number) =>
  Array.from({ length: RUNS }, (_, run) => {
    const { rows, unit } = logOf(run, factor);
    return weightCheck(rows, 0, unit).warning;
  }).filter((warning) => warning !== null);

test('a log that fits is warned of in at most 1 of 100 cases, within the error of so many logs', () => {
  expect(warnings(1).length / RUNS).toBeLessThan(0.01 + 3 * Math.sqrt((0.01 * 0.99) / RUNS));
});

test.each([
  [1.2, 'too large, or the log'],
  [0.8, 'too small'],
])('propensities times %f are found, and which way they are wrong', (factor, words) => {
  const found = warnings(factor);
  expect(found.length / RUNS).toBeGreaterThan(0.95);
  for (const warning of found) expect(warning).toContain(words);
});

test('items that were never drawn take their share off the mean; few rows tell nothing', () => {
  const rows = (n: number) => {
    const all = Array.from({ length: n }, () => 0);
    const [propensity, target] = [all.map(() => 0.5), all.map(() => 0.4)];
    return { propensity, target, outcome: all, predicted: all, expected: all };
  };
  expect(weightCheck(rows(100), 0.2)).toMatchObject({ supported: 0.8, warning: null });
  expect(weightCheck(rows(100), 0).warning).toMatch(/^the weights average 0.8 where 1 is right/);
  expect(weightCheck(rows(19), 0)).toMatchObject({ standard_error: null, p_value: null, warning: null });
});
