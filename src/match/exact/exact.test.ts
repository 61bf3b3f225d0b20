import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjacency } from './blossom-forest.ts';
import { bigints, floats } from './amounts.ts';
import { BlossomSolver } from './blossom.ts';
import { freshStart, halfOfHeaviest } from './blossom-start.ts';
import { exactMatching } from './exact.ts';
import { Stream, uniform } from '../../base/hash.ts';
import { embeddingSource } from '../file/embeddings.ts';
import type { EmbeddingFile } from '../file/formats.ts';
import { buildLists } from '../../score/candidates/lists.ts';
import { checkSlackness } from './slackness.ts';
import { countingIds } from '../../score/source.ts';
import { matrixSource } from '../testing/matrix-source.ts';
import { bruteForce, families, familySource } from '../testing/families.ts';

/**
 * Random small graphs by a plain generator: thousands of cases, where fast-check's shrinking is not
 * worth its time.
 */
function* graphs(count: number): Generator<{ n: number; u: number[]; v: number[]; w: number[] }> {
  let state = 12345;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let k = 0; k < count; k++) {
    const n = Math.floor(next() * 11);
    const density = next();
    const top = [1, 2, 3, 8, 20, 100, 2 ** 20][Math.floor(next() * 7)];
    const [u, v, w]: number[][] = [[], [], []];
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++)
        if (next() < density) {
          u.push(i);
          v.push(j);
          w.push(1 + Math.floor(next() * top));
        }
    yield { n, u, v, w };
  }
}

describe('weighted blossom', () => {
  it('finds and proves the optimum of thousands of small graphs, from good and from bad duals, in both arithmetics', () => {
    let blossoms = 0;
    let k = 0;
    for (const { n, u, v, w } of graphs(4000)) {
      const matrix = Array.from({ length: n }, () => new Float64Array(n).fill(-Infinity));
      u.forEach((a, e) => (matrix[a][v[e]] = matrix[v[e]][a] = w[e]));
      const graph = adjacency(floats, n, u, v, w);
      const y =
        k % 2 === 0 ? halfOfHeaviest(graph) : Float64Array.from({ length: n }, (_, i) => (i * 7 + k) % 3);
      k++;
      const solver = new BlossomSolver(floats, graph, freshStart(floats, graph, y), y);
      solver.solve();
      checkSlackness(solver);
      const { forest } = solver;
      let total = 0;
      let dual = 0;
      forest.mate.forEach((m, i) => {
        if (m > i) total += matrix[i][m];
        dual += y[i];
      });
      for (const b of forest.blossoms()) {
        blossoms++;
        dual += (forest.z[b] * (forest.leaves(b, []).length - 1)) / 2;
      }
      const optimum = bruteForce(matrixSource(matrix));
      const doubled = adjacency(
        bigints,
        n,
        u,
        v,
        w.map((x) => 2n * BigInt(x)),
      );
      const duals = Array.from({ length: n }, (_, i) => 2n * BigInt((i * 5 + k) % 7));
      const big = new BlossomSolver(bigints, doubled, freshStart(bigints, doubled, duals), duals);
      big.solve();
      checkSlackness(big);
      big.forest.mate.forEach((m, i) => {
        if (m > i) total -= matrix[i][m];
      });
      if (total !== 0 || dual !== optimum)
        expect.fail(`${JSON.stringify({ n, u, v, w })}: ${total}, dual ${dual}, optimum ${optimum}`);
    }
    expect(blossoms).toBeGreaterThan(500);
  });

  it('can be stopped', () => {
    const graph = adjacency(floats, 3, [0, 1, 0], [1, 2, 2], [5, 6, 7]);
    const y = halfOfHeaviest(graph);
    const signal = AbortSignal.abort(new Error('enough'));
    const solver = new BlossomSolver(floats, graph, freshStart(floats, graph, y), y, { signal });
    expect(() => solver.solve()).toThrow('enough');
  });

  it('notices when its proof does not hold', () => {
    const graph = adjacency(floats, 2, [0], [1], [4]);
    const y = halfOfHeaviest(graph);
    const solver = new BlossomSolver(floats, graph, freshStart(floats, graph, y), y);
    solver.solve();
    checkSlackness(solver);
    solver.y[0] -= 0.5;
    expect(() => checkSlackness(solver)).toThrow('slack -0.5');
  });
});

