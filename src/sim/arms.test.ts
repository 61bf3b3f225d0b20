import { describe, expect, test } from 'vitest';
import { pairHash } from '../base/hash.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { matrixSource } from '../match/testing/matrix-source.ts';
import { sequentialGreedy } from '../match/testing/sequential-greedy.ts';
import { DENSE, features, ROWS, SLOTS } from '../model/layout/features.ts';
import { randomModel } from '../model/layout/random-model.ts';
import type { TowerModel } from '../model/layout/save-towers.ts';
import { createScorer } from '../model/serve/scorers.ts';
import { embedTower } from '../model/serve/tower.ts';
import { randomTower } from '../model/testing/random-tower.ts';
import { scenario } from '../scenario/parse.ts';
import type { Policy } from '../scenario/schema.ts';
import { RECENT_SLOTS, type Pool } from '../score/types.ts';
import { metLately } from '../score/weights.ts';
import type { Arm, Arms } from './arms.ts';
import { createMarket } from './market.ts';
import type { Market } from './types.ts';

const shape = { dim: 8, slots: SLOTS, embed: 4, dense: DENSE, rows: ROWS, hidden: [8] };
const towers: TowerModel = {
  tower: randomTower(shape, 1),
  ...{ scale: 2e-5, bias: 3, logBias: 2.5, features },
};
const small = scenario({
  seed: 50_001,
  population: { people: 400, online: 200, arrivalsPerMinute: 400 },
  behaviour: { talkativeness: 8, patience: 6, again: 0.8 },
  policy: { scorer: 'oracle' },
});
const policy = (change: Partial<Policy>): Policy => ({ ...small.policy, ...change });
const cpu = createCpuBackend({ embed: embedTower });

function market(a: Partial<Policy>, arms?: Arms, backend: MatchBackend = cpu): Market {
  return createMarket({
    ...{ scenario: small, policy: policy(a), backend, towers },
    families: { cupid: randomModel({}, 1) },
    ...(arms && { arms }),
  });
}

async function live(one: Market, ticks = 16): Promise<string> {
  for (let k = 0; k < ticks; k++) await one.tick();
  return one.digest.hex();
}

const coin = (person: number): Arm => (pairHash(person, person, 3) % 2 === 0 ? 0 : 1);
const byPerson = (b: Partial<Policy>, split = false, armOf = coin): Arms => ({
  ...{ by: 'person', b: policy(b), armOf, split },
});
const byTime = (b: Partial<Policy>, armAt: (time: number) => Arm): Arms => ({
  ...{ by: 'time', b: policy(b), armAt },
});

describe('arms by time', () => {
  test('the arm that always runs is the evening of its policy', async () => {
    for (const b of [
      { scorer: 'rules', matcher: 'auction', tickMs: 1000, threshold: 20 },
      { scorer: 'cupid', sessionDelay: 1 },
    ] as const) {
      expect(
        await live(
          market(
            {},
            byTime(b, () => 1),
          ),
        ),
      ).toBe(await live(market(b)));
      expect(
        await live(
          market(
            {},
            byTime(b, () => 0),
          ),
        ),
      ).toBe(await live(market({})));
    }
  });

  test('each tick runs under the policy of its arm', async () => {
    const one = market(
      {},
      byTime({ scorer: 'rules', tickMs: 1500 }, (time) => (time < 5 ? 0 : 1)),
    );
    const seen: string[] = [];
    one.observe({
      ticked: ({ time }, _, order) =>
        void seen.push(`${time} ${order.policy.scorer} ${order.rule.transform}`),
    });
    await live(one, 12);
    expect(seen.slice(8)).toEqual([
      ...['4 oracle exp', '4.5 oracle exp', '5 rules identity', '6.5 rules identity'],
    ]);
  });

  test('the vectors of CUPID are computed while the other arm has its turn', async () => {
    const one = market(
      {},
      byTime({ scorer: 'cupid', sessionDelay: 1 }, (time) => (Math.floor(time) % 4 < 2 ? 1 : 0)),
    );
    let stale = 0;
    for (let k = 0; k < 40; k++) stale += (await one.tick()).sessions?.stale ?? 0;
    expect(stale).toBeGreaterThan(0);
  });
});

