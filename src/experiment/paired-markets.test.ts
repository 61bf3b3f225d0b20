import { describe, expect, test } from 'vitest';
import { numbers, tableBuffers, texts } from '../base/table.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { parsePolicy } from '../scenario/parse.ts';
import { presetById } from '../scenario/presets.ts';
import type { Policy, Scenario } from '../scenario/schema.ts';
import { createMarket } from '../sim/market.ts';
import type { ChatStart, Market } from '../sim/types.ts';
import { createPairedMarkets } from './paired-markets.ts';

const preset = presetById('simpson-reversal')!;
const small: Scenario = {
  ...preset.scenario,
  population: { ...preset.scenario.population, people: 4_000, online: 500, arrivalsPerMinute: 200 },
};
const marketOf = (policy: Policy, scenario = small) =>
  createMarket({ scenario, policy, backend: createCpuBackend() });

async function live(a: Market, b: Market, ticks: number) {
  for (let t = 0; t < ticks; t++) {
    await a.tick();
    await b.tick();
  }
}

describe('two policies through the same evening', () => {
  test('slices count every chat once per side, with the means of the chats themselves', async () => {
    const [a, b] = [marketOf(small.policy), marketOf(preset.other!)];
    const chats: ChatStart[][] = [[], []];
    [a, b].forEach((m, i) => m.observe({ chatBegan: (c) => chats[i].push({ ...c }) }));
    const pair = createPairedMarkets(a, b);
    await live(a, b, 160);
    const table = pair.table();
    const n = [numbers(table, 'n_a'), numbers(table, 'n_b')];
    const mean = [numbers(table, 'mean_a'), numbers(table, 'mean_b')];
    const dimension = texts(table, 'dimension');
    const slice = texts(table, 'slice');
    [a, b].forEach((market, m) => {
      expect(n[m][0]).toBe(2 * chats[m].length);
      for (const d of ['country', 'gender', 'age', 'newcomer', 'filter', 'hour']) {
        const rows = dimension.flatMap((name, r) => (name === d ? [r] : []));
        expect(rows.reduce((s, r) => s + n[m][r], 0)).toBe(n[m][0]);
        expect(rows.reduce((s, r) => s + n[m][r] * (mean[m][r] || 0), 0) / n[m][0]).toBeCloseTo(
          mean[m][0],
          8,
        );
      }
      const women = chats[m].flatMap((c) =>
        [c.a, c.b].filter((p) => market.world.people.gender[p] === 0).map(() => c.duration),
      );
      const r = slice.indexOf('women');
      expect(n[m][r]).toBe(women.length);
      expect(mean[m][r]).toBeCloseTo(women.reduce((s, v) => s + v, 0) / women.length, 8);
    });
    const [effect, low, high] = ['effect', 'low', 'high'].map((c) => numbers(table, c));
    expect(low[0]).toBeLessThan(effect[0]);
    expect(high[0]).toBeGreaterThan(effect[0]);
    expect(table.facts).toMatchObject({
      metric: 'mean chat length',
      policy_a: 'rules, threshold 24',
      policy_b: 'oracle, threshold 0',
    });

    // Other outcomes of the same evening.
    const shares = pair.table('short');
    const swiped = chats[1].filter((c) => c.duration < small.behaviour.swipeSeconds).length / chats[1].length;
    expect(numbers(shares, 'mean_b')[0]).toBeCloseTo(swiped, 10);
    expect(shares.columns.find((c) => c.name === 'effect')?.unit).toBe('1');
    const matched = numbers(pair.table('matched'), 'mean_a')[0];
    expect(matched).toBeGreaterThan(0);
    expect(matched).toBeLessThanOrEqual(1);
    pair.metric = 'wait';
    expect(pair.table().facts['metric']).toBe('mean wait');

    // Fresh arrays, and nothing more after dispose.
    const before = numbers(pair.table('chat'), 'n_a')[0];
    const buffers = tableBuffers(pair.table('chat'));
    expect(tableBuffers(pair.table('chat')).some((x) => buffers.includes(x))).toBe(false);
    pair.dispose();
    await live(a, b, 5);
    expect(numbers(pair.table('chat'), 'n_a')[0]).toBe(before);
  });

  test('the same policy twice: no effect in any slice, no doubt about it, no verdict', async () => {
    const [a, b] = [marketOf(small.policy), marketOf(small.policy)];
    const pair = createPairedMarkets(a, b);
    await live(a, b, 60);
    expect(pair.slices()[0].nA).toBeGreaterThan(20);
    for (const s of pair.slices()) expect(s.effect).toBe(0);
    expect(pair.slices()[0]).toMatchObject({ low: 0, high: 0 });
    expect(pair.table().facts['verdict']).toBe('none');
  });

  test('before anything has happened there is one row, and it claims nothing', () => {
    const pair = createPairedMarkets(marketOf(small.policy), marketOf(preset.other!));
    const table = pair.table();
    expect(table.rows).toBe(1);
    expect(numbers(table, 'effect')[0]).toBeNaN();
    expect(table.facts).toMatchObject({
      verdict: 'none',
      explanation: 'No chats have begun under both policies yet.',
    });
  });

  test('markets of different evenings are refused', () => {
    const a = marketOf(small.policy);
    expect(() => createPairedMarkets(a, a)).toThrow('both are the same one');
    const other = marketOf(parsePolicy({ scorer: 'random' }), { ...small, seed: small.seed + 1 });
    expect(() => createPairedMarkets(a, other)).toThrow('must live through the same evening');
  });
});