/** Vectors of people: of seven kinds, with hubs, or of two sides. */
function people(n: number, kind: string): EmbeddingFile {
  const dim = 6;
  const u = (i: number, k: number) => uniform(4, Stream.world, i, k) - 0.5;
  const vectors = Float64Array.from({ length: n * dim }, (_, e) => {
    const [i, k] = [Math.floor(e / dim), e % dim];
    if (kind === 'hubs') return (k === 0 ? 1 : u(i, k)) * Math.exp(2 * u(i, 99));
    return (i % 7 === k ? 1 : 0) + u(i, k);
  });
  const side = Uint8Array.from({ length: n }, (_, i) => (kind === 'two sides' ? 1 + (i % 2) : 0));
  return { ids: [], dim, vectors, side, sided: kind === 'two sides' };
}

describe('exact matching of a source', () => {
  it('is the optimum whatever the length of the lists', () => {
    fc.assert(
      fc.property(
        fc.record({
          family: fc.constantFrom(...families),
          n: fc.integer({ min: 0, max: 11 }),
          seed: fc.integer({ min: 0, max: 1e6 }),
          twoSided: fc.boolean(),
          excluded: fc.constantFrom(0, 0.3, 0.7),
        }),
        fc.constantFrom(1, 2, 4, 16),
        (options, k) => {
          const source = familySource(options);
          const found = exactMatching(source, { lists: buildLists(source, k) });
          const optimum = bruteForce(source);
          expect(Math.abs(found.weight - optimum)).toBeLessThanOrEqual(1e-13 * optimum);
          expect(found.upperBound).toBeGreaterThanOrEqual(optimum - 1e-15 * optimum);
          expect(found.upperBound - found.weight).toBeLessThanOrEqual(1e-13 * optimum);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('does not depend on the candidates it starts from', () => {
    for (const family of ['clustered', 'popularity', 'duplicates', 'few values'] as const) {
      const source = familySource({ family, n: 120, seed: 8, twoSided: false, excluded: 0.1 });
      const [few, all] = [2, 119].map((k) => exactMatching(source, { lists: buildLists(source, k) }));
      expect(few.rounds).toBeGreaterThan(1);
      expect(all.rounds).toBe(1);
      expect(Math.abs(few.weight - all.weight)).toBeLessThanOrEqual(1e-12 * all.weight);
    }
  });

  it('proves the optimum of whole numbers to the last digit: two-sided, in islands, below 0, with no pair at all', () => {
    let apart = 0;
    for (let k = 0; k < 400; k++) {
      const n = k % 12;
      const u = (a: number, b: number) => uniform(k, Stream.world, a, b);
      const matrix = Array.from({ length: n }, () => new Float64Array(n).fill(-Infinity));
      for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++) {
          if (k % 4 === 0 && (i + j) % 2 === 0) continue;
          if (k % 4 === 1 && i % 3 !== j % 3) continue;
          if (k % 7 === 6) continue;
          const low = k % 4 === 2 ? -(2 ** 20) : 0;
          matrix[i][j] = matrix[j][i] = Math.round(low + u(i, j) * (2 ** 20 - low));
        }
      const source = matrixSource(matrix);
      const optimum = bruteForce(source);
      const found = exactMatching(source, k % 3 === 0 ? { lists: buildLists(source, 2) } : {});
      expect([found.weight, found.upperBound]).toEqual([optimum, optimum]);
      if (optimum === 0) apart++;
    }
    expect(apart).toBeGreaterThan(50);
  });

  it('keeps whole numbers exact up to the last digit', () => {
    const big = 2 ** 40;
    const matrix = [
      [-Infinity, big + 1, big, 0],
      [big + 1, -Infinity, 1, big],
      [big, 1, -Infinity, big - 2],
      [0, big, big - 2, -Infinity],
    ].map((row) => Float64Array.from(row));
    const found = exactMatching(matrixSource(matrix, () => 0));
    expect(found.weight).toBe(2 * big);
    expect(found.upperBound).toBe(2 * big);
  });

  it('stays exact where a weight outside the lists is no whole number', () => {
    // Lists of one hold whole numbers only; the optimum needs 2.5, which a grid of whole numbers
    // would round to 3.
    const matrix = [
      [-Infinity, 5, 2.5, 0],
      [5, -Infinity, 4, 2.5],
      [2.5, 4, -Infinity, 0],
      [0, 2.5, 0, -Infinity],
    ].map((row) => Float64Array.from(row));
    const source = matrixSource(matrix, () => 0);
    const found = exactMatching(source, { lists: buildLists(source, 1) });
    expect(found.weight).toBe(bruteForce(source));
    expect(found.upperBound).toBe(found.weight);
    expect(found.worstReducedCost).toBe(0);
  });

  it('rounds weights alike everywhere', () => {
    // So heavy that the finest grid is that of whole numbers, and yet no whole numbers.
    const weights = [797625526270782.4, 6102722832.12303, 56951780.356920145, 54792722.062521756];
    const matrix = Array.from({ length: 5 }, () => new Float64Array(5).fill(-Infinity));
    [
      [0, 1],
      [0, 3],
      [0, 4],
      [1, 4],
    ].forEach(([i, j], e) => (matrix[i][j] = matrix[j][i] = weights[e]));
    const found = exactMatching(matrixSource(matrix));
    expect(found.weight).toBe(weights[0]);
    expect(found.upperBound).toBe(weights[0] + 2);
  });

  it('is the same for many, found from a sample, by quick and by plain rows, and by the heaviest pairs', () => {
    for (const [kind, lists] of [
      ['clusters', 0],
      ['hubs', 16],
      ['two sides', 0],
    ] as const) {
      const quick = embeddingSource(people(1030, kind), 0, 1);
      expect(quick.dense!()).toBeDefined();
      const plain = { ...quick, dense: undefined };
      const found = exactMatching(quick);
      const again = exactMatching(plain, lists === 0 ? {} : { lists: buildLists(plain, lists) });
      expect(Math.abs(found.weight - again.weight)).toBeLessThanOrEqual(1e-12 * found.weight);
      for (const { worstReducedCost, upperBound, weight } of [found, again]) {
        expect(worstReducedCost).toBe(0);
        expect(upperBound).toBeGreaterThanOrEqual(weight);
        expect(upperBound - weight).toBeLessThanOrEqual(1e-12 * weight);
      }
    }
  });

  it('says what it does, and can be stopped in between', () => {
    const source = embeddingSource(people(1030, 'hubs'), 0, 1);
    const stop = new AbortController();
    const stages: string[] = [];
    expect(() =>
      exactMatching(source, {
        signal: stop.signal,
        progress(stage, share) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          stages.push(stage);
          if (stage.startsWith('searches')) stop.abort(new Error('enough'));
        },
      }),
    ).toThrow('enough');
    expect(stages[0]).toBe('candidates');
    expect(stages.at(-1)).toBe('searches, round 1');
  });

  it('refuses weights that are not finite', () => {
    const source = { ...matrixSource([]), n: 2, ids: countingIds(2), weight: () => Infinity };
    const infinite = {
      ...source,
      row: (i: number, from: number, out: Float64Array) => out.fill(i === 0 ? Infinity : -Infinity, from),
    };
    expect(() => exactMatching(infinite as never)).toThrow('only finite weights');
  });

  it('reports what it does', () => {
    const stages = new Set<string>();
    const source = familySource({ family: 'random', n: 40, seed: 1, twoSided: false, excluded: 0 });
    exactMatching(source, { progress: (stage) => stages.add(stage) });
    expect([...stages]).toContain('candidates');
    const signal = AbortSignal.abort(new Error('enough'));
    expect(() => exactMatching(source, { signal })).toThrow('enough');
  });
});
