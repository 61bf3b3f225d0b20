import { expect, test } from 'vitest';
import { createCpuBackend } from '../../../match/cpu-backend.ts';
import { scenario } from '../../../scenario/parse.ts';
import { createMarket } from '../../market.ts';
import { ReadingMeasures } from './reading-measures.ts';

async function live(on: 'on' | 'off') {
  const market = createMarket({
    scenario: scenario({
      seed: 50_031,
      population: { people: 1200, online: 250, arrivalsPerMinute: 400 },
      behaviour: { talkativeness: 6 },
      policy: { scorer: 'rules', feedAds: 0 },
      feed: { on, posts: 300, readSeconds: 2, stop: 0.15, open: 0.9 },
    }),
    backend: createCpuBackend(),
  });
  const measures = new ReadingMeasures(market);
  while (market.time < 60) await market.tick();
  return { market, found: measures.summary() };
}

test('what is read is measured: heads, intent, dwell, slates', async () => {
  const { market, found } = await live('on');
  const { heads, intent, dwell, slates, variety, readers } = found!;
  expect(found!.views).toBe(market.moments!.tally.cards);
  // What the service learns is better than chance, and the phone guesses intents from skips alone.
  expect(heads!.auroc).toBeGreaterThan(0.5);
  expect(intent.people).toBeGreaterThan(30);
  expect(intent.right!.low).toBeGreaterThan(0.5);
  // The 90 % rule favours short posts, the rule of 18 seconds does not among longer ones.
  expect(dwell[0].done90).toBeGreaterThan(5 * dwell[2].done90);
  expect(dwell.reduce((sum, bin) => sum + bin.views, 0)).toBe(found!.views);
  // Signatures differ in as many bits as the angles between the slates say.
  expect(slates.pairs).toBeGreaterThan(30);
  expect(Math.abs(slates.differentBits! - slates.expectedDifferentBits!)).toBeLessThan(3);
  expect(slates.popularitySpread).toBeLessThan(1);
  expect(variety.distributional_coverage).toBeGreaterThan(3);
  expect(readers.discoveryShare).toBeGreaterThan(0.5);
});

test('without a feed there is nothing to measure', async () => {
  expect((await live('off')).found).toBeUndefined();
});
