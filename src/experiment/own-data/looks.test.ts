import { expect, test } from 'vitest';
import { normal, Stream } from '../../base/hash.ts';
import { intervalOf } from '../../metrics/inference/evidence.ts';
import { unitDifference } from './compare-arms.ts';

const RUNS = 300;
const LOOKS = 1000;

test('a comparison looked at after every person excludes 0 in at most 6 % of runs', () => {
  let left = 0;
  for (let run = 0; run < RUNS; run++) {
    // Sums and sums of squares of both arms, one person at a time.
    const [count, sum, squares] = [
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    for (let k = 0; k < LOOKS; k++) {
      const arm = k % 2;
      const y = normal(80_000 + run, Stream.training, k, 0);
      count[arm]++;
      sum[arm] += y;
      squares[arm] += y * y;
      if (k < 3) continue;
      const means = sum.map((s, a) => s / count[a]);
      const variances = squares.map((s, a) => (s / count[a] - means[a] ** 2) / (count[a] - 1));
      const error = Math.sqrt(variances[0] + variances[1]);
      const evidence = { effect: means[1] - means[0], error, freedom: k - 1, people: k + 1 };
      const { low, high } = intervalOf(evidence, 'always');
      if (low > 0 || high < 0) {
        left++;
        break;
      }
    }
  }
  const chance = 3 * Math.sqrt((0.06 * 0.94) / RUNS);
  expect(left / RUNS).toBeLessThan(0.06 + chance);
});

test('the error that a look takes is that of its rows', () => {
  const rows = Array.from({ length: 200 }, (_, k) => normal(5, Stream.training, k, 0));
  const { estimate, unit } = unitDifference({ outcome: rows, arm: rows.map((_, k) => k % 2), units: [] });
  const mean = (arm: number) => rows.filter((_, k) => k % 2 === arm).reduce((s, y) => s + y / 100, 0);
  expect(estimate).toBeCloseTo(mean(1) - mean(0), 12);
  expect(unit.error).toBeCloseTo(Math.sqrt(2 / 100), 1);
});
