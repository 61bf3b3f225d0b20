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

  it('has the same bits for rows in order, out of order and in turn', () => {
    for (const whole of [false, true]) {
      const n = 77;
      const dim = 5;
      const x = vectors(n, dim, 3, whole);
      const y = vectors(n, dim, 4, whole);
      const [first, second] = rowDots(
        [
          { x, y },
          { x: y, y: x },
        ],
        n,
        dim,
        whole,
      );
      const out = new Float64Array(n);
      // Panels begin anywhere, end at the last row, and are asked for more columns than they hold.
      const order = [
        ...Array.from({ length: n }, (_, i) => i),
        70,
        71,
        72,
        73,
        3,
        76,
        10,
        11,
        12,
        11,
        13,
        75,
        76,
      ];
      order.forEach((i, step) => {
        const from = step === 80 ? 0 : Math.min(i + 1, n - 1);
        for (const [dots, a, b] of [
          [first, x, y],
          [second, y, x],
        ] as const) {
          dots(i, from, out);
          for (let j = from; j < n; j++) expect(out[j]).toBe(dot(a, i * dim, b, j * dim, dim));
        }
      });
    }
  });

  it('finds what is above bounds, and notices when they change', () => {
    const n = 70;
    const dim = 6;
    const x = vectors(n, dim, 5, false).map(Math.fround);
    const [dots] = rowDots([{ x, y: x }], n, dim, true);
    const y = Float32Array.from(vectors(n, 1, 6, false));
    const reach = Float32Array.from(vectors(n, 1, 7, false), (v) => v + 1.5);
    const hits = new Int32Array(n);
    const out = new Float64Array(n);
    let seen = 0;
    let writes = 0;
    const bounds = {
      write(toY: Float32Array, toReach: Float32Array, all: boolean) {
        if (all) {
          toY.set(y);
          toReach.set(reach);
          writes++;
        } else {
          toY[3] = y[3];
          toReach[40] = reach[40];
        }
      },
    };
    for (let i = 0; i < n; i++)
      for (const from of [0, Math.min(i + 1, n)]) {
        y[3] += 0.1;
        reach[40] -= 0.1;
        const count = dots.above!(i, from, bounds, 0.5, 0.125, hits);
        dots(i, 0, out);
        const expected: number[] = [];
        for (let j = from; j < n; j++)
          if (Math.fround(out[j] - 0.5) > y[j] || Math.fround(out[j] - 0.125) > reach[j]) expected.push(j);
        expect([...hits.subarray(0, count)]).toEqual(expected);
        seen += count;
      }
    expect(writes).toBe(1);
    expect(seen).toBeGreaterThan(n);
    expect(seen).toBeLessThan((n * n) / 2);
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
