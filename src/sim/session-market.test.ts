import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import type { TowerInput } from '../model/layout/tower.ts';
import { ChatRecorder } from '../model/train/chat-log.ts';
import { knownPosition, personSessions, sideOf } from '../model/train/family/person-sessions.ts';
import { OUTCOMES, SUMMARY, windowStart } from '../model/layout/tokens.ts';
import { DENSE, SLOTS } from '../model/layout/features.ts';
import { featureTower, summaryVectors } from '../model/serve/family-tower.ts';
import type { FamilyModels } from '../model/serve/families.ts';
import { randomModel } from '../model/layout/random-model.ts';
import { sessionVectors } from '../model/serve/transformer.ts';
import { transformerOf } from '../model/layout/transformer.ts';
import { embedTower, forwardFeatures } from '../model/serve/tower.ts';
import { scenario } from '../scenario/parse.ts';
import type { ScenarioInput } from '../scenario/schema.ts';
import { createMarket } from './market.ts';
import type { Market, TickReport } from './types.ts';

const models: FamilyModels = {
  'wide-deep': randomModel({ session: 'none' }, 1),
  'wide-deep-s': randomModel({ session: 'summary' }, 2),
  cupid: randomModel({}, 3),
};
const { cupid } = models as Required<FamilyModels>;

/** Few people who meet often, for a short time: long histories soon. */
function lively(
  policy: ScenarioInput['policy'],
  backend: MatchBackend = createCpuBackend({ embed: embedTower }),
): Market {
  return createMarket({
    scenario: scenario({
      seed: 5,
      population: { people: 130, online: 60, arrivalsPerMinute: 300 },
      behaviour: { talkativeness: 4, again: 0.95, patience: 10, comeBackMinutes: 0.5 },
      policy,
    }),
    backend,
    families: models,
  });
}

async function digest(policy: ScenarioInput['policy'], ticks = 120): Promise<string> {
  const market = lively(policy);
  for (let k = 0; k < ticks; k++) await market.tick();
  return market.digest.hex();
}

describe('the tick reads what training reads', () => {
  test.each([
    ['cupid', 0],
    ['cupid', 3],
    ['wide-deep-s', 0],
  ] as const)('%s with vectors %d s late: profile, tokens and session bit for bit', async (scorer, delay) => {
    const market = lively({ scorer, sessionDelay: delay });
    const { people } = market.world;
    const recorder = new ChatRecorder();
    /**
     * Inputs of the tick for everyone who was matched in it, by time and by the number that the
     * recorder gives the person.
     */
    const given = new Map<string, { sparse: Uint32Array; dense: Float32Array; session: Float32Array }>();
    const numbers = new Map<string, number>();
    const size = 16;
    market.observe({
      ticked(tick, pool) {
        const { sparse, dense, session } = pool.features as Required<TowerInput>;
        const { mate } = tick.matching;
        for (let i = 0; i < pool.n; i++) {
          if (mate[i] < i) continue;
          recorder.met(people, pool.ids[i], pool.ids[mate[i]]);
          for (const k of [i, mate[i]]) {
            const key = `${pool.ids[k]} ${people.generation[pool.ids[k]]}`;
            if (!numbers.has(key)) numbers.set(key, numbers.size);
            given.set(`${tick.time} ${numbers.get(key)}`, {
              sparse: sparse.slice(k * SLOTS, (k + 1) * SLOTS),
              dense: dense.slice(k * DENSE, (k + 1) * DENSE),
              session: session.slice(k * size, (k + 1) * size),
            });
          }
        }
      },
      chatEnded: (chat) => recorder.ended(chat),
    });
    for (let k = 0; k < 160; k++) await market.tick();

    const s = personSessions(recorder.log());
    const { log } = s;
    const { history } = cupid.config;
    const net = transformerOf(cupid.config, cupid.embedders);
    const e = Float32Array.from(
      forwardFeatures(
        {
          tower: featureTower(cupid.config, cupid.embedders),
          sparse: Uint32Array.from(s.sparse),
          dense: s.dense,
        },
        log.persons,
      ),
    );
    const vectorOf = (person: number, position: number): Float32Array => {
      const from = windowStart(position, history);
      const length = position - from + 1;
      const vectors = new Float32Array(length * size);
      const outcomes = new Float32Array(length * OUTCOMES);
      vectors.set(e.subarray(person * size, (person + 1) * size));
      for (let t = 1; t < length; t++) {
        const row = s.order[s.first[person] + from + t - 1];
        const side = sideOf(log, row, person);
        const partner = side === 0 ? log.b[row] : log.a[row];
        vectors.set(e.subarray(partner * size, (partner + 1) * size), t * size);
        outcomes.set(
          s.outcomes.subarray((2 * row + side) * OUTCOMES, (2 * row + side + 1) * OUTCOMES),
          t * OUTCOMES,
        );
      }
      return sessionVectors(net, { count: 1, first: Uint32Array.of(0, length), vectors, outcomes });
    };
    let compared = 0;
    let longest = 0;
    let stale = 0;
    for (let row = 0; row < log.count; row++)
      for (const side of [0, 1] as const) {
        const person = side === 0 ? log.a[row] : log.b[row];
        const { sparse, dense, session } = given.get(`${log.start[row]} ${person}`)!;
        expect(sparse).toEqual(Uint32Array.from(s.sparse.subarray(person * SLOTS, (person + 1) * SLOTS)));
        expect(dense).toEqual(s.dense.slice(person * DENSE, (person + 1) * DENSE));
        const position = knownPosition(s, person, log.start[row], delay);
        if (scorer === 'cupid') expect(session).toEqual(vectorOf(person, position));
        else {
          const summary = s.summary.subarray((2 * row + side) * SUMMARY, (2 * row + side + 1) * SUMMARY);
          const { config, embedders } = models['wide-deep-s']!;
          expect(session).toEqual(summaryVectors(config, embedders, summary, 1));
        }
        compared++;
        longest = Math.max(longest, s.position[2 * row + side]);
        if (position < s.position[2 * row + side]) stale++;
      }
    expect(compared).toBeGreaterThan(500);
    expect(numbers.size).toBeGreaterThanOrEqual(log.persons);
    expect(longest).toBeGreaterThan(history);
    expect(stale > 0).toBe(delay > 0);
  });
});