describe('arms by person', () => {
  test('with the same policy in both are the plain evening', async () => {
    for (const same of [
      { bonus: 300, threshold: 610 },
      { scorer: 'rules' },
      { scorer: 'towers', matcher: 'auction', bonus: 5 },
      { scorer: 'cupid', sessionDelay: 1 },
      { scorer: 'random', matcher: 'random' },
    ] as const)
      expect(await live(market(same, byPerson(same)))).toBe(await live(market(same)));
  });

  test('all in one arm are the evening of its policy, although both are scored', async () => {
    const a = { threshold: 12, bonus: 4 };
    const b = { ...a, scorer: 'towers', bonus: 9, waitingBonus: 2 } as const;
    expect(
      await live(
        market(
          a,
          byPerson(b, false, () => 1),
        ),
      ),
    ).toBe(await live(market(b)));
    expect(
      await live(
        market(
          a,
          byPerson(b, true, () => 0),
        ),
      ),
    ).toBe(await live(market(a)));
  });

  test.each<[Partial<Policy>, Partial<Policy>]>([
    [{ threshold: 12 }, { scorer: 'towers', bonus: 4 }],
    [{ scorer: 'towers' }, { waitingBonus: 3 }],
    [{ bonus: 2 }, { bonus: 20, waitingBonus: 0 }],
    [{ scorer: 'rules' }, { scorer: 'first-come' }],
  ])('each side scores by its own arm, pair for pair: %j, %j', async (changeA, changeB) => {
    const a = policy(changeA);
    const b = policy({ ...changeA, scorer: 'oracle', ...changeB });
    const one = market(a, byPerson(b));
    const scorers = [createScorer(one.world, towers), createScorer(one.world, towers)] as const;
    let pairs = 0;
    one.observe({
      ticked({ matching }, pool, { seed }) {
        const common = Math.min(a.bonus, b.bonus);
        const sides = [a, b].map((p, arm) => scorers[arm](p, waitingIn(pool), common));
        const vectors = sides.map(({ pool: p }) =>
          p.features === undefined ? p : embedTower(p.features, p.n),
        );
        const score = (i: number, j: number): number => {
          const arm = coin(pool.ids[i]);
          const { rule, pool: own } = sides[arm];
          let dot = 0;
          for (let k = 0; k < own.dim; k++)
            dot += vectors[arm].user[i * own.dim + k] * vectors[arm].peer[j * own.dim + k];
          return Math.fround(Math.fround(Math.fround(rule.scale) * dot) + Math.fround(rule.bias));
        };
        const weight = (i: number, j: number): number => {
          const [s, t] = [score(i, j), score(j, i)];
          const exp = (v: number) => Math.fround(Math.exp(-v));
          const mean =
            sides[0].rule.transform === 'identity'
              ? Math.fround(Math.fround(s + t) * 0.5)
              : Math.fround(2 / Math.fround(exp(s) + exp(t)));
          const [x, y] = [i, j].map((k) => sides[coin(pool.ids[k])].pool.bonus[k]);
          return Math.fround(mean + Math.fround(x + y));
        };
        const meets = (i: number, j: number): boolean =>
          i !== j &&
          !metLately(pool, i, j) &&
          (pool.speaks[i] & pool.speaks[j]) !== 0 &&
          [
            [i, j],
            [j, i],
          ].every(([x, y]) => {
            const own = sides[coin(pool.ids[x])].pool;
            return (own.avoid[x] & own.have[y]) === 0;
          });
        const matrix = Array.from({ length: pool.n }, (_, i) =>
          Float64Array.from({ length: pool.n }, (_x, j) => {
            const w = meets(i, j) ? weight(i, j) : -Infinity;
            return w > sides[0].rule.threshold ? w : -Infinity;
          }),
        );
        const source = matrixSource(matrix, (i, j) => pairHash(pool.ids[i], pool.ids[j], seed));
        expect([...matching.mate]).toEqual([...sequentialGreedy(source).mate]);
        matching.mate.forEach((j, i) => {
          if (j < i) return;
          pairs++;
          expect(matching.weight[i]).toBe(matrix[i][j]);
        });
      },
    });
    await live(one, 12);
    expect(pairs).toBeGreaterThan(40);
  });

  test('split: nobody meets a person of the other arm, with one scorer or with two', async () => {
    for (const b of [{ bonus: 5 }, { scorer: 'towers' }] as const) {
      let pairs = 0;
      const one = market({}, byPerson(b, true));
      one.observe({
        chatBegan(chat) {
          pairs++;
          expect(coin(chat.a)).toBe(coin(chat.b));
        },
      });
      await live(one);
      expect(pairs).toBeGreaterThan(30);
    }
  });

  test('stages change both arms', async () => {
    const staged = scenario({ ...small, stages: [{ atSeconds: 3, policy: { scorer: 'rules' } }] });
    const one = createMarket({
      ...{ scenario: staged, backend: cpu, towers },
      arms: (world) =>
        byPerson({ scorer: 'towers' }, false, (p) => (world.people.generation[p] % 2 === 0 ? 1 : 0)),
    });
    const rules: string[] = [];
    one.observe({
      ticked: (_, pool, { rule }) =>
        void rules.push(`${pool.dim} ${rule.transform} ${rule.second !== undefined}`),
    });
    await live(one, 8);
    expect(rules[5]).toBe('36 exp true');
    expect(rules[6]).toMatch(/identity false/);
  });

  test.each<[keyof Policy, Partial<Policy>, Partial<Policy>?]>([
    ['matcher', { matcher: 'auction' }],
    ['combination', { combination: 'sum' }],
    ['threshold', { threshold: 5 }],
    ['tickMs', { tickMs: 1000 }],
    ['auctionGap', { auctionGap: 0.1 }],
    ['auctionRounds', { auctionRounds: 10 }],
    ['sessionDelay', { sessionDelay: 7 }],
    ['sessionSync', { sessionSync: 'on' }],
    ['scorer', { scorer: 'random' }],
    ['scorer', { scorer: 'rules' }],
    ['scorer', { scorer: 'first-come', threshold: 9 }, { scorer: 'rules', threshold: 9 }],
  ])('refuse two policies that differ in %s: %j', (knob, b, a = {}) => {
    const message = new RegExp(`policy\\.${knob}: .*share every tick.*${knob}.*\\(switchback or ticks\\)`);
    expect(() => market(a, byPerson(b))).toThrow(message);
    const one = market(a, byPerson(a));
    if (knob !== 'scorer' || b.scorer !== 'first-come')
      expect(() => one.setPolicy(policy(b))).toThrow(message);
  });

  test('refuse vectors that are too long side by side', async () => {
    const long = { ...towers, tower: randomTower({ ...shape, dim: 104 }, 1) };
    const one = createMarket({
      scenario: small,
      backend: cpu,
      towers: long,
      arms: byPerson({ scorer: 'towers' }),
    });
    await expect(one.tick()).rejects.toThrow(/28 and 104 components, together 132; the limit is 128/);
  });
});

/** The people of a pool as the input of a scorer. */
function waitingIn({ n, ids, waited, recent }: Pool) {
  const memory = new Uint32Array(400 * RECENT_SLOTS);
  ids.forEach((id, i) =>
    memory.set(recent.subarray(i * RECENT_SLOTS, (i + 1) * RECENT_SLOTS), id * RECENT_SLOTS),
  );
  return { n, ids: ids.slice(0, n), waited: waited.slice(0, n), recent: memory };
}
