import { describe, expect, it } from 'vitest';
import { normal } from '../../src/base/hash.ts';
import { iterate, procrustes } from './axes.ts';
import { anchorOf } from './layout.ts';
import { Projector, type ProjectorInput } from './projector.ts';

const DIM = 16;

/** People first..first + n - 1: a centre per country plus taste along a few strong directions. */
function crowd(first: number, n: number, seed = 1): ProjectorInput {
  const ids = Uint32Array.from({ length: n }, (_, i) => first + i);
  const country = Uint8Array.from(ids, (id) => id % 8);
  const vectors = new Float32Array(n * DIM);
  ids.forEach((id, i) => {
    for (let k = 0; k < DIM; k += 1)
      vectors[i * DIM + k] = Math.round(
        200 * normal(seed, 1, country[i], k) + (300 / (1 + k)) * normal(seed, 2, id, k),
      );
  });
  return {
    n,
    ids,
    dim: DIM,
    vectors,
    country,
    gender: Uint8Array.from(ids, (id) => id % 2),
    age: Uint8Array.from(ids, (id) => id % 5),
  };
}

function spread(places: Float32Array, n: number): number {
  let most = 0;
  for (let i = 0; i < n; i += 1)
    most = Math.max(most, Math.hypot(places[2 * i] - places[0], places[2 * i + 1] - places[1]));
  return most;
}

