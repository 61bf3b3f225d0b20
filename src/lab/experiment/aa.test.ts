import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { falseAlarmsOf } from '../../experiment/aa/false-alarms.ts';
import { mixedDesigns } from '../../experiment/mixed/possible-designs.ts';
import { outcomesOf } from '../../experiment/run/names.ts';
import { scenario } from '../../scenario/parse.ts';
import type { EveningRow } from '../../experiment/run/rows.ts';
import { command } from './aa.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-aa-'));
afterAll(() => rmSync(folder, { recursive: true }));

const small = {
  scenario: { population: { people: 300, online: 80, arrivalsPerMinute: 60 } },
  a: { scorer: 'random', matcher: 'greedy' },
  b: { scorer: 'random', matcher: 'random' },
  ...{ ticks: 60, seed: 50_400, warm_up: 4, window: 4, looks: 3 },
};
async function answer(content: object, ...line: string[]) {
  const path = join(folder, 'experiment.json');
  writeFileSync(path, JSON.stringify(content));
  return command.run([path, '--workers', '0', ...line], () => undefined);
}

const outcomes = outcomesOf(scenario({}));

test('every design and every metric is judged, or has the reason why it has no interval', async () => {
  const out = join(folder, 'rates.json');
  const report = await answer(small, '--evenings', '2', '--out', out);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(report);
  const atEnd = report.rates.filter((r) => r.interval === 'end');
  expect(atEnd.map((r) => `${r.design} ${r.metric}`).sort()).toEqual(
    ['paired', ...mixedDesigns].flatMap((d) => outcomes.map((m) => `${d} ${m}`)).sort(),
  );
  expect(report.rates.filter((r) => r.interval === 'any look').map((r) => r.metric)).toEqual(outcomes);
  for (const { intervals, rate, reason } of report.rates) {
    expect(rate === null).toBe(intervals === 0);
    if (intervals === 0) expect(reason).toMatch(/\w+/);
  }
  const text = command.print(report);
  expect(text).toContain('No interval for matched, wait, wait-p90 by pairs: a wait belongs to one person');
  expect(text).toMatch(
    new RegExp(`\n${report.within} of ${report.judged} within 5 % . 3 Monte Carlo errors; chance alone`),
  );
});

test('paired markets under the same policy on the same draws say nothing', async () => {
  const report = await answer(
    { ...small, b: { scorer: 'oracle' } },
    ...'--evenings 1 --design ticks'.split(' '),
  );
  expect([...new Set(report.rates.map((r) => r.design))]).toEqual(['ticks']);
});

test('a rate is judged by three Monte Carlo errors; always-valid intervals may claim less', () => {
  const evenings = Array.from({ length: 100 }, (_, e) => {
    const row = (claims: boolean): EveningRow => ({
      ...{ seed: e, design: 'users', metric: 'chat', estimate: 0, method: 't', standard_error: 1 },
      ...{ low: claims ? 0.1 : -2, high: 2 },
    });
    const look = { ...row(false), seconds: 1, mean_a: 0, mean_b: 0 };
    return {
      ...{ seed: e, identical: false, harm: [] },
      rows: [{ ...row(e < 12), design: 'paired' as const, looks: [look, look] }],
      aa: [row(e < 11), { ...row(e < 11), metric: 'time' as const, low: null, high: null }],
    };
  });
  const { rates, judged, within, outside_by_chance } = falseAlarmsOf(evenings);
  // 5 % and three errors of 2.18 %: 11.5 %.
  expect(rates.map((r) => [r.design, r.metric, r.interval, r.claims, r.verdict])).toEqual([
    ['paired', 'chat', 'end', 12, 'above'],
    ['paired', 'chat', 'any look', 0, 'within'],
    ['users', 'chat', 'end', 11, 'within'],
    ['users', 'time', 'end', 0, 'no interval'],
  ]);
  expect([judged, within]).toEqual([3, 2]);
  // P(X >= 12) for 100 evenings at 5 % is .43 %; the lower limit is 0.
  expect(outside_by_chance / 3).toBeCloseTo(0.0043, 3);
});
