import { describe, expect, test } from 'vitest';
import { numbers, tableBuffers, texts } from '../base/table.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { parsePolicy } from '../scenario/parse.ts';
import { presetById } from '../scenario/presets.ts';
import type { Policy, Scenario } from '../scenario/schema.ts';
import { createMarket } from '../sim/market.ts';
import type { ChatStart, Market } from '../sim/types.ts';
import type { EffectMetricName } from './effect-metrics.ts';
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

  test('after a warm-up: figures per person, and waits that go on, are those of the events', async () => {
    const from = 10;
    const [a, b] = [marketOf(small.policy), marketOf({ ...small.policy, threshold: 1000 })];
    const pair = createPairedMarkets(a, b, { warmUpSeconds: from });
    const logs = [a, b].map((market) => {
      const chats: ChatStart[] = [];
      const returns = new Map<number, boolean>();
      const waits: { begin: number; end: number; matched: boolean }[] = [];
      const open = new Map<number, number>();
      const people = new Set<number>();
      const key = (p: number) => p + 1e6 * market.world.people.generation[p];
      market.observe({
        arrived: (p, time) => void open.set(p, time),
        chatBegan(c) {
          if (c.start < from) return;
          chats.push({ ...c });
          people.add(key(c.a)).add(key(c.b));
        },
        ticked({ time, matching }, pool) {
          for (let i = 0; i < pool.n; i++) {
            const p = pool.ids[i];
            if (!open.has(p)) open.set(p, time - pool.waited[i]);
            if (open.get(p)! >= from) people.add(key(p));
            if (matching.mate[i] === -1) continue;
            waits.push({ begin: open.get(p)!, end: time, matched: true });
            open.delete(p);
          }
        },
        left(p, time, reason, waited, nextDay) {
          const began = people.has(key(p)) || (reason === 'waiting' && time - waited >= from);
          if (time >= from && began) returns.set(key(p), nextDay);
          if (reason !== 'waiting') return;
          waits.push({ begin: time - waited, end: time, matched: false });
          if (time - waited >= from) people.add(key(p));
          open.delete(p);
        },
      });
      return { chats, returns, waits, open, people };
    });
    await live(a, b, 100);
    const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;
    logs.forEach((log, m) => {
      const now = a.time;
      for (const [p, begin] of log.open) {
        if (begin >= from) log.people.add(p + 1e6 * [a, b][m].world.people.generation[p]);
        log.waits.push({ begin, end: now, matched: false });
      }
      const waits = log.waits.filter((w) => w.begin >= from);
      const people = log.people.size;
      const figure = (name: EffectMetricName) => {
        const { nA, nB, meanA, meanB } = pair.figures(name);
        return m === 0 ? { n: nA, mean: meanA } : { n: nB, mean: meanB };
      };
      const close = (value: number) => expect.closeTo(value, 4) as number;
      expect(figure('matched')).toEqual({
        n: waits.length,
        mean: close(mean(waits.map((w) => (w.matched ? 1 : 0)))),
      });
      expect(figure('wait').mean).toEqual(close(mean(waits.map((w) => w.end - w.begin))));
      const seconds = log.chats.reduce((s, c) => s + 2 * c.duration, 0);
      expect(figure('time')).toEqual({ n: people, mean: close(seconds / people) });
      expect(figure('chats').mean).toEqual(close((2 * log.chats.length) / people));
      const back = [...log.returns.values()].map(Number);
      expect(figure('returns')).toEqual({ n: back.length, mean: close(mean(back)) });
      const lengths = log.chats.map((c) => c.duration).sort((x, y) => x - y);
      const median = lengths[Math.ceil(lengths.length / 2) - 1] ?? NaN;
      if (m === 0) expect(figure('chat-p50').mean / median).toBeCloseTo(1, 1);
    });
    // Hardly anybody is matched under b, whatever happened to the few whose wait ended.
    expect(pair.look('matched').meanA).toBeGreaterThan(0.3);
    expect(pair.look('matched').meanB).toBeLessThan(0.1);
    expect(pair.look('wait').meanB).toBeGreaterThan(pair.look('wait').meanA);
    // The always-valid interval is the wider one, and an evening of 40 s is too short for waits.
    const [fixed, always] = [pair.figures('time'), pair.look('time')];
    expect(always.high - always.low).toBeGreaterThan(fixed.high - fixed.low);
    expect(pair.figures('wait')).toMatchObject({ low: NaN, high: NaN, standardError: NaN });
    expect(pair.table('time').facts).toMatchObject({ metric_name: 'time', warm_up_s: from });
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
