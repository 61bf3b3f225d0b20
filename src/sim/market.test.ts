import { beforeAll, describe, expect, test } from 'vitest';
import { LabError } from '../base/errors.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { countries } from '../scenario/countries.ts';
import { scenario } from '../scenario/parse.ts';
import type { Policy, Scenario, ScenarioInput } from '../scenario/schema.ts';
import type { World } from '../world/types.ts';
import { createWorld } from '../world/world.ts';
import { recordEvents } from './testing/event-log.ts';
import { createMarket } from './market.ts';
import { quickBackend } from './testing/quick-backend.ts';
import type { Market } from './types.ts';

const small: ScenarioInput = {
  population: { people: 3000, online: 400, arrivalsPerMinute: 240 },
  behaviour: { again: 0.7, patience: 4, comeBackMinutes: 0.5 },
  policy: { scorer: 'rules' },
};
const smallScenario = scenario(small);
let world: World;
beforeAll(() => {
  world = createWorld(smallScenario);
});

async function run(market: Market, ticks: number): Promise<void> {
  for (let t = 0; t < ticks; t++) await market.tick();
}

function smallMarket(policy: Partial<Policy> = {}, backend: MatchBackend = createCpuBackend()): Market {
  return createMarket({
    scenario: smallScenario,
    policy: { ...smallScenario.policy, ...policy },
    backend,
    world,
  });
}

describe('an evening', () => {
  test('is the same when lived twice, and another with another seed or policy', async () => {
    const digest = async (s: Scenario, policy: Policy = s.policy) => {
      const market = createMarket({ scenario: s, policy, backend: createCpuBackend() });
      await run(market, 120);
      return market.digest.hex();
    };
    const one = await digest(smallScenario);
    expect(await digest(smallScenario)).toBe(one);
    expect(await digest(scenario({ ...small, seed: 8 }))).not.toBe(one);
    expect(await digest(smallScenario, { ...smallScenario.policy, scorer: 'oracle' })).not.toBe(one);
  });

  test('does not change when everybody who waits has the same bonus, unless the auction matches', async () => {
    // Short chats of much the same length: a large constant rounds many weights to the same number.
    const alike = scenario({
      population: { people: 1500, online: 1200 },
      behaviour: {
        talkativeness: 2,
        talkSpread: 0.05,
        countryTalk: 0,
        taste: 0,
        tonight: 0,
        hub: 0.01,
        age: 0,
      },
    });
    const digest = async (change: Partial<Policy>) => {
      const policy = { ...alike.policy, scorer: 'oracle', waitingBonus: 0, ...change } as const;
      const market = createMarket({ scenario: alike, policy, backend: createCpuBackend() });
      await run(market, 4);
      return market.digest.hex();
    };
    for (const matcher of ['greedy', 'random', 'first-come'] as const)
      expect(await digest({ matcher, bonus: 2000 })).toBe(await digest({ matcher }));
    expect(await digest({ bonus: 1000, threshold: 40 })).not.toBe(await digest({ threshold: 40 }));
    expect(await digest({ matcher: 'auction', bonus: 1000 })).not.toBe(await digest({ matcher: 'auction' }));
  });

  test('loses nobody: arrivals = waiting + in chat + left, in every country and at every tick', async () => {
    const market = smallMarket();
    const place = new Map<number, 'waiting' | 'chat' | 'left'>();
    const seen = countries.map(() => 0);
    const mates = new Map<number, number>();
    market.observe({
      arrived(person) {
        expect(place.get(person) ?? 'left').toBe('left');
        place.set(person, 'waiting');
        seen[market.world.people.country[person]]++;
      },
      ticked({ matching: { mate }, balance, waiting }, pool) {
        expect(waiting).toBe(pool.n);
        expect(balance.waiting).toBe(pool.n);
        for (let i = 0; i < pool.n; i++) {
          expect(place.get(pool.ids[i])).toBe('waiting');
          if (mate[i] === -1) continue;
          expect(mate[i]).not.toBe(i);
          expect(mate[mate[i]]).toBe(i);
          place.set(pool.ids[i], 'chat');
          mates.set(pool.ids[i], pool.ids[mate[i]]);
        }
      },
      chatEnded({ a, b, duration, start, end }) {
        expect(mates.get(a)).toBe(b);
        expect(mates.get(b)).toBe(a);
        expect(end - start).toBeCloseTo(duration, 9);
        for (const person of [a, b]) {
          expect(place.get(person)).toBe('chat');
          place.set(person, 'waiting');
        }
      },
      left(person) {
        expect(place.get(person)).toBe('waiting');
        place.set(person, 'left');
      },
    });
    for (let t = 0; t < 240; t++) {
      await market.tick();
      const balances = market.balances();
      const all = balances[countries.length];
      for (const b of balances) expect(b.arrivals).toBe(b.waiting + b.inChat + b.left);
      for (const field of ['arrivals', 'waiting', 'inChat', 'left'] as const)
        expect(balances.slice(0, -1).reduce((sum, b) => sum + b[field], 0)).toBe(all[field]);
    }
    expect(
      market
        .balances()
        .slice(0, -1)
        .map((b) => b.arrivals),
    ).toEqual(seen);
    const count = (where: string) => [...place.values()].filter((p) => p === where).length;
    const all = market.balances()[countries.length];
    expect([count('waiting'), count('chat')]).toEqual([all.waiting, all.inChat]);
    expect(all.left).toBeGreaterThan(300);
  });

  test('brings the same people at the same time under two policies, and the same meeting has the same length', async () => {
    const still = scenario({
      ...small,
      behaviour: { ...small.behaviour, comeBack: 0, mood: 0, tasteDrift: 0 },
    });
    const lived = async (policy: Partial<Policy>) => {
      const market = createMarket({
        scenario: still,
        policy: { ...still.policy, ...policy },
        backend: createCpuBackend(),
      });
      const log = recordEvents(market);
      while (market.time < 90) await market.tick();
      return log;
    };
    const [one, other, slow] = await Promise.all([
      lived({ scorer: 'oracle' }),
      lived({ scorer: 'random' }),
      lived({ scorer: 'random', tickMs: 1000 }),
    ]);
    const arrivals = (log: typeof one) => log.arrivals.map((a) => `${a.time} ${a.person}`).sort();
    expect(arrivals(one).length).toBeGreaterThan(500);
    expect(arrivals(other)).toEqual(arrivals(one));
    expect(arrivals(slow)).toEqual(arrivals(one));

    const chats = (log: typeof one) =>
      new Map(log.chats.map((c) => [`${c.a} ${c.b} ${c.start}`, c.duration]));
    const first = chats(one);
    const common = [...chats(other)].filter(([key]) => first.has(key));
    expect(common.length).toBeGreaterThan(3);
    for (const [key, duration] of common) expect(duration).toBe(first.get(key));
  });

  test('stays balanced when everyone has been there and slots are reborn', async () => {
    const tiny = scenario({
      population: { people: 150, online: 60, arrivalsPerMinute: 600, newcomers: 0.5 },
      behaviour: { again: 0.3, patience: 2, comeBack: 0.2, talkativeness: 5 },
      policy: { scorer: 'random' },
    });
    const market = createMarket({ scenario: tiny, backend: quickBackend() });
    let newcomers = 0;
    market.observe({ arrived: (_p, _t, newcomer) => (newcomers += newcomer ? 1 : 0) });
    await run(market, 400);
    const { generation } = market.world.people;
    expect(Math.max(...generation)).toBeGreaterThan(1);
    expect(newcomers).toBeGreaterThan(150);
    expect(market.balances()[countries.length].arrivals).toBeGreaterThan(600);
  });
});

