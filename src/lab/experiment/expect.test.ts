import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normalProbability } from '../../metrics/inference/distributions.ts';
import { command } from './expect.ts';

async function expectations(line: string) {
  const answer = await command.run(line.split(' ').filter((word) => word !== ''));
  return (design: string, mechanism: string) => {
    const found = answer.rows.find((r) => r.design === design && r.mechanism.startsWith(mechanism));
    if (found === undefined) throw new Error(`no row ${design}, ${mechanism}`);
    return found;
  };
}

test('where partners are short, an experiment by person reports a lift that does not exist', async () => {
  const of = await expectations('--supply 0.5 --lift 0.2');
  expect(of('users', 'displacement')).toMatchObject({
    truth: 0,
    reported: expect.closeTo(0.2, 12) as number,
  });
  expect(of('users', 'rationing').reported).toBeGreaterThan(0.15);
  expect(of('shadow-price', 'rationing').reported).toBe(0);
});

test('which side to randomise depends on the supply', async () => {
  const bias = async (supply: number) => {
    const of = await expectations(`--supply ${supply}`);
    return ['customers', 'listings'].map((side) => {
      const { truth, reported } = of(side, 'booking');
      return Math.abs(reported - truth);
    });
  };
  const [few, many] = [await bias(0.3), await bias(10)];
  expect(few[1]).toBeLessThan(few[0]);
  expect(many[0]).toBeLessThan(many[1]);
});

test('differences in Q are less biased than ticks where one match leaves fewer peers', async () => {
  const of = await expectations('--supply 0.5');
  const [ticks, future] = [of('ticks', 'queue'), of('difference-in-q', 'queue')];
  expect(Math.abs(future.reported - future.truth)).toBeLessThan(0.2 * Math.abs(ticks.reported - ticks.truth));
});

test('a burn-in takes the carry-over out, and pairs hold the whole shared effect', async () => {
  const [plain, late] = [await expectations(''), await expectations('--burn-in 50')];
  const reported = (of: typeof plain) => of('switchback, Bernoulli', 'carry-over').reported;
  expect(reported(late)).toBeGreaterThan(reported(plain));
  expect(plain('users', 'dilution').reported).toBeCloseTo(0.05, 12);
  expect(plain('pairs', 'dilution').reported).toBeCloseTo(0.1, 9);
  await expect(expectations('--burn-in 60')).rejects.toThrow(
    '--burn-in: must be shorter than the window, 60 s',
  );
});

test('a policy that spreads outcomes further harms the lower half although the mean rises', async () => {
  const { spread } = await command.run('--lift 0.1 --log-sd 1 --spread 0.2'.split(' '));
  expect(spread.quantiles[0].effect).toBeLessThan(0);
  expect(spread.quantiles[4].effect).toBeGreaterThan(0.1);
  // ln(1.1) - (1.44 - 1) / 2, over the difference of both deviations.
  expect(spread.crossing_quantile).toBeCloseTo(normalProbability((0.22 - Math.log(1.1)) / 0.2), 9);
  const same = await command.run('--lift 0.1 --spread 0'.split(' '));
  expect(same.spread.crossing_quantile).toBeNull();
  for (const { effect } of same.spread.quantiles) expect(effect).toBeCloseTo(0.1, 9);
});

test('what an experiment measured stands beside what a mechanism predicts', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'expect-')), 'report.json');
  const figures = { users: { matched: { estimate: 0.2 } }, switchback: { matched: { estimate: 0.01 } } };
  const truth = { matched: { effect: 0 } };
  const rows = [{ design: 'paired', metric: 'matched', mean_a: 0.8 }];
  writeFileSync(path, JSON.stringify({ designs: figures, truth, rows }));
  const of = await expectations(`--report ${path}`);
  // Treated 0.9 and control 0.7, around a supply of 0.8.
  const displaced = of('users', 'displacement');
  expect(displaced.reported).toBeCloseTo(0.9 / 0.7 - 1, 12);
  expect(displaced).toMatchObject({
    truth: 0,
    measured: expect.closeTo(0.25, 12) as number,
    measured_truth: 0,
  });
  expect(of('switchback, Bernoulli', 'carry-over').measured).toBeCloseTo(0.0125, 12);
  expect(of('ticks', 'queue').measured).toBeNull();
  writeFileSync(path, JSON.stringify({ designs: figures, truth, rows: [] }));
  await expect(expectations(`--report ${path}`)).rejects.toThrow('there is no mean of matched under A');
});
