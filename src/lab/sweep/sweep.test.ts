import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SettingMean } from '../../experiment/sweep/sweep.ts';
import { UsageError } from '../cli/options.ts';
import { command } from './sweep.ts';

let folder: string;
let scenario: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-sweep-'));
  scenario = join(folder, 'small.json');
  const population = { people: 1000, online: 100, arrivalsPerMinute: 60 };
  writeFileSync(scenario, JSON.stringify({ seed: 50_000, population, policy: { scorer: 'rules' } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const grid = ['--vary', 'policy.threshold=0:20:20', '--vary', 'policy.matcher=greedy,auction'];
const small = ['--seeds', '2', '--ticks', '20', '--workers', '0'];

/** Runs a sweep, and returns what it said. */
async function sweep(args: readonly string[]) {
  const said: string[] = [];
  const result = await command.run([scenario, ...args], (line) => said.push(line));
  return { ...(result as { rows: Record<string, unknown>[]; summary: object[] }), said };
}

test('one row per setting and seed; CSV, Parquet and JSON hold the same values', async () => {
  const files = ['csv', 'parquet', 'json'].map((ending) => join(folder, `all.${ending}`));
  // With every metric: nobody returns within ten seconds, so that some values are missing.
  const args = [...grid, ...small, '--metrics', 'chat,matched,returns,chat-p50', '--warm-up', '1'];
  const results = [];
  for (const file of files) results.push(await sweep([...args, '--out', file]));
  const { rows, summary } = results[0];
  expect(rows).toHaveLength(8);
  expect(rows[2]).toMatchObject({
    ...{ 'policy.threshold [s or points]': 0, 'policy.matcher': 'auction', seed: 50_000 },
    'chat [s]': expect.any(Number) as number,
    digest: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
  });
  expect(summary).toHaveLength(4);
  // A setting against the one before, evening by evening.
  const chat = rows.map((row) => Number(row['chat [s]']));
  const { change } = summary[3] as { change: Record<string, SettingMean> };
  expect(change['chat'].mean).toBeCloseTo((chat[6] + chat[7] - chat[4] - chat[5]) / 2, 12);
  expect(summary.map((s) => (s as { change: object | null }).change === null)).toEqual([
    true,
    false,
    true,
    false,
  ]);
  const [csv, parquet, json] = files.map((file) => readFileSync(file));
  expect(JSON.parse(json.toString())).toEqual(rows);
  const buffer = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length);
  expect(await parquetReadObjects({ file: buffer })).toEqual(rows);
  const [head, ...lines] = csv.toString().trimEnd().split('\r\n');
  expect(head.split(',')).toEqual(Object.keys(rows[0]));
  expect(lines.map((line) => line.split(','))).toEqual(
    rows.map((row) => Object.values(row).map((value) => String((value as number | string | null) ?? ''))),
  );
});

/** Runs `lab sweep` in a process of its own and sends SIGINT when the journal has two results. */
function interrupt(
  args: readonly string[],
  journal: string,
): Promise<{ signal: string | null; said: string }> {
  const lab = ['--import', 'tsx', '--import', './src/lab/register.mjs', 'src/lab/main.ts', 'sweep', scenario];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...lab, ...args], { cwd: join(import.meta.dirname, '../../..') });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const timer = setInterval(() => {
      if (!existsSync(journal) || readFileSync(journal, 'utf8').split('\n').length < 4) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 20);
    child.on('close', (_, signal) => {
      clearInterval(timer);
      resolve({ signal, said });
    });
  });
}

test('a cancelled sweep keeps its finished evenings', async () => {
  const file = join(folder, 'cancelled.csv');
  const journal = `${file}.partial`;
  // It would take hours.
  const endless = [...grid, '--seeds', '9999', '--ticks', '20', '--workers', '0', '--out', file];
  const { signal, said } = await interrupt(endless, journal);
  expect(signal).toBe('SIGINT');
  expect(said).toContain(`of 39996 evenings are kept in ${journal}; --resume goes on from there`);
  expect(existsSync(file)).toBe(false);
});

test('a sweep goes on where it ended: what is finished does not run again', async () => {
  const whole = join(folder, 'whole.csv');
  await sweep([...grid, ...small, '--out', whole]);
  const file = join(folder, 'resumed.csv');
  const journal = `${file}.partial`;
  const args = [...grid, ...small, '--out', file];
  // The table cannot be written: the evenings are kept.
  mkdirSync(file);
  await expect(sweep(args)).rejects.toThrow('resumed.csv: cannot be written: it is a folder');
  rmdirSync(file);
  // Two results that no evening gives, and a line that a killed process did not finish.
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, 3);
  const marked = lines.map((line) => line.replace(/"digest":"\w+"/, '"digest":"kept"'));
  writeFileSync(journal, `${marked.join('\n')}\n{"job":2,"resu`);

  await expect(sweep(args)).rejects.toThrow(
    'resumed.csv.partial: holds 2 finished evenings of an earlier run; --resume goes on from there',
  );
  await expect(sweep([...args, '--warm-up', '1', '--resume'])).rejects.toThrow('was made by another sweep');
  const { said } = await sweep([...args, '--resume']);
  expect(said[0]).toBe('2 of 8 evenings are finished already');
  expect(existsSync(journal)).toBe(false);
  const rows = readFileSync(file, 'utf8').split('\r\n');
  expect(rows.slice(1, 3).every((row) => row.endsWith(',kept'))).toBe(true);
  expect(rows.toSpliced(1, 2)).toEqual(readFileSync(whole, 'utf8').split('\r\n').toSpliced(1, 2));
});

