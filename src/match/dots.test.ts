import { describe, expect, it } from 'vitest';
import { Stream, uniform } from '../base/hash.ts';
import { dot, plainDots, rowDots } from './dots.ts';

const vectors = (n: number, dim: number, seed: number, whole: boolean) =>
  Float64Array.from({ length: n * dim }, (_, e) => {
    const u = uniform(seed, Stream.world, e, 0) * 2 - 1;
    return whole ? Math.round(300 * u) : u;
  });

describe('row of dot products', () => {
  it('has the bits of the sum from left to right, whichever way it is computed', () => {
    for (const whole of [false, true])
      for (const n of [1, 2, 15, 16, 17, 31, 32, 33, 70])
        for (const dim of [1, 3, 4, 32]) {
          const x = vectors(n, dim, 1, whole);
          const y = vectors(n, dim, 2, whole);
          const pair = { x, y };
          const [fast, back] = rowDots([pair, { x: y, y: x }], n, dim, whole);
          const plain = plainDots(pair, n, dim);
          for (const i of [0, n >> 1, n - 1])
            for (const from of [0, 1, i + 1]) {
              const out = [0, 1, 2].map(() => new Float64Array(n).fill(7));
              fast(i, from, out[0]);
              plain(i, from, out[1]);
              back(i, from, out[2]);
              for (let j = 0; j < n; j++) {
                const expected = j < from ? 7 : dot(x, i * dim, y, j * dim, dim);
                const mirrored = j < from ? 7 : dot(y, i * dim, x, j * dim, dim);
                expect([out[0][j], out[1][j], out[2][j]]).toEqual([expected, expected, mirrored]);
              }
            }
        }
  });

  it('keeps two sources apart that are asked in turn', () => {
    const n = 40;
    const [a, b] = [1, 2].map((seed) => vectors(n, 8, seed, false));
    const [first] = rowDots([{ x: a, y: a }], n, 8, false);
    const [second] = rowDots([{ x: b, y: b }], n, 8, false);
    const out = new Float64Array(n);
    for (let i = 0; i < 6; i++) {
      const v = i % 2 === 0 ? a : b;
      (i % 2 === 0 ? first : second)(i, 0, out);
      expect([...out]).toEqual(Array.from({ length: n }, (_, j) => dot(v, i * 8, v, j * 8, 8)));
    }
  });
});