describe('Projector', () => {
  it('gives the same places for the same history', () => {
    const [a, b] = [new Projector(), new Projector()];
    for (let tick = 0; tick < 4; tick += 1) {
      const input = crowd(tick * 40, 200);
      expect(a.project(input)).toEqual(b.project(input));
    }
  });

  it('does not depend on the order of the pool', () => {
    const input = crowd(0, 120);
    const turned: ProjectorInput = {
      ...input,
      ids: input.ids.slice().reverse(),
      country: input.country.slice().reverse(),
      gender: input.gender.slice().reverse(),
      age: input.age.slice().reverse(),
      vectors: Float32Array.from(
        { length: 120 * DIM },
        (_, k) => input.vectors![(119 - Math.floor(k / DIM)) * DIM + (k % DIM)],
      ),
    };
    const forth = new Projector().project(input);
    const back = new Projector().project(turned);
    for (let i = 0; i < 120; i += 1) {
      expect(back[2 * (119 - i)]).toBeCloseTo(forth[2 * i], 4);
      expect(back[2 * (119 - i) + 1]).toBeCloseTo(forth[2 * i + 1], 4);
    }
  });

  it('keeps a person in place while the pool turns over', () => {
    const projector = new Projector();
    for (let tick = 0; tick < 25; tick += 1) projector.project(crowd(tick * 30, 240));
    const before = projector.project(crowd(760, 240));
    const after = projector.project(crowd(790, 240));
    let furthest = 0;
    for (let i = 30; i < 240; i += 1)
      furthest = Math.max(
        furthest,
        Math.hypot(before[2 * i] - after[2 * (i - 30)], before[2 * i + 1] - after[2 * (i - 30) + 1]),
      );
    expect(furthest).toBeLessThan(0.06);
    expect(spread(before, 240)).toBeGreaterThan(0.8);
  });

  it('keeps its axes when the leading directions swap from one tick to the next', () => {
    // The two leading directions change places in strength: bare principal components would swap
    // and mirror the picture.
    const n = 200;
    const flat = (strongFirst: boolean): ProjectorInput => {
      const vectors = new Float32Array(n * 4);
      for (let i = 0; i < n; i += 1) {
        vectors[4 * i] = (strongFirst ? 110 : 100) * normal(3, 1, i, 0);
        vectors[4 * i + 1] = (strongFirst ? 100 : 110) * normal(3, 1, i, 1);
        vectors[4 * i + 2] = normal(3, 1, i, 2);
      }
      return { ...crowd(0, n), country: new Uint8Array(n), dim: 4, vectors };
    };
    const projector = new Projector();
    const before = projector.project(flat(true));
    for (let tick = 0; tick < 30; tick += 1) projector.project(flat(false));
    const after = projector.project(flat(false));
    let together = 0;
    for (let k = 0; k < 2 * n; k += 1) together += before[k] * after[k];
    const size = (p: Float32Array) => Math.hypot(...p.subarray(0, 2 * n));
    expect(together / (size(before) * size(after))).toBeGreaterThan(0.98);
  });

  it('puts countries near their anchors and keeps them apart', () => {
    const input = crowd(0, 400);
    const places = new Projector().project(input);
    for (let c = 0; c < 8; c += 1) {
      let [x, y, count] = [0, 0, 0];
      for (let i = c; i < 400; i += 8) {
        x += places[2 * i];
        y += places[2 * i + 1];
        count += 1;
      }
      const [ax, ay] = anchorOf(c);
      expect(Math.hypot(x / count - ax, y / count - ay)).toBeLessThan(0.35);
    }
  });

  it('puts similar vectors close together within a country', () => {
    const n = 160;
    const input = { ...crowd(0, n), country: new Uint8Array(n) };
    const places = new Projector().project(input);
    let [near, far] = [0, 0];
    for (let i = 0; i + 1 < n; i += 2) {
      const alike = (side: number) => Math.sign(input.vectors![(i + side) * DIM]);
      const distance = Math.hypot(places[2 * i] - places[2 * i + 2], places[2 * i + 1] - places[2 * i + 3]);
      if (alike(0) === alike(1)) near += distance;
      else far += distance;
    }
    expect(near).toBeLessThan(far);
  });

  it.each([0, 1, 2, 3])('places %i people', (n) => {
    const places = new Projector().project(crowd(5, n));
    for (let k = 0; k < 2 * n; k += 1) expect(Math.abs(places[k])).toBeLessThanOrEqual(1);
  });

  it('separates people who have identical vectors, or none', () => {
    const same = { ...crowd(0, 60), vectors: new Float32Array(60 * DIM).fill(7) };
    const none = { ...crowd(0, 60), vectors: null };
    for (const input of [same, none]) {
      const projector = new Projector();
      const places = projector.project(input);
      expect(projector.kind).toBe('fixed');
      const distinct = new Set(Array.from({ length: 60 }, (_, i) => `${places[2 * i]} ${places[2 * i + 1]}`));
      expect(distinct.size).toBe(60);
    }
  });

  it('stays on the disc with an outlier a thousand times too long', () => {
    const input = crowd(0, 100);
    for (let k = 0; k < DIM; k += 1) input.vectors![k] = 3e6;
    const places = new Projector().project(input);
    for (let i = 0; i < 100; i += 1)
      expect(Math.hypot(places[2 * i], places[2 * i + 1])).toBeLessThanOrEqual(1.00001);
  });

  it('rejects vectors that are not finite, and works again afterwards', () => {
    const projector = new Projector();
    const bad = crowd(0, 20);
    bad.vectors![DIM + 3] = NaN;
    expect(() => projector.project(bad)).toThrow(/component 3 of an embedding is not finite/);
    expect(projector.project(crowd(0, 20)).every(Number.isFinite)).toBe(true);
  });
});

describe('axes', () => {
  it('finds the plane of the largest eigenvalues', () => {
    const covariance = new Float64Array([1, 0, 0, 0, 9, 0, 0, 0, 4]);
    const axes = new Float64Array([0.6, 0.6, 0.53, -0.5, 0.8, 0.33]);
    for (let step = 0; step < 60; step += 1) iterate(covariance, axes, 3);
    expect(Math.hypot(axes[0], axes[3])).toBeLessThan(1e-9);
  });

  it('recovers a rotation and a reflection', () => {
    for (const r of [
      [Math.cos(1), -Math.sin(1), Math.sin(1), Math.cos(1)],
      [Math.cos(2), Math.sin(2), Math.sin(2), -Math.cos(2)],
    ] as [number, number, number, number][])
      procrustes(r).forEach((value, k) => expect(value).toBeCloseTo(r[k], 12));
  });
});
