import { expect, test } from 'vitest';
import { productLimit, survivalQuantile } from './product-limit.ts';

/**
 * Remission times of leukaemia patients in weeks, under 6-mercaptopurine (Freireich et al., 1963),
 * and the curve of Kaplan and Meier for them as printed in Kalbfleisch and Prentice.
 */
const ended = [6, 6, 6, 7, 10, 13, 16, 22, 23];
const open = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
const printed: readonly (readonly [at: number, after: number])[] = [
  [6, 0.857],
  [7, 0.807],
  [10, 0.753],
  [13, 0.69],
  [16, 0.627],
  [22, 0.538],
  [23, 0.448],
];
const count = (list: readonly number[], at: number) => list.filter((x) => x === at).length;
const steps = productLimit(
  [...new Set([...ended, ...open])]
    .sort((a, b) => a - b)
    .map((at) => ({ at, ended: count(ended, at), open: count(open, at) })),
);

test('the published curve of a study with unfinished observations', () => {
  const falls = steps.filter((step) => step.ended > 0);
  expect(falls.map(({ at }) => at)).toEqual(printed.map(([at]) => at));
  falls.forEach(({ after }, i) => expect(after).toBeCloseTo(printed[i][1], 3));
});

test('a quantile is where the curve falls to its share, and unknown where it never does', () => {
  expect(survivalQuantile(steps, 0.5)).toBe(23);
  expect(survivalQuantile(steps, 0.1)).toBe(6);
  expect(survivalQuantile(steps, 0.9)).toBeNaN();
  expect(survivalQuantile(productLimit([{ at: 45, ended: 0, open: 705 }]), 0.5)).toBeNaN();
});
