import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../cli/options.ts';
import { command as aa } from './aa.ts';
import { command } from './run.ts';
import { command as windows } from './windows.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-experiment-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = {
  scenario: { population: { people: 400, online: 100, arrivalsPerMinute: 60 } },
  a: { scorer: 'random', matcher: 'greedy' },
  b: { scorer: 'rules', matcher: 'greedy' },
  ...{ ticks: 60, seed: 50_000, metrics: ['chat', 'matched'] },
};

/** The answer to a file of this content, as a user reads it: through JSON. */
async function answer(content: unknown, ...args: string[]) {
  const path = join(folder, 'experiment.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const said: string[] = [];
  const result = await command.run([path, '--workers', '0', ...args], (line) => said.push(line));
  return { ...(JSON.parse(JSON.stringify(result)) as typeof result), said };
}

test('the truth is the mean over evenings; a seed on the command line replaces that of the file', async () => {
  const { evenings, first_seed, identical, truth, designs, rows } = await answer(
    small,
    ...['--evenings', '2', '--seed', '50010', '--design', 'paired'],
  );
  expect([evenings, first_seed, identical]).toEqual([2, 50_010, 0]);
  expect(rows.map((r) => [r.seed, r.metric])).toEqual([
    [50_010, 'chat'],
    [50_010, 'matched'],
    [50_011, 'chat'],
    [50_011, 'matched'],
  ]);
  const chats = rows.filter((r) => r.metric === 'chat').map((r) => r.estimate!);
  expect(truth.chat!.effect).toBeCloseTo((chats[0] + chats[1]) / 2, 10);
  expect(truth.chat!.standard_error).toBeCloseTo(Math.abs(chats[0] - chats[1]) / 2, 10);
  expect(designs.paired!.chat).toMatchObject({ bias: 0, intervals: 2 });
});

test('the same policy twice is the same evening, and harms nobody', async () => {
  const { identical, truth, designs } = await answer(
    { ...small, b: small.a },
    '--evenings',
    '1',
    '--design',
    'paired',
  );
  expect([identical, truth.chat]).toMatchObject([1, { effect: 0, standard_error: null, low: null }]);
  expect(designs.paired!.chat).toMatchObject({ worse_off: 0, better_off: 0, sd: null, power: null });
});

test('prints one table per metric', async () => {
  const text = command.print(await answer(small, '--evenings', '2', '--design', 'ticks'));
  expect(text).toMatch(/^2 evenings, seeds 50000 to 50001\n\nchat: true effect [\d.-]+, error /);
  expect(text).toMatch(/\n {2}paired .*\n {2}ticks /);
});

test('by default every design that can split the policies is lived through; the others are named', async () => {
  const tick = { ...small, ticks: 20, b: { ...small.a, matcher: 'random' }, metrics: ['chat'] };
  const { designs, said } = await answer(tick, '--evenings', '1', '--aa');
  expect(Object.keys(designs)).toEqual([
    ...['paired', 'switchback', 'switchback-ht', 'switchback-corrected', 'ticks', 'difference-in-q'],
  ]);
  expect(said.filter((line) => line.includes('matcher'))).toHaveLength(1);
  expect(said[0]).toMatch(/^users, cuped, .*budget-split are left out: .*matcher/);
});

test('--out writes the rows as CSV', async () => {
  const out = join(folder, 'rows.csv');
  const { rows } = await answer(small, '--evenings', '1', '--design', 'paired', '--out', out);
  const [head, first] = readFileSync(out, 'utf8').split('\r\n');
  expect(head).toMatch(/^seed,design,metric,estimate,low,high/);
  expect(first.split(',').slice(0, 4)).toEqual(['50000', 'paired', 'chat', String(rows[0].estimate)]);
});

test.each<[string, readonly string[], string]>([
  ['a misspelt design', ['--design', 'userz'], '--design: there is no design "userz"; did you mean "users"?'],
  [
    'an impossible design',
    ['--design', 'users'],
    '--design: users is impossible here: arm A and arm B share',
  ],
  ['an unknown ending', ['--out', 'x.xlsx'], '--out: must end in .csv or .json; it is "x.xlsx"'],
])('%s is wrong usage', async (_, args, message) => {
  const b = { ...small.b, matcher: 'auction' };
  const wrong: unknown = await answer({ ...small, b }, ...args).catch((e: unknown) => e);
  expect(wrong).toBeInstanceOf(UsageError);
  expect((wrong as UsageError).message).toContain(message);
});

test.each<[string, unknown, string]>([
  ['a misspelt knob', '{\n "b": { "scorers": "rules" } }', ':2:9: experiment.b.scorers: there is no knob'],
  ['an empty file', '', ':1:1: the file is empty'],
  [
    'a warm-up that is too long',
    '{"ticks": 10,\n  "warm_up": 5}',
    ':2:3: experiment.warm_up: warm_up is 5 s',
  ],
])('%s is refused with its place', async (_, content, message) => {
  await expect(answer(content)).rejects.toThrow(message);
});

test.each([
  ['run', command, ['--seed', '4294967295']],
  ['run, by the seed of the file', command, []],
  ['aa', aa, []],
  ['windows', windows, ['--windows', '2']],
])('a last evening beyond the last seed is refused: %s', async (_, of, args) => {
  const path = join(folder, 'seeds.json');
  writeFileSync(path, JSON.stringify({ ...small, seed: 4_294_967_294 }));
  const running: Promise<unknown> = of.run([path, '--evenings', '3', ...args], () => undefined);
  await expect(running).rejects.toThrow('take a first seed of at most 4294967293');
});
