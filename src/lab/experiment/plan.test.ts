import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command } from './plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (line: string) => command.run(line.split(' '));

test('each of effect, power and units follows from the other two', async () => {
  for (const unit of [
    '--sd 10',
    '--sd 10 --share 0.2 --cluster-size 12 --icc 0.1',
    '--sd 10 --window-seconds 60',
  ]) {
    const { units } = await plan(`${unit} --effect 4 --power 0.9`);
    expect((await plan(`${unit} --effect 4 --units ${units}`)).power).toBeCloseTo(0.9, 6);
    expect((await plan(`${unit} --power 0.9 --units ${units}`)).effect).toBeCloseTo(4, 6);
  }
});

test('16 standard deviations squared over the effect squared per arm, as every textbook has it', async () => {
  const { units, units_needed: needed, days } = await plan('--sd 1 --effect 0.1 --units-per-day 100');
  expect(units / 2).toBeCloseTo(2 * 2.8016 ** 2 * 100, 0);
  expect(needed).toBe(Math.ceil(units));
  expect(days).toBeCloseTo(needed / 100, 12);
});

test('clusters need more people, a pre-period fewer', async () => {
  const { units } = await plan('--sd 1 --effect 0.1');
  expect((await plan('--sd 1 --effect 0.1 --cluster-size 11 --icc 0.1')).units).toBeCloseTo(2 * units, 6);
  expect((await plan('--sd 1 --effect 0.1 --correlation 0.6')).units).toBeCloseTo(0.64 * units, 6);
});

test('whole windows, as many in either arm, and their time', async () => {
  const { units, units_needed: needed, seconds } = await plan('--sd 3 --window-seconds 60 --effect 2');
  expect(needed % 2).toBe(0);
  expect(needed).toBeGreaterThanOrEqual(units);
  expect(seconds).toBe(60 * needed);
});

test('what a market remembers shrinks the estimate; a burn-in takes it out', async () => {
  const share = async (more: string) =>
    (await plan(`--sd 3 --window-seconds 60 --effect 2 --memory-seconds 10${more}`)).measured_share!;
  const [plain, late] = [await share(''), await share(' --burn-in 30')];
  expect(plain.bernoulli).toBeCloseTo(1 - 10 / 60, 1);
  expect(plain.alternating).toBeLessThan(plain.bernoulli);
  expect(late.bernoulli).toBeGreaterThan(0.97);
});

test('looking again and again costs false alarms, or width', async () => {
  const { looks } = await plan('--sd 1 --effect 0.1 --looks 5');
  // Armitage, McPherson and Rowe (1969): 14.2 % at five looks.
  expect(looks!.fixed_interval).toBeCloseTo(0.142, 1.5);
  expect(looks!.always_valid).toBeLessThan(0.05);
  expect(looks!.times_wider).toBeGreaterThan(1.2);
  expect((await plan('--sd 1 --effect 0.1')).looks).toBeNull();
});

test('the error of an evening comes from a report', async () => {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify({ designs: { switchback: { chat: { sd: 3 }, wait: { sd: null } } } }));
  const { of, effect } = await plan(`--report ${path} --units 9`);
  expect([of, effect]).toEqual(['evenings', expect.closeTo(2.8016, 3)]);
  await expect(plan(`--report ${path} --units 9 --metric wait`)).rejects.toThrow(
    'there is no standard deviation of wait under switchback',
  );
});

test.each([
  ['--sd 1', '--effect: and --units are both missing'],
  ['--sd 1 --effect 1 --units 5 --power 0.8', 'follows from the other two'],
  ['--effect 1', 'give either --sd or --report'],
  ['--sd 0 --effect 1', '--sd: must be a number above 0; it is "0"'],
  ['--sd 1 --effect 1 --memory-seconds 9', '--memory-seconds: needs --window-seconds'],
  ['--sd 1 --effect 1 --window-seconds 9 --memory-seconds 9 --burn-in 9', '--burn-in: must be shorter'],
  ['--sd 1 --effect 1 --power 0.04', 'the power must be above alpha, 0.05; it is 0.04'],
])('lab experiment plan %s is refused', async (line, message) => {
  await expect(plan(line)).rejects.toThrow(message);
});
