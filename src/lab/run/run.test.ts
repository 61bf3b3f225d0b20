import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../cli/options.ts';
import { command } from './run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const quick = ['--backend', 'cpu', '--set', 'policy.scorer=rules', '--scale', '0.1', '--ticks', '120'];

describe('lab run', () => {
  test('reports figures of a preset that agree with each other', async () => {
    const result = await command.run(['default-evening', '--seed', '3', '--tables', ...quick]);
    const { balance, totals } = result;
    for (const b of Object.values(balance)) expect(b.arrivals).toBe(b.waiting + b.inChat + b.left);
    expect(totals['arrivals']).toBe(balance['all'].arrivals);
    expect(totals['leftWaiting'] + totals['leftDone']).toBe(totals['left']);
    expect(2 * (totals['pairs'] - totals['chatsEnded'])).toBe(totals['inChat']);
    expect(result.simulatedSeconds).toBe(60);
    expect(result.matchesPerSecond).toBeCloseTo(totals['pairs'] / 60, 9);
    expect(result).toMatchObject({
      seed: 3,
      ticks: 120,
      backend: 'cpu',
      durations: { count: totals['chatsEnded'] },
    });
    expect(result.latency.map((row) => row['stage'])).toContain('tick');
    for (const row of result.latency) {
      expect(row['p99_ms']).toBeGreaterThanOrEqual(row['p50_ms'] as number);
      // 120 ticks do not tell what one of a thousand exceeds.
      expect(row['p999_ms']).toBeNull();
    }
    const genders = result.segments.filter((s) => s['dimension'] === 'gender');
    expect(genders.reduce((sum, s) => sum + Number(s['supply']), 0)).toBeGreaterThan(0);
    expect(Object.keys(result.tables!)).toContain('supply-series');
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(command.print(result)).toContain(result.digest);
  });

  test('is the same for a preset and its file, and twice in a row', async () => {
    const preset = await command.run(['simpson-reversal', ...quick]);
    const json = file('evening.json', JSON.stringify(preset.scenario, null, 2));
    const again = await command.run([json, '--backend', 'cpu', '--ticks', '120']);
    expect(again.digest).toBe(preset.digest);
    const other = await command.run([json, '--backend', 'cpu', '--ticks', '120', '--seed', '99']);
    expect(other.digest).not.toBe(preset.digest);
  });

  test('a link is the evening of its scenario, at its size', async () => {
    const knobs = 'population.size=0.1&policy.scorer=rules';
    const link = await command.run([
      `http://localhost/x/?y#${knobs}`,
      ...quick.slice(0, 2),
      '--ticks',
      '120',
    ]);
    const preset = await command.run(['default-evening', ...quick]);
    expect(link.digest).toBe(preset.digest);
    expect(link.scenario.population).toMatchObject({ size: 0.1, people: 60_000 });
    for (const [text, problem] of [
      ['#', 'this link holds no scenario'],
      ['https://localhost/', 'this link holds no scenario'],
      ['#policy.scorer=x', 'Scorer must be one of'],
    ])
      await expect(command.run([text])).rejects.toThrow(problem);
  });

  test('people stay longer with rules than with chance, longer with towers, longest with the oracle', async () => {
    const means: number[] = [];
    for (const scorer of ['random', 'rules', 'towers', 'oracle']) {
      const args = [
        '--backend',
        'cpu',
        '--scale',
        '0.2',
        '--ticks',
        '300',
        '--set',
        `policy.scorer=${scorer}`,
      ];
      const { durations } = await command.run(['default-evening', ...args]);
      means.push(durations.mean!);
    }
    for (let i = 1; i < means.length; i++)
      expect(means[i] / means[i - 1], String(means)).toBeGreaterThan(1.03);
  });

  test('accepts zero ticks', async () => {
    const result = await command.run(['calm-afternoon', ...quick.slice(0, -1), '0']);
    expect(result).toMatchObject({ ticks: 0, matchesPerSecond: 0, durations: { count: 0, mean: null } });
    expect(command.print(result)).toContain('0 ticks');
  });

  test('says which limits a scale meets', async () => {
    const said: string[] = [];
    const few = ['--set', 'population.people=100', '--set', 'population.online=0'];
    const args = ['calm-afternoon', ...few, '--scale', '300', '--ticks', '0', '--backend', 'cpu'];
    const { scenario } = await command.run(args, (line) => said.push(line));
    expect(scenario.population.arrivalsPerMinute).toBe(100_000);
    expect(said).toContain(
      '--scale 300: population.arrivalsPerMinute would be 120000; its limit 100000 is used',
    );
  });

  test('reads a scenario with a byte order mark', async () => {
    const { seed } = await command.run([file('mark.json', '\uFEFF{"seed":3}'), ...quick.slice(0, -1), '1']);
    expect(seed).toBe(3);
  });

  const preset = 'default-evening';
  test.each<[string, string[], string]>([
    ['no scenario', [], 'SCENARIO is missing; expected SCENARIO'],
    [
      'vectors that nobody has',
      [preset, '--set', 'policy.scorer=vectors'],
      '--set policy.scorer=vectors: this policy scores with your vectors, but these people have none; import',
    ],
    ['two scenarios', [preset, 'x'], 'unexpected argument "x"; expected only SCENARIO'],
    ['an unknown option', [preset, '--fast'], 'there is no option --fast'],
    [
      'half a tick',
      [preset, '--ticks', '1.5'],
      '--ticks: must be a whole number from 0 to 10000000; it is "1.5"',
    ],
    [
      'a negative seed',
      [preset, '--seed', '-1'],
      '--seed: must be a whole number from 0 to 4294967295; it is "-1"',
    ],
    ['a hexadecimal seed', [preset, '--seed=0x10'], '--seed: must be a whole number'],
    [
      'another backend',
      [preset, '--backend', 'abacus'],
      '--backend: must be one of auto, cpu, gpu; it is "abacus"',
    ],
    ['no scale', [preset, '--scale', '0'], '--scale: must be a number above 0 and at most 1000; it is "0"'],
    ['no value', [preset, '--set', 'policy.scorer'], '--set: expected KNOB=VALUE'],
    [
      'an unknown knob',
      [preset, '--set', 'policy.mood=1'],
      '--set policy.mood=1: there is no knob of this name',
    ],
    [
      'a misspelt knob',
      [preset, '--set', 'policy.scorre=1'],
      'there is no knob of this name; did you mean "scorer"?',
    ],
    ['a knob without its group', [preset, '--set', 'tickMs=1'], 'did you mean "policy.tickMs"?'],
    ['a group', [preset, '--set', 'policy=1'], '--set policy=1: "policy" is a group of knobs, not a knob'],
    [
      'a bad value',
      [preset, '--set', 'policy.tickMs=1'],
      '--set policy.tickMs=1: Tick must lie between 50 and 10000 ms; it is 1',
    ],
    [
      'a stage without its time',
      [preset, '--set', 'seed=3', '--set', 'stages.0.policy.tickMs=9'],
      '--set: stages.0.atSeconds: this knob is missing',
    ],
    ...[
      '__proto__=1',
      'constructor.x=1',
      'policy.__proto__=1',
      'policy.toString=1',
      'stages.0.policy.constructor=1',
    ].map((set): [string, string[], string] => [set, [preset, '--set', set], `--set ${set}: `]),
  ])('refuses %s as wrong usage', async (_, args, message) => {
    const error: unknown = await command.run(args).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain(message);
    expect((error as UsageError).message).not.toContain('\n');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test.each(['tea-time', 'constructor', '__proto__'])(
    'refuses %s, which is no preset and no file',
    async (name) => {
      await expect(command.run([name])).rejects.toThrow(
        `${name}: there is no such file or preset; presets are default-evening, `,
      );
    },
  );

  test('writes waits and visits for the other commands; the evening stays the same', async () => {
    const [waits, visits] = ['waits.csv', 'visits.csv'].map((name) => join(folder, name));
    const plain = await command.run(['default-evening', ...quick]);
    const result = await command.run(['default-evening', ...quick, '--waits', waits, '--visits', visits]);
    expect(result.digest).toBe(plain.digest);
    const lines = (path: string) => readFileSync(path, 'utf8').trim().split('\n').length - 1;
    expect(lines(visits)).toBe(result.totals['left']);
    expect(lines(waits)).toBeGreaterThan(result.totals['arrivals']);
    await expect(command.run(['default-evening', ...quick, '--waits', folder])).rejects.toThrow(
      '--waits: the file must end in .csv, .parquet, .json',
    );
    await expect(command.run(['default-evening', ...quick, '--log', 'x.json'])).rejects.toThrow(
      'the file must end in .csv, .parquet',
    );
    const nowhere = join(folder, 'none', 'log.parquet');
    await expect(command.run(['default-evening', ...quick, '--log', nowhere])).rejects.toThrow(
      'cannot be written',
    );
  });
});
