import { describe, expect, it } from 'vitest';
import { type Tower, type TowerInput, CLAMP, clampOf, MAX_NORM, validateTower } from '../layout/tower.ts';
import { randomInput, randomTower } from '../testing/random-tower.ts';
import { embedTower, forwardFeatures, forwardTower, outputNormBound, quantise } from './tower.ts';
import { embedErrorBound } from '../testing/tower-bound.ts';

const shapes = [
  { dim: 4, slots: 1, embed: 1, dense: 0, rows: 1, hidden: [] },
  { dim: 4, slots: 3, embed: 2, dense: 1, rows: 7, hidden: [5] },
  { dim: 12, slots: 2, embed: 5, dense: 3, rows: 9, hidden: [17, 6] },
  { dim: 32, slots: 11, embed: 8, dense: 15, rows: 85, hidden: [64] },
];

/**
 * The definition in match/types.ts, word for word; `f` rounds after every operation, `reverse` sums
 * from the other end.
 */
function naive(
  { tower, sparse, dense }: TowerInput,
  i: number,
  f = (x: number) => x,
  reverse = false,
): number[] {
  const { slots, embed, dim } = tower;
  let e: number[] = [];
  for (let s = 0; s < slots; s++)
    for (let k = 0; k < embed; k++) e.push(tower.embedding[sparse[i * slots + s] * embed + k]);
  for (let k = 0; k < tower.dense; k++) e.push(dense[i * tower.dense + k]);
  tower.layers.forEach(({ inputs, outputs, w, b }, l) => {
    const out = Array.from({ length: outputs }, (_, o) => {
      let sum = 0;
      for (let k = 0; k < inputs; k++) {
        const at = reverse ? inputs - 1 - k : k;
        sum = f(sum + f(e[at] * w[at * outputs + o]));
      }
      return f(sum + b[o]);
    });
    e = l + 1 < tower.layers.length ? out.map((x) => Math.max(0, x)) : out;
  });
  for (let s = 0; s < slots; s++)
    for (let k = 0; k < 2 * dim; k++) e[k] = f(e[k] + tower.wide[sparse[i * slots + s] * 2 * dim + k]);
  return e;
}

describe('the CPU reference of the embed pass', () => {
  it.each(shapes)('equals the definition, dim $dim, hidden $hidden', (shape) => {
    const tower = randomTower(shape, 3);
    const n = 9;
    const input = randomInput(tower, n, 4);
    const out = forwardTower(input, n);
    const { user, peer } = embedTower(input, n);
    for (let i = 0; i < n; i++)
      naive(input, i).forEach((want, k) => {
        expect(out[i * 2 * shape.dim + k]).toBeCloseTo(want, 10);
        const half = k < shape.dim ? user : peer;
        expect(half[i * shape.dim + (k % shape.dim)]).toBe(
          quantise(out[i * 2 * shape.dim + k] / tower.quantum),
        );
      });
  });

  it.each(shapes)('bounds an f32 evaluation in either order, dim $dim, hidden $hidden', (shape) => {
    const tower = randomTower(shape, 5);
    const n = 6;
    const input = randomInput(tower, n, 6);
    const out = forwardTower(input, n);
    for (let i = 0; i < n; i++) {
      const bound = embedErrorBound(input, i);
      for (const reverse of [false, true])
        naive(input, i, Math.fround, reverse).forEach((x, k) => {
          const exact = out[i * 2 * shape.dim + k] / tower.quantum;
          const single = Math.fround(x / tower.quantum);
          expect(Math.abs(single - exact)).toBeLessThanOrEqual(bound[k]);
          if (bound[k] < 0.5) expect(Math.abs(quantise(single) - quantise(exact))).toBeLessThanOrEqual(1);
        });
      // A bound that is always true tells nothing: it must be far below one unit.
      expect(Math.max(...bound)).toBeLessThan(0.05);
    }
  });

  it('with a head: adds the session, and keeps the limit of the norm whatever the session says', () => {
    const plain = randomTower({ dim: 8, slots: 3, embed: 2, dense: 1, rows: 7, hidden: [5] }, 4);
    const w = Float32Array.from({ length: 16 * 32 }, (_, k) => Math.sin(k));
    const tower: Tower = { ...plain, dim: 16, head: { inputs: 16, w }, quantum: 1e-3 };
    validateTower(tower);
    const input = randomInput(tower, 6, 2);
    const e = forwardFeatures(input, 6);
    const session = Float32Array.from(e, (_, k) => 1e4 * Math.cos(k));
    const outputs = forwardTower({ ...input, session }, 6);
    for (let o = 0; o < 32; o++) {
      let sum = 0;
      for (let k = 0; k < 16; k++) sum += (e[5 * 16 + k] + session[5 * 16 + k]) * w[k * 32 + o];
      expect(outputs[5 * 32 + o]).toBeCloseTo(sum, 6);
    }
    const { user, peer } = embedTower({ ...input, session }, 6);
    outputs.forEach((x, at) => {
      const [i, k] = [Math.floor(at / 32), at % 32];
      const half = k < 16 ? user : peer;
      expect(half[i * 16 + (k % 16)]).toBe(quantise(x / tower.quantum, clampOf(tower)));
    });
    const norms = [user, peer].flatMap((v) =>
      Array.from({ length: 6 }, (_, i) => Math.hypot(...v.subarray(i * 16, (i + 1) * 16))),
    );
    expect(Math.max(...norms)).toBeLessThanOrEqual(MAX_NORM);
    expect(Math.max(...norms)).toBeGreaterThan(MAX_NORM / 2);
  });

  it('rounds halves to even, as WGSL does, and clamps', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4999].map((x) => quantise(x))).toEqual([
      0, 2, 2, 0, -2, -2, 2,
    ]);
    expect(Object.is(quantise(-0.2), 0)).toBe(true);
    expect([quantise(1e9), quantise(-1e9)]).toEqual([CLAMP, -CLAMP]);
  });

  it('bounds the norm for all possible inputs', () => {
    const shape = { dim: 8, slots: 3, embed: 2, dense: 2, rows: 9, hidden: [6] };
    const offsets = [0, 2, 5, 9];
    const raw = randomTower(shape, 8);
    const bound = outputNormBound(raw, offsets);
    const tower: Tower = { ...raw, quantum: bound / (MAX_NORM - 10) };
    let largest = 0;
    for (let a = 0; a < 2; a++)
      for (let b = 2; b < 5; b++)
        for (let c = 5; c < 9; c++)
          for (const dense of [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
            [0.3, 0.6],
          ]) {
            const input = { tower, sparse: Uint32Array.of(a, b, c), dense: Float32Array.from(dense) };
            const { user, peer } = embedTower(input, 1);
            largest = Math.max(largest, Math.hypot(...user), Math.hypot(...peer));
          }
    expect(largest).toBeLessThanOrEqual(MAX_NORM);
    expect(largest).toBeGreaterThan(MAX_NORM / 20);
  });

  it('refuses towers whose shapes or numbers are wrong', () => {
    const tower = randomTower(shapes[1], 1);
    expect(() => validateTower(tower)).not.toThrow();
    expect(() => validateTower({ ...tower, quantum: 0 })).toThrow('quantum must be above 0');
    expect(() => validateTower({ ...tower, dim: 8 })).toThrow('wide must hold 112 weights');
    const embedding = tower.embedding.slice();
    embedding[3] = NaN;
    expect(() => validateTower({ ...tower, embedding })).toThrow('embedding[3] must be finite; it is NaN');
  });
});