describe('session vectors in the market', () => {
  test('are the same in the tick and outside it when nothing is late, and another evening when they are', async () => {
    const fresh = await digest({ scorer: 'cupid', sessionDelay: 0 });
    expect(await digest({ scorer: 'cupid', sessionDelay: 0 })).toBe(fresh);
    expect(await digest({ scorer: 'cupid', sessionDelay: 2, sessionSync: 'on' })).toBe(fresh);
    expect(await digest({ scorer: 'cupid', sessionDelay: 2 })).not.toBe(fresh);
    expect(await digest({ scorer: 'wide-deep' })).not.toBe(await digest({ scorer: 'wide-deep-s' }));
  });

  test('have an age, and know no match that is younger than the delay', async () => {
    const reports: Record<string, TickReport[]> = {};
    for (const [name, policy] of Object.entries({
      late: { scorer: 'cupid', sessionDelay: 4 },
      now: { scorer: 'cupid', sessionDelay: 0 },
      sync: { scorer: 'cupid', sessionSync: 'on' },
    } as const)) {
      const market = lively(policy);
      reports[name] = [];
      for (let k = 0; k < 80; k++) reports[name].push(await market.tick());
    }
    const stale = (name: string): number => reports[name].reduce((sum, r) => sum + r.sessions!.stale, 0);
    expect(stale('late')).toBeGreaterThan(0);
    expect(stale('now')).toBe(0);
    expect(stale('sync')).toBe(0);
    expect(reports['sync'].every((r) => r.sessions!.maxAge === 0)).toBe(true);
    expect(Math.max(...reports['late'].map((r) => r.sessions!.maxAge))).toBeGreaterThan(4);
    // In the tick everybody who waits is computed again and again; outside it once per arrival and
    // match.
    const sum = (of: (r: TickReport) => number, name: string): number =>
      reports[name].reduce((total, r) => total + of(r), 0);
    expect(sum((r) => r.sessions!.computed, 'sync')).toBe(sum((r) => r.waiting, 'sync'));
    expect(sum((r) => r.sessions!.computed, 'now')).toBeLessThan(
      2 * sum((r) => r.pairs, 'now') + reports['now'][79].balance.arrivals + 1,
    );
  });

  test('outlive a device that fails: the same tick can be tried again, and nothing is lost', async () => {
    const plain = createCpuBackend({ embed: embedTower });
    let failures = 0;
    const failing: MatchBackend = {
      ...plain,
      sessionVectors: (net, batch) =>
        ++failures % 3 === 0
          ? Promise.reject(new Error('the device is gone'))
          : Promise.resolve(sessionVectors(net, batch)),
    };
    const market = lively({ scorer: 'cupid', sessionDelay: 1 }, failing);
    let tries = 0;
    for (let k = 0; k < 80; tries++)
      await market.tick().then(
        () => k++,
        (error: Error) => expect(error.message).toBe('the device is gone'),
      );
    const other = lively({ scorer: 'cupid', sessionDelay: 1 });
    for (let k = 0; k < 80; k++) await other.tick();
    expect(failures).toBeGreaterThan(20);
    expect(tries).toBeGreaterThan(80);
    expect(market.digest.hex()).toBe(other.digest.hex());
  });

  test('begin from the histories of the evening when the policy changes to CUPID', async () => {
    const market = lively({ scorer: 'wide-deep' });
    for (let k = 0; k < 100; k++) await market.tick();
    market.setPolicy({ ...market.policy, scorer: 'cupid', sessionDelay: 0 });
    const { sessions, waiting } = await market.tick();
    expect(sessions).toMatchObject({ computed: waiting, stale: 0 });
  });

  test('want weights: a policy without them is refused, and they may come later', async () => {
    const market = createMarket({
      scenario: scenario({ population: { people: 200, online: 60 }, policy: { scorer: 'cupid' } }),
      backend: createCpuBackend({ embed: embedTower }),
    });
    await expect(market.tick()).rejects.toThrow(/policy\.scorer.*scores with cupid.*weights are not loaded/);
    expect(market.tickNumber).toBe(0);
    market.loadFamilies(models);
    await market.tick();
    expect(market.tickNumber).toBe(1);
  });
});
