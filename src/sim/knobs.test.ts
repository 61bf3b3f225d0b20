import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { randomModel } from '../model/layout/random-model.ts';
import { embedTower } from '../model/serve/tower.ts';
import { ageBands, countries } from '../scenario/countries.ts';
import { parseScenario } from '../scenario/parse.ts';
import { listKnobs } from '../scenario/knobs.ts';
import { recordEvents } from './testing/event-log.ts';
import { createMarket } from './market.ts';
import { contentCases } from './testing/content-knobs.ts';
import { quickBackend } from './testing/quick-backend.ts';
import { Outcome } from './types.ts';

/** A short, small evening in which every knob has something to move. */
const base: Record<string, number | string> = {
  'population.people': 900,
  'population.online': 160,
  'population.arrivalsPerMinute': 400,
  'behaviour.again': 0.7,
  'behaviour.patience': 6,
  'behaviour.talkativeness': 8,
  'behaviour.comeBackMinutes': 0.5,
  'policy.scorer': 'random',
};
const SECONDS = 30;

/** What one evening looks like. */
async function live(settings: Record<string, number | string>) {
  const input: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of Object.entries({ ...base, ...settings })) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let node = input as Record<string, unknown>;
    for (const key of keys) node = (node[key] ??= {}) as Record<string, unknown>;
    node[last] = value;
  }
  const scenario = parseScenario(input);
  const judges = scenario.policy.scorer !== 'random' && scenario.policy.scorer !== 'first-come';
  const market = createMarket({
    scenario,
    backend: judges ? createCpuBackend({ embed: embedTower }) : quickBackend(),
    families: { cupid: randomModel({}, 1) },
  });
  const log = recordEvents(market);
  const { people } = market.world;
  while (market.time < SECONDS) await market.tick();

  const arrived = log.arrivals.map((a) => a.person);
  const { chats, leaves } = log;
  const share = (is: (person: number) => boolean) => arrived.filter(is).length / arrived.length;
  const count = (bits: number) => chats.filter((c) => (c.outcome & bits) !== 0).length / chats.length;
  const logs = chats.map((c) => Math.log(c.duration));
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  const m = mean(logs);
  return {
    digest: market.digest.hex(),
    moments: market.moments,
    arrivals: arrived.length,
    inChat: market.balances()[countries.length].inChat,
    chats: chats.length,
    chat: m,
    spread: Math.sqrt(mean(logs.map((x) => (x - m) ** 2))),
    wait: mean(chats.map((c) => c.waitedA)),
    swipes: count(Outcome.swipeA | Outcome.swipeB),
    reports: count(Outcome.reportA | Outcome.reportB),
    friends: count(Outcome.friendA | Outcome.friendB),
    impatient: leaves.filter((l) => l.impatient).length,
    returns: mean(leaves.map((l) => Number(l.returnsNextDay))),
    newcomers: mean(log.arrivals.map((a) => Number(a.newcomer))),
    women: share((p) => people.gender[p] === 0),
    foreign: share((p) => people.language[p] !== people.country[p]),
    bilingual: share((p) => people.speaks[p] !== 1 << people.language[p]),
    reported: share((p) => people.reported[p] === 1),
    paying: share((p) => people.paying[p] === 1),
    choosy: share((p) => people.wantsGender[p] !== 3),
    local: share((p) => people.wantsOwnCountry[p] === 1),
    countries: countries.map((_, c) => share((p) => people.country[p] === c)),
    ages: ageBands.map((_, a) => share((p) => people.age[p] === a)),
    talkOf: countries.map((_, c) =>
      mean(logs.filter((_x, i) => [chats[i].a, chats[i].b].some((p) => people.country[p] === c))),
    ),
  };
}
type Seen = Awaited<ReturnType<typeof live>>;

interface Case {
  readonly low: number | string;
  readonly high: number | string;
  /** What must be larger at `high`; without it, the two evenings must differ. */
  readonly rises?: (seen: Seen) => number;
  /** The evening stays the same: only what is paid differs. */
  readonly sameEvening?: boolean;
  /** Other knobs that let this one matter. */
  readonly given?: Record<string, number | string>;
}

