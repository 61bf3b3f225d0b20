import { expect, test } from 'vitest';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { sharedBackend } from '../../gpu/testing/open.ts';
import type { MatchBackend } from '../../match/backend.ts';
import { scenario } from '../../scenario/parse.ts';
import type { ScenarioInput } from '../../scenario/schema.ts';
import { createMarket } from '../market.ts';
import { contentReport } from './report.ts';

const gpu = sharedBackend();

const evening = (more: Partial<ScenarioInput> = {}) =>
  scenario({
    seed: 50_010,
    population: { people: 1200, online: 250, arrivalsPerMinute: 400 },
    behaviour: { talkativeness: 6, comeBackMinutes: 0.5 },
    policy: { scorer: 'rules' },
    feed: { on: 'on', posts: 300, readSeconds: 1, postsPerHour: 5 },
    tray: { on: 'on', everySeconds: 3 },
    ...more,
  });

async function live(backend: MatchBackend, seconds: number, input = evening()) {
  const market = createMarket({ scenario: input, backend });
  const counts = { reads: 0, resumed: 0, decisions: 0, leftFeed: 0 };
  market.observe({
    reads: () => counts.reads++,
    resumed: () => counts.resumed++,
    decided: () => counts.decisions++,
    left: (_p, _t, reason) => (counts.leftFeed += reason === 'feed' ? 1 : 0),
  });
  while (market.time < seconds) {
    await market.tick();
    for (const b of market.balances()) expect(b.arrivals).toBe(b.waiting + b.inChat + b.reading + b.left);
  }
  return { market, counts, digest: market.digest.hex() };
}

test('arrivals = waiting + in chat + reading + left, in every segment and at every tick', async () => {
  const { market, counts } = await live(createCpuBackend(), 30);
  const reading = market.balances().at(-1)!.reading;
  expect(reading).toBeGreaterThan(0);
  expect(counts.reads).toBeGreaterThan(200);
  expect(counts.resumed).toBeGreaterThan(100);
  // Everybody who began to read reads, waits again, or has left.
  const { tally } = market.moments!;
  expect(tally.readings).toBe(counts.reads - reading);
  expect(counts.leftFeed).toBe(tally.aways);
  expect(counts.decisions).toBeGreaterThan(tally.cards);
});

test('the strip of an evening is what the market did with the person', async () => {
  const market = createMarket({ scenario: evening(), backend: createCpuBackend() });
  await market.tick();
  const strips = market.moments!.openStrips();
  market.observe(strips);
  const reads = new Map<number, number>();
  market.observe({ reads: (person, time) => reads.set(person, time) });
  while (market.time < 20) await market.tick();
  expect(reads.size).toBeGreaterThan(20);
  for (const [person, time] of reads) {
    const { stays, items } = strips.of(person, market.time);
    expect(stays.find(({ place, from }) => place === 'feed' && Math.abs(from - time) < 0.01)).toBeDefined();
    stays.forEach(({ from, to }, k) => {
      expect(to).toBeGreaterThan(from);
      if (k > 0) expect(from).toBeGreaterThanOrEqual(stays[k - 1].to);
    });
    for (const item of items) {
      expect(item.time).toBeLessThanOrEqual(market.time);
      const around = stays.filter(({ from, to }) => item.time >= from - 1e-3 && item.time <= to + 1e-3);
      expect(around.map(({ place }) => place)).toContain(item.what === 'card' ? 'feed' : 'chat');
    }
  }
});

test('the same seed gives the same evening, on the CPU and on the GPU', async () => {
  const small = evening({
    population: { people: 300, online: 60, arrivalsPerMinute: 100 },
    behaviour: { talkativeness: 2, comeBackMinutes: 0.5 },
    feed: { on: 'on', open: 1, posts: 300, readSeconds: 1, postsPerHour: 5 },
  });
  const on = async (backend: MatchBackend) => {
    const { market, digest } = await live(backend, 3.5, small);
    // Retrieval is a part of it.
    expect(market.moments!.tally.requests).toBeGreaterThan(5);
    return digest;
  };
  const expected = await on(createCpuBackend());
  expect(await on(createCpuBackend())).toBe(expected);
  expect(await on(await gpu())).toBe(expected);
}, 300_000);

test('where both are off, there are no moments, and nothing of them is loaded', async () => {
  const { market, counts } = await live(createCpuBackend(), 5, evening({ feed: {}, tray: {} }));
  expect(market.moments).toBeUndefined();
  expect(counts).toEqual({ reads: 0, resumed: 0, decisions: 0, leftFeed: 0 });
  expect(market.balances().at(-1)!.reading).toBe(0);
});

