import { expect, test } from 'vitest';
import { Stream, normal } from '../base/hash.ts';
import { trapVectors } from '../match/testing/traps.ts';
import { simulateGreedy } from './testing/simulate.ts';

// The chooser of rows, run on the CPU: how often the square has to be scanned. Measured at n = 6,000: 1.14, 1.25, 1.55, 1.54 and 2.65.
for (const [family, most] of [
  ['uniform', 1.5],
  ['clustered', 1.6],
  ['hubs', 2],
  ['popularity', 2],
  ['pure popularity', 3],
] as const)
  test(`greedy needs at most ${most} scans: ${family}`, () => {
    const n = 700;
    const dim = 16;
    // Where nothing but popularity counts, every row wants the same.
    const x =
      family === 'pure popularity'
        ? Float64Array.from({ length: n * dim }, (_, e) =>
            e % dim === 0 ? 10 + normal(3, Stream.world, e / dim, 0) : 0,
          )
        : trapVectors(family, n, dim, 3);
    const weight = (i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += x[i * dim + k] * x[j * dim + k];
      return sum;
    };
    const result = simulateGreedy(n, weight, 16, 54);
    expect(result.scans).toBeLessThanOrEqual(most);
    expect(result.scans).toBeGreaterThan(1);
  });