const oracle = { 'policy.scorer': 'oracle' };
const cupid = { 'policy.scorer': 'cupid' };
const shock = { 'shock.atSeconds': 5, 'shock.forSeconds': 30 };
const cases: Record<string, Case> = {
  'population.size': { low: 0.5, high: 1, rises: (s) => s.arrivals },
  'population.people': { low: 100, high: 3000, rises: (s) => s.arrivals },
  'population.online': { low: 0, high: 400, rises: (s) => s.arrivals },
  'population.arrivalsPerMinute': { low: 50, high: 600, rises: (s) => s.arrivals },
  'population.dailySwing': { low: 0, high: 0.95, rises: (s) => s.arrivals },
  'population.peakHour': { low: 9, high: 21, rises: (s) => s.arrivals },
  'population.startHour': { low: 10, high: 22, rises: (s) => s.arrivals },
  'population.foreignDevice': { low: 0, high: 0.8, rises: (s) => s.foreign },
  'population.bilingual': { low: 0, high: 1, rises: (s) => s.bilingual },
  'population.women': { low: 0.1, high: 0.9, rises: (s) => s.women },
  'population.newcomers': { low: 0, high: 1, rises: (s) => s.newcomers },
  'population.reported': { low: 0, high: 0.6, rises: (s) => s.reported },
  'population.paying': { low: 0, high: 0.6, rises: (s) => s.paying },
  'population.genderFilter': { low: 0, high: 0.5, rises: (s) => s.choosy },
  'population.countryFilter': { low: 0, high: 0.8, rises: (s) => s.local },
  'behaviour.patience': { low: 60, high: 0.5, rises: (s) => s.impatient },
  'behaviour.talkativeness': { low: 4, high: 60, rises: (s) => s.chat },
  'behaviour.countryTalk': { low: 0, high: 1.5 },
  'behaviour.talkSpread': { low: 0, high: 1.5, rises: (s) => s.spread },
  'behaviour.tail': { low: 0.1, high: 2, rises: (s) => s.spread },
  'behaviour.taste': { low: 0, high: 2, rises: (s) => s.spread },
  'behaviour.hub': { low: 0, high: 2, rises: (s) => s.spread },
  'behaviour.language': { low: 0, high: 2 },
  'behaviour.age': { low: 0, high: 2, rises: (s) => s.spread },
  'behaviour.mood': { low: 0, high: 1 },
  'behaviour.tonight': { low: 0, high: 2, rises: (s) => s.spread },
  'behaviour.swipeSeconds': { low: 1, high: 10, rises: (s) => s.swipes },
  'behaviour.longChatSeconds': { low: 10, high: 60, given: { 'behaviour.tasteDrift': 0.5 } },
  'behaviour.reportRate': { low: 0, high: 0.2, rises: (s) => s.reports },
  'behaviour.friendRate': { low: 0, high: 0.3, rises: (s) => s.friends },
  'behaviour.again': { low: 0.1, high: 0.95, rises: (s) => s.inChat },
  'behaviour.comeBackMinutes': { low: 600, high: 0.5, rises: (s) => s.arrivals },
  'behaviour.comeBack': { low: 0, high: 1, rises: (s) => s.arrivals },
  'behaviour.retention': { low: 0.05, high: 0.9, rises: (s) => s.returns },
  'behaviour.tasteDrift': { low: 0, high: 0.5, given: { 'behaviour.longChatSeconds': 10 } },
  'policy.scorer': { low: 'rules', high: 'oracle' },
  'policy.combination': { low: 'sum', high: 'minimum', given: oracle },
  'policy.threshold': { low: 40, high: 0, given: oracle, rises: (s) => s.chats },
  'policy.waitingBonus': { low: 0, high: 20, given: oracle },
  'policy.bonus': {
    low: 0,
    high: 1000,
    given: { ...oracle, 'policy.threshold': 40 },
    rises: (s) => s.chats,
  },
  'policy.matcher': { low: 'first-come', high: 'greedy', given: oracle },
  'policy.sessionDelay': { low: 0, high: 8, given: cupid },
  'policy.sessionSync': { low: 'off', high: 'on', given: cupid },
  'policy.auctionGap': { low: 0, high: 0.2, given: { ...oracle, 'policy.matcher': 'auction' } },
  'policy.auctionRounds': { low: 1, high: 2000, given: { ...oracle, 'policy.matcher': 'auction' } },
  ...contentCases,
  'policy.tickMs': { low: 100, high: 4000, rises: (s) => s.wait },
  'shock.atSeconds': { low: 0, high: 5, given: { ...shock, 'shock.arrivals': 4 }, rises: (s) => s.arrivals },
  'shock.forSeconds': {
    low: 1,
    high: 30,
    given: { ...shock, 'shock.arrivals': 4 },
    rises: (s) => s.arrivals,
  },
  'shock.arrivals': { low: 0, high: 4, given: shock, rises: (s) => s.arrivals },
  'shock.womenLeave': { low: 1, high: 0, given: shock, rises: (s) => s.women },
  ...Object.fromEntries(
    countries.flatMap(({ code }, c): [string, Case][] => [
      [`population.countries.${code}`, { low: 0, high: 1, rises: (s) => s.countries[c] }],
      [`behaviour.talkOf.${code}`, { low: 0.2, high: 5, rises: (s) => s.talkOf[c] }],
    ]),
  ),
  ...Object.fromEntries(
    ageBands.map((band, a): [string, Case] => [
      `population.ages.${band}`,
      { low: 0, high: 1, rises: (s) => s.ages[a] },
    ]),
  ),
};

describe('every knob moves something', () => {
  test('and none is forgotten here', () => {
    expect(
      listKnobs()
        .map((k) => k.path)
        .filter((path) => path !== 'seed')
        .sort(),
    ).toEqual(Object.keys(cases).sort());
  });

  test.each(Object.entries(cases))('%s', async (path, { low, high, rises, given, sameEvening = false }) => {
    const few = await live({ ...given, [path]: low });
    const many = await live({ ...given, [path]: high });
    expect(many.digest === few.digest).toBe(sameEvening);
    if (rises) expect(rises(many)).toBeGreaterThan(rises(few));
  });

  test('and every choice of the policy makes an evening of its own', async () => {
    const digests: string[] = [];
    for (const scorer of ['random', 'first-come', 'rules', 'oracle'])
      digests.push((await live({ 'policy.scorer': scorer, 'policy.matcher': 'greedy' })).digest);
    for (const matcher of ['random', 'first-come', 'auction'])
      digests.push((await live({ ...oracle, 'policy.matcher': matcher })).digest);
    for (const combination of ['product', 'sum', 'minimum'])
      digests.push((await live({ ...oracle, 'policy.combination': combination })).digest);
    // The quick backend takes no notice of the scorers 'random' and 'first-come', so these two
    // share their evening.
    expect(new Set(digests).size).toBe(digests.length - 1);
  });
});
