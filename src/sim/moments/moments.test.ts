import { expect, test } from 'vitest';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { sharedBackend } from '../../gpu/testing/open.ts';
import type { MatchBackend } from '../../match/backend.ts';
import { scenario } from '../../scenario/parse.ts';
import type { ScenarioInput } from '../../scenario/schema.ts';
import { createMarket } from '../market.ts';

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
  const { market, counts } = await live(createCpuBackend(), 60);
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

test('the same seed gives the same evening, on the CPU and on the GPU', async () => {
  const small = evening({ population: { people: 300, online: 60, arrivalsPerMinute: 100 } });
  const on = async (backend: MatchBackend) => (await live(backend, 10, small)).digest;
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
