import { expect, test } from 'vitest';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { randomModel } from '../model/layout/random-model.ts';
import { embedTower } from '../model/serve/tower.ts';
import { latencyParts, measureTickLatency } from './tick-latency.ts';
import { marketEffect, type EffectOptions } from './market-effect.ts';

const options: EffectOptions = {
  contenders: ['random', 'factors', 'cupid', 'oracle'],
  baseline: 'random',
  seeds: [1, 2],
  ticks: 160,
  warmUpSeconds: 15,
  scenario: { population: { people: 2500, online: 900, arrivalsPerMinute: 200, newcomers: 0.3 } },
  families: { cupid: randomModel({}, 1) },
  longSeconds: 30,
  shortSeconds: 5,
  coldBelow: 5,
};

test('the effect in the market: the oracle lengthens chats, and every side counts once', async () => {
  const running = marketEffect(options);
  const seen: string[] = [];
  let next = await running.next();
  for (; !next.done; next = await running.next()) seen.push(`${next.value.seed} ${next.value.contender}`);
  expect(seen).toHaveLength(8);
  const rows = next.value;
  const row = (contender: string, segment: string) =>
    rows.find((r) => r.contender === contender && r.segment === segment)!;
  for (const contender of options.contenders) {
    const { sides } = row(contender, 'all');
    expect(row(contender, 'warm').sides + row(contender, 'cold').sides).toBe(sides);
  }
  expect(row('random', 'all').effect).toBeUndefined();
  const effect = row('oracle', 'all').effect!;
  expect(effect.duration.mean).toBeGreaterThan(5);
  expect(effect.long.mean).toBeGreaterThan(0);
  expect(effect.short.mean).toBeLessThan(0);
  for (const { low, mean, high } of Object.values(effect)) expect(low < mean && mean < high).toBe(true);
  // Random weights know nothing; factors of an evening know a little, and neither comes near the
  // truth.
  for (const contender of ['cupid', 'factors'])
    expect(row(contender, 'all').duration).toBeLessThan(row('oracle', 'all').duration);
});

test('a baseline and at least two evenings are asked for', async () => {
  await expect(marketEffect({ ...options, seeds: [1] }).next()).rejects.toThrow('at least two seeds');
  await expect(marketEffect({ ...options, baseline: 'rules' }).next()).rejects.toThrow('must be among');
});

test('latency by length of history: every part is there, in order', async () => {
  const backend = createCpuBackend({ embed: embedTower });
  const rows = await measureTickLatency({
    backend,
    people: 40,
    ticks: 5,
    lengths: [8, 128],
    size: 16,
    heads: 2,
    layers: 1,
  });
  expect(rows.map((r) => r.history)).toEqual([8, 128]);
  for (const { parts, saved } of rows) {
    expect(parts.map((p) => p.part)).toEqual(latencyParts);
    for (const { p50, p90, p99, p999 } of parts) {
      expect(p50).toBeGreaterThan(0);
      expect([p50, p90, p99]).toEqual([p50, p90, p99].toSorted((a, b) => a - b));
      expect(p999).toBeGreaterThanOrEqual(p99);
    }
    expect(saved.p50).toBeLessThan(1);
  }
});
