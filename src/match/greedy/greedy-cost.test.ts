import { describe, expect, it } from 'vitest';
import { greedy } from './greedy.ts';
import { sequentialGreedy } from '../testing/sequential-greedy.ts';
import { chooseRefill, firstRefill } from '../../score/candidates/refill-policy.ts';
import { Foremost } from '../../score/candidates/select.ts';
import { matrixSource } from '../testing/matrix-source.ts';
import type { PairSource } from '../../score/source.ts';
import { familySource } from '../testing/families.ts';
import { trapPool, trapRule, traps } from '../testing/traps.ts';
import { poolSource } from '../../score/weights.ts';

/** A symmetric matrix by a rule; -Infinity where it says nothing. */
function matrix(n: number, weight: (i: number, j: number) => number | undefined): PairSource {
  return matrixSource(
    Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: n }, (_x, j) => weight(Math.min(i, j), Math.max(i, j)) ?? -Infinity),
    ),
  );
}

/** Greedy, judged pair for pair, with its rounds and scans (the first included). */
function judged(source: PairSource): { rounds: number; scans: number } {
  const found = greedy(source);
  expect([...found.mate]).toEqual([...sequentialGreedy(source).mate]);
  return found;
}

// Published for n = 10,000, d = 64: 14, 19, 52 and 259 rounds in 1.01, 1.02, 2.19 and 10.3 scans.
describe('what greedy costs', () => {
  it.each([
    ['uniform', 30],
    ['clustered', 60],
    ['hubs', 150],
    ['popularity', 80],
  ] as const)('on vectors of 64 components: %s', (trap, most) => {
    expect(traps).toContain(trap);
    const { rounds, scans } = judged(poolSource(trapPool(trap, 501, 64, 7), trapRule(trap), 7));
    expect(rounds).toBeLessThanOrEqual(most);
    expect(scans).toBeLessThanOrEqual(2);
    expect(scans).toBeGreaterThan(1);
  });

  it.each([
    ['equal', (n: number) => 6 * Math.log2(n)],
    ['star', () => 1],
    ['chain', (n: number) => n / 2],
    ['duplicates', (n: number) => n / 2],
    ['popularity', (n: number) => n / 2],
    ['hubs', (n: number) => 6 * Math.log2(n)],
    ['few values', (n: number) => 6 * Math.log2(n)],
  ] as const)('on adversarial weights: %s', (family, most) => {
    for (const n of [64, 301])
      for (const twoSided of [false, true]) {
        const { rounds, scans } = judged(familySource({ family, n, seed: 8, twoSided, excluded: 0 }));
        expect(rounds).toBeLessThanOrEqual(most(n));
        expect(scans).toBeLessThanOrEqual(3);
      }
  });

  it('where hardly anybody may meet anybody', () => {
    const [nobody, pair] = [
      matrix(301, () => undefined),
      matrix(301, (i, j) => (i === 7 && j === 300 ? 1 : undefined)),
    ];
    expect(judged(nobody)).toMatchObject({ rounds: 0, scans: 1 });
    expect(judged(pair)).toMatchObject({ rounds: 1, scans: 1 });
  });

  it('on two islands, one of them a chain of popularity', () => {
    const source = matrix(401, (i, j) =>
      i % 2 !== j % 2 ? undefined : i % 2 === 0 ? (1 + i) * (1 + j) : ((i * 7919 + j * 104729) % 1009) + 1,
    );
    const { rounds, scans } = judged(source);
    expect(rounds).toBeLessThanOrEqual(201);
    expect(scans).toBeLessThanOrEqual(3);
  });
});

describe('rows that are refilled', () => {
  it('keep the foremost of many, equal keys in their order', () => {
    for (const room of [1, 3, 20])
      for (const values of [1, 4, 1000])
        for (const count of [0, 1, room, room + 1, 150]) {
          const best = new Foremost(room, (a, b) => a < b);
          const keys = Array.from({ length: count }, (_, c) => ((c * 7919 + 13) % 1009) % values);
          best.clear();
          for (let c = 0; c < count; c++) if (keys[c] >= best.min) best.offer(c, keys[c]);
          const found = best.finish();
          const order = keys.map((_, c) => c).sort((a, b) => keys[b] - keys[a] || a - b);
          expect([...best.col.subarray(0, found)]).toEqual(order.slice(0, room));
          expect([...best.key.subarray(0, found)]).toEqual(order.slice(0, room).map((c) => keys[c]));
        }
  });

  it('are those that stand in the way, and more of them while most are paired', () => {
    const n = 4096;
    const dry = Int32Array.from({ length: 2000 }, (_, k) => 2 * k);
    const last = (i: number) => (i * 7919) % 5003;
    let state = firstRefill(128);
    const choose = (rows: Int32Array, live: number) => {
      const chosen = chooseRefill(state, 128, { n, dry: rows, live }, (a, b) => last(b) - last(a) || a - b);
      ({ state } = chosen);
      return chosen.rows;
    };
    const chosen = choose(dry, 4000);
    expect(chosen.length).toBe(128);
    const min = Math.min(...Array.from(chosen, last));
    expect([...dry].filter((i) => last(i) > min)).toHaveLength(127);
    expect(choose(dry, 3700).length).toBe(256);
    expect(choose(dry, 3690).length).toBe(128);
    expect(choose(dry.subarray(0, 300), 1000).length).toBe(300);
  });
});