test.each([
  ['none', {}, []],
  ['retrieval', { feedRetrieval: 'narrow' }, ['retrieve']],
  ['ranking', { feedFavour: 'rank' }, ['rank']],
  ['re-ranking', { feedFavour: 'rerank' }, ['rerank']],
  ['the slate', { feedFavour: 'compose' }, ['compose']],
] as const)(
  'the share of tail creators falls only at the stage that is told to: %s',
  async (_, told, falls) => {
    const policy = { scorer: 'rules', feedDiversity: 1, ...told } as const;
    const { market } = await live(createCpuBackend(), 15, evening({ policy }));
    const { tail_share: tail, tail_changes, recall_of_exact_best } = contentReport(market.moments!);
    expect(tail['live']).toBeGreaterThan(0.8);
    expect(tail_changes.filter(({ sign }) => sign < 0).map(({ stage }) => stage)).toEqual(falls);
    // Only exploration brings back what retrieval left out; re-ranking mends a narrow ranking.
    if ('feedRetrieval' in told)
      for (const shelf of ['retrieve', 'rank', 'rerank']) expect(tail[shelf]).toBe(0);
    if (falls[0] === 'rank') expect(tail['rerank']).toBeGreaterThan(tail['rank'] + 0.1);
    // Rounding of vectors costs next to nothing.
    if (falls.length === 0) expect(recall_of_exact_best).toBeGreaterThan(0.99);
  },
);

test('propensities stand where something was drawn, and are absent elsewhere', async () => {
  const places = async (policy: Partial<ScenarioInput['policy']>) => {
    const input = evening({ policy: { scorer: 'rules', ...policy } });
    const market = createMarket({ scenario: input, backend: createCpuBackend() });
    const seen: { ad: boolean; p: number }[] = [];
    market.observe({
      decided: ({ moment, item, propensity: p }) => moment === 'feed' && seen.push({ ad: item < 0, p }),
    });
    while (market.time < 15) await market.tick();
    return seen;
  };
  const plain = await places({ feedRanking: 'learned', feedExplore: 0 });
  expect(plain.length).toBeGreaterThan(50);
  expect(plain.every(({ p }) => Number.isNaN(p))).toBe(true);
  const drawn = await places({ feedRanking: 'random', feedExplore: 0, feedComposer: 'fixed' });
  expect(drawn.every(({ ad, p }) => (ad ? Number.isNaN(p) : p > 0 && p < 1))).toBe(true);
  // One of the popular ones among the candidates, about a tenth of them, comes first.
  const random = { feedRanking: 'random', feedExplore: 0, feedComposer: 'fixed', feedAds: 0 } as const;
  const [fair, favoured] = [await places(random), await places({ ...random, feedFavour: 'rank' })];
  expect(favoured[0].p).toBeGreaterThan(4 * fair[0].p);
  expect(1 / favoured[0].p).toBeCloseTo(Math.round(1 / favoured[0].p), 9);
  const explored = (await places({ feedRanking: 'learned', feedExplore: 0.5 })).filter(({ ad }) => !ad);
  // Half of the places are explored: their mean inverse propensity is the number of choices.
  const likely = explored.filter(({ p }) => p >= 0.5).length / explored.length;
  expect(likely).toBeGreaterThan(0.4);
  expect(likely).toBeLessThan(0.65);
});

test('without a lock, of the signals of one tick for a post only the last survives', async () => {
  const busy = { on: 'on', posts: 50, readSeconds: 0.5, open: 1, noise: 0 } as const;
  const updates = async (feedUpdates: 'signal' | 'unlocked' | 'batch') => {
    const policy = { scorer: 'rules', feedUpdates, feedRanking: 'newest' } as const;
    const { market } = await live(createCpuBackend(), 30, evening({ feed: busy, policy }));
    return market.moments!.feed.updates;
  };
  const [locked, unlocked, batch] = await Promise.all([
    updates('signal'),
    updates('unlocked'),
    updates('batch'),
  ]);
  expect(locked.lost).toBe(0);
  expect(locked.applied).toBeGreaterThan(500);
  expect(unlocked.lost).toBeGreaterThan(0.1 * unlocked.applied);
  // The first batch of ten minutes has not come yet.
  expect(batch.applied).toBe(0);
});

test('a filter ten times too small hides new posts at the predicted rate', async () => {
  const policy = { scorer: 'rules', feedSeenBytes: 60, feedExplore: 0, feedAds: 0 } as const;
  const often = { on: 'on', posts: 300, readSeconds: 0.5, open: 1, stop: 0, away: 0 } as const;
  const population = { people: 600, online: 250, arrivalsPerMinute: 200 };
  const behaviour = { talkativeness: 3, comeBackMinutes: 0.5 };
  const { market } = await live(
    createCpuBackend(),
    150,
    evening({ population, behaviour, policy, feed: often, tray: {} }),
  );
  const { filter } = contentReport(market.moments!);
  expect(filter.expected_hidden).toBeGreaterThan(300);
  expect(filter.hidden_error).toBeLessThan(0.15 * filter.expected_hidden);
  expect(Math.abs(filter.wrongly_hidden - filter.expected_hidden)).toBeLessThan(3 * filter.hidden_error);
});