describe('a tick', () => {
  test('changes nothing when the backend fails, and goes on with another', async () => {
    const market = smallMarket();
    const untroubled = smallMarket();
    await run(market, 40);
    await run(untroubled, 100);
    const before = { digest: market.digest.hex(), balances: market.balances(), time: market.time };
    const lost: MatchBackend = {
      ...quickBackend(),
      match: () => Promise.reject(new LabError('the device was lost')),
    };
    market.setBackend(lost);
    await expect(market.tick()).rejects.toThrow('the device was lost');
    await expect(market.tick()).rejects.toThrow('the device was lost');
    expect({ digest: market.digest.hex(), balances: market.balances(), time: market.time }).toEqual(before);
    expect(market.tickNumber).toBe(40);
    market.setBackend(createCpuBackend());
    await run(market, 60);
    expect(market.digest.hex()).toBe(untroubled.digest.hex());
  });

  test.each<[string, (mate: Int32Array) => void]>([
    ['themselves', (mate) => mate.fill(0, 0, 1)],
    ['two people', (mate) => mate.set([2, 2, 0])],
    ['nobody there', (mate) => mate.set([mate.length])],
  ])('refuses a matching that pairs somebody with %s, and stays as it was', async (_, spoil) => {
    const market = smallMarket();
    await run(market, 10);
    const digest = market.digest.hex();
    const good = quickBackend();
    market.setBackend({
      ...good,
      async match(...args) {
        const result = await good.match(...args);
        spoil(result.mate.fill(-1));
        return result;
      },
    });
    await expect(market.tick()).rejects.toThrow(LabError);
    expect(market.digest.hex()).toBe(digest);
    market.setBackend(createCpuBackend());
    await run(market, 3);
  });

  test('does not run twice at once, and refuses what is no policy', async () => {
    const market = smallMarket();
    await run(market, 3);
    const one = market.tick();
    await expect(market.tick()).rejects.toThrow(/still running/);
    await one;
    expect(() => market.setPolicy({ ...market.policy, threshold: Number.NaN })).toThrow(/policy.threshold/);
    expect(() => market.setPolicy({ ...market.policy, tickMs: Infinity })).toThrow(/policy.tickMs/);
    market.setPolicy({ ...market.policy, scorer: 'towers' });
    await expect(market.tick()).rejects.toThrow(/weights are not loaded/);
    market.setPolicy({ ...market.policy, scorer: 'random', tickMs: 2000 });
    const { time } = market;
    await market.tick();
    expect(market.time).toBeCloseTo(time + 2, 9);
  });
});

describe('observers', () => {
  test('see nothing after they are disposed of', async () => {
    const market = smallMarket({}, quickBackend());
    const log = recordEvents(market);
    await run(market, 20);
    const written = log.arrivals.length;
    expect(written).toBeGreaterThan(50);
    expect(written).toBe(market.balances()[countries.length].arrivals);
    log.dispose();
    await run(market, 20);
    expect(log.arrivals).toHaveLength(written);
  });
});