test('a file that is no journal is left alone', async () => {
  const file = join(folder, 'mine.csv');
  writeFileSync(`${file}.partial`, 'my notes');
  await expect(sweep([...small, '--out', file, '--resume'])).rejects.toThrow(
    'mine.csv.partial: is needed for finished evenings, but holds something else; move it away',
  );
  expect(readFileSync(`${file}.partial`, 'utf8')).toBe('my notes');
});

test('the summary is the mean over the evenings of a setting', async () => {
  const { rows, summary } = await sweep([
    '--vary',
    'population.online=50:200:x2',
    ...small,
    '--metrics',
    'chat',
  ]);
  const own = rows
    .filter((row) => row['population.online [people]'] === 100)
    .map((row) => row['chat [s]'] as number);
  const { setting, metrics } = summary[1] as { setting: object; metrics: Record<string, SettingMean> };
  expect(setting).toEqual({ 'population.online': 100 });
  const { evenings, mean, low, high } = metrics['chat'];
  expect([evenings, mean]).toEqual([2, (own[0] + own[1]) / 2]);
  // 12.706 is the t quantile of one degree of freedom.
  expect(high! - low!).toBeCloseTo(12.7062047 * Math.abs(own[0] - own[1]), 5);
});

test.each<[string, string[], string]>([
  ['an unknown knob', ['--vary', 'policy.mood=1,2'], '--vary policy.mood=1,2: there is no knob of this name'],
  [
    'a value out of range',
    ['--vary', 'policy.threshold=-5:60:5'],
    '--vary policy.threshold=-5:60:5: Quality threshold must lie between 0 and 2000 s or points; it is -5',
  ],
  [
    'an unknown word',
    ['--vary', 'policy.matcher=greedy,lucky'],
    'must be one of random, first-come, greedy, auction; it is "lucky"',
  ],
  ['no values', ['--vary', 'policy.threshold'], '--vary: expected KNOB=VALUE,VALUE,...'],
  ['an empty value', ['--vary', 'policy.threshold=1,,2'], '--vary policy.threshold=1,,2: a value is empty'],
  ['a value twice', ['--vary', 'policy.threshold=1,1'], 'the value "1" is given twice'],
  ['half a range', ['--vary', 'policy.threshold=1:2'], 'a range is FIRST:LAST:STEP; it is "1:2"'],
  ['a range without numbers', ['--vary', 'policy.threshold=a:b:c'], 'FIRST, LAST and STEP must be numbers'],
  ['a step back', ['--vary', 'policy.threshold=1:9:-1'], 'STEP must lead from FIRST to LAST; it is "1:9:-1"'],
  ['a factor from zero', ['--vary', 'policy.threshold=0:9:x2'], 'needs FIRST and LAST above 0'],
  ['too many values', ['--vary', 'policy.threshold=0:2000:0.1'], 'a knob has at most 1000 values, not 20001'],
  ['the seed', ['--vary', 'seed=1,2'], 'the seeds of a sweep are --seeds and --first-seed'],
  [
    'a knob twice',
    ['--vary', 'policy.threshold=1', '--vary', 'policy.threshold=2'],
    'this knob is varied twice',
  ],
  [
    'vectors that simulated people lack',
    ['--vary', 'policy.scorer=rules,vectors'],
    '--vary policy.scorer=rules,vectors: the people here are simulated and have no vectors of yours; choose',
  ],
  ['seeds beyond the last', ['--first-seed', '4294967295', '--seeds', '2'], 'seeds end at 4294967295'],
  [
    'a long warm-up',
    ['--ticks', '20', '--warm-up', '10'],
    'the warm-up of 10 s must be shorter than an evening, 10 s',
  ],
  [
    'an unknown metric',
    ['--metrics', 'chat,joy'],
    '--metrics: must list some of chat, first-chat, long, short',
  ],
  [
    'another kind of file',
    ['--out', 'table.xls'],
    '--out: the file must end in .csv, .parquet, .json; it is "table.xls"',
  ],
  ['nothing to resume', ['--resume'], '--resume: needs --out FILE'],
])('refuses %s', async (_, args, message) => {
  const error: unknown = await sweep(args).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toContain(message);
});
