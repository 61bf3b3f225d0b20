import { beforeAll, describe, expect, test } from 'vitest';
import { NONE, RECENT_SLOTS, type Pool } from '../../score/types.ts';
import { poolSource } from '../../score/weights.ts';
import { scenario } from '../../scenario/parse.ts';
import type { Policy, ScorerName } from '../../scenario/schema.ts';
import { WISHES } from '../../world/law.ts';
import type { World } from '../../world/types.ts';
import { createWorld } from '../../world/world.ts';
import { createOracle, normalCdf, ORACLE_DIM } from './oracle.ts';
import { createScorer, type ScoredPool, type WaitingPool } from './scorers.ts';

const usual = scenario({ population: { people: 400, genderFilter: 0.3, countryFilter: 0.2, reported: 0.2 } });
let world: World;
beforeAll(() => {
  world = createWorld(usual);
});

/** Everyone wants some company as much as a newcomer. */
function wishFor({ people, scenario: { behaviour } }: World): void {
  people.wish.forEach((_, i) => (people.wish[i] = i % WISHES));
  people.whim.fill(behaviour.tonight);
}

const n = 200;
function waiting(): WaitingPool {
  return {
    n,
    ids: Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % 400),
    waited: Float32Array.from({ length: 400 }, (_, i) => (i % 13) / 4),
    recent: new Uint32Array(400 * RECENT_SLOTS).fill(NONE),
  };
}

function scored(scorer: ScorerName, policy: Partial<Policy> = {}): ScoredPool {
  return createScorer(world)({ ...usual.policy, scorer, ...policy }, waiting());
}

const weights = ({ pool, rule }: ScoredPool) => poolSource(pool, rule, 1);
const pairs = (pool: Pool) =>
  Array.from({ length: pool.n }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat();

describe('rules', () => {
  test('are the published points, and never pair two device languages', () => {
    const score = scored('rules', { waitingBonus: 0 });
    const source = weights(score);
    const p = world.people;
    let met = 0;
    const wrong: unknown[] = [];
    for (const [i, j] of pairs(score.pool)) {
      const [a, b] = [score.pool.ids[i], score.pool.ids[j]];
      const wants = (x: number, y: number) =>
        ((p.wantsGender[x] >> p.gender[y]) & 1) === 1 &&
        (p.wantsOwnCountry[x] === 0 || p.country[x] === p.country[y]);
      const allowed = p.language[a] === p.language[b] && wants(a, b) && wants(b, a);
      const points =
        10 +
        (p.country[a] === 0 && p.country[b] === 0 ? 15 : 0) +
        (p.age[a] === p.age[b] ? 25 : 0) -
        10_000 * (p.reported[a] + p.reported[b]) +
        1_000 * ((p.wantsGender[a] === 3 ? 0 : 1) + (p.wantsGender[b] === 3 ? 0 : 1));
      const weight = source.weight(i, j);
      if (weight !== (allowed ? points : -Infinity)) wrong.push({ a, b, allowed, points, weight });
      if (allowed) met++;
    }
    expect(wrong).toEqual([]);
    expect(met).toBeGreaterThan(500);
  });
});

describe('oracle', () => {
  test('knows the location, mood included, to a hundredth, from integer vectors of norm at most 4,096', () => {
    world.people.mood.forEach((_, i) => (world.people.mood[i] = Math.sin(i)));
    wishFor(world);
    const { pool, rule } = scored('oracle');
    expect(pool.dim).toBe(ORACLE_DIM);
    const correction = Math.log(
      2 * Math.exp(usual.behaviour.tail ** 2 / 2) * normalCdf(-usual.behaviour.tail / Math.SQRT2),
    );
    const dot = (i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < pool.dim; k++) sum += pool.user[i * pool.dim + k] * pool.peer[j * pool.dim + k];
      return sum;
    };
    for (let i = 0; i < n; i++)
      for (const v of [pool.user, pool.peer]) {
        const row = v.slice(i * pool.dim, (i + 1) * pool.dim);
        expect(row.every(Number.isInteger)).toBe(true);
        expect(Math.hypot(...row)).toBeLessThanOrEqual(4096);
      }
    let worst = 0;
    for (const [i, j] of pairs(pool)) {
      const [a, b] = [pool.ids[i], pool.ids[j]];
      const truth = world.location(a, b) + usual.behaviour.mood * world.people.mood[a] + correction;
      worst = Math.max(worst, Math.abs(rule.scale * dot(i, j) + rule.bias - truth));
    }
    expect(worst).toBeLessThan(0.01);
    world.people.mood.fill(0);
    world.people.whim.fill(0);
  });

  test.each([
    [
      'every knob at its minimum',
      { taste: 0, hub: 0, language: 0, age: 0, mood: 0, talkSpread: 0, countryTalk: 0, tonight: 0 },
    ],
    [
      'everything at its most',
      { taste: 2, hub: 2, language: 2, age: 2, mood: 1, talkSpread: 1.5, countryTalk: 1.5, tonight: 2 },
    ],
  ])('keeps its bounds with %s', (_, behaviour) => {
    const w = createWorld(scenario({ population: { people: 300 }, behaviour }));
    wishFor(w);
    const oracle = createOracle(w);
    const user = new Float32Array(ORACLE_DIM);
    const peer = new Float32Array(ORACLE_DIM);
    const other = { user: new Float32Array(ORACLE_DIM), peer: new Float32Array(ORACLE_DIM) };
    for (let id = 0; id < 300; id++) {
      w.people.mood[id] = id % 2 ? 1 : -1;
      oracle.vectors(id, user, peer, 0);
      expect(Math.hypot(...user)).toBeLessThanOrEqual(4096);
      expect(Math.hypot(...peer)).toBeLessThanOrEqual(4096);
      const next = (id + 1) % 300;
      oracle.vectors(next, other.user, other.peer, 0);
      const dot = user.reduce((sum, x, k) => sum + x * other.peer[k], 0);
      const mood = w.scenario.behaviour.mood * w.people.mood[id];
      const { tail } = w.scenario.behaviour;
      const log = Math.log(2 * Math.exp(tail ** 2 / 2) * normalCdf(-tail / Math.SQRT2));
      expect(Math.abs(oracle.scale * dot + oracle.bias - w.location(id, next) - mood - log)).toBeLessThan(
        0.05,
      );
    }
  });

  test('the correction is the mean of the smaller of two lognormal numbers', () => {
    // By the trapezoid rule: E min(X, Y) = integral of P(X > t)^2 dt, with X = exp(s Z).
    const s = 0.9;
    let sum = 0;
    for (let u = -8; u < 8; u += 0.001) sum += normalCdf(-u / s) ** 2 * Math.exp(u) * 0.001;
    expect(2 * Math.exp((s * s) / 2) * normalCdf(-s / Math.SQRT2)).toBeCloseTo(sum, 3);
  });
});

