import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { countries } from '../scenario/countries.ts';
import { presetById } from '../scenario/presets.ts';
import { scaleScenario } from '../scenario/scale.ts';
import type { Policy } from '../scenario/schema.ts';
import { createWorld } from '../world/world.ts';
import { createMarket } from './market.ts';
import { quickBackend } from './testing/quick-backend.ts';

describe('presets come true', () => {
  test('the outage drill: ten times the pool within minutes, and it drains when the threshold is lowered', async () => {
    const drill = scaleScenario(presetById('outage-drill')!.scenario, 0.5);
    const market = createMarket({
      scenario: drill,
      policy: { ...drill.policy, scorer: 'oracle' },
      backend: createCpuBackend(),
    });
    const levels: number[] = [];
    const until = async (seconds: number) => {
      while (market.time < seconds) levels.push((await market.tick()).waiting);
    };
    await until(60);
    const normal = levels.slice(-60).reduce((a, b) => a + b, 0) / 60;
    await until(120);
    expect(market.policy.threshold).toBeGreaterThan(0);
    expect(levels[levels.length - 1]).toBeGreaterThan(10 * normal);
    market.setPolicy({ ...market.policy, threshold: 0 });
    await until(135);
    expect(levels[levels.length - 1]).toBeLessThan(3 * normal);
  });

  test('the rush: more than 1,500 matches in every simulated second, with 1,500 people and more in the tick', async () => {
    const rush = presetById('evening-rush')!.scenario;
    const market = createMarket({
      scenario: rush,
      policy: { ...rush.policy, scorer: 'random' },
      backend: quickBackend(),
    });
    let pairs = 0;
    let waiting = Infinity;
    for (let t = 0; t < 2; t++) await market.tick();
    for (let t = 0; t < 10; t++) {
      const report = await market.tick();
      pairs += report.pairs;
      waiting = Math.min(waiting, report.waiting);
    }
    expect(pairs / 5).toBeGreaterThan(1500);
    expect(waiting).toBeGreaterThan(1500);
  });

  test('the Simpson reversal: longer in every country, shorter overall', async () => {
    const { scenario: s, other } = presetById('simpson-reversal')!;
    const shared = createWorld(s);
    const means = async (policy: Policy) => {
      const market = createMarket({ scenario: s, policy, backend: createCpuBackend(), world: shared });
      const sum = countries.map(() => 0);
      const n = countries.map(() => 0);
      market.observe({
        chatEnded({ a, b, duration }) {
          for (const person of [a, b]) {
            sum[shared.people.country[person]] += duration;
            n[shared.people.country[person]]++;
          }
        },
      });
      for (let t = 0; t < 480; t++) await market.tick();
      const total = (x: number[]) => x.reduce((p, q) => p + q, 0);
      return { all: total(sum) / total(n), by: sum.map((x, i) => x / n[i]) };
    };
    const [a, b] = [await means(s.policy), await means(other!)];
    expect(b.all).toBeLessThan(0.9 * a.all);
    countries.forEach(({ code }, i) => {
      if (s.population.countries[code] > 0) expect(b.by[i], code).toBeGreaterThan(1.05 * a.by[i]);
    });
  });
});