describe('the simple scorers', () => {
  test('first come: the weight is what both have waited', () => {
    const score = scored('first-come', { threshold: 50 });
    const source = weights(score);
    const { waited } = score.pool;
    for (const [i, j] of pairs(score.pool).slice(0, 3000)) {
      const w = source.weight(i, j);
      if (w !== -Infinity) expect(w).toBe(Math.fround(waited[i] + waited[j]));
    }
    expect(score.rule.threshold).toBe(-Infinity);
  });

  test('random: neither threshold nor waiting bonus touch the coin', () => {
    const score = scored('random', { threshold: 50, waitingBonus: 20 });
    expect(score.rule.transform).toBe('hash');
    expect(score.rule.threshold).toBe(-Infinity);
    expect(score.pool.bonus.every((b) => b === 0)).toBe(true);
  });

  test('the waiting bonus is added per second by both, and a threshold of 0 is off', () => {
    const plain = scored('oracle', { waitingBonus: 0 });
    const bonus = scored('oracle', { waitingBonus: 3 });
    const without = weights(plain);
    const source = weights(bonus);
    const { waited } = bonus.pool;
    for (const [i, j] of pairs(bonus.pool).slice(0, 2000))
      if (without.weight(i, j) !== -Infinity)
        expect(source.weight(i, j)).toBeCloseTo(without.weight(i, j) + 3 * (waited[i] + waited[j]), 3);
    expect(bonus.rule.threshold).toBe(-Infinity);
    expect(scored('oracle', { threshold: 12 }).rule.threshold).toBe(12);
  });

  test('the bonus: what all have in common lowers the threshold; the auction counts it whole', () => {
    const plain = weights(scored('rules', { waitingBonus: 0 }));
    const admits = (policy: Partial<Policy>) => {
      const score = scored('rules', { waitingBonus: 0, ...policy });
      const source = weights(score);
      return { bonus: score.pool.bonus, of: (i: number, j: number) => source.weight(i, j) };
    };
    const greedy = admits({ bonus: 600, threshold: 1300 });
    const auction = admits({ bonus: 600, threshold: 1300, matcher: 'auction' });
    let kept = 0;
    for (const [i, j] of pairs(scored('rules').pool)) {
      const w = plain.weight(i, j);
      const above = w + 1200 > 1300;
      if (above) kept++;
      expect(greedy.of(i, j)).toBe(above ? w : -Infinity);
      expect(auction.of(i, j)).toBe(above ? w + 1200 : -Infinity);
    }
    expect(kept).toBeGreaterThan(100);
    for (const scorer of ['random', 'first-come'] as const)
      expect(scored(scorer, { bonus: 600 }).pool.bonus).toEqual(scored(scorer).pool.bonus);
  });

  test('towers without weights are refused', () => {
    expect(() => scored('towers')).toThrow(/policy\.scorer.*weights are not loaded/);
  });
});
