import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import type { Balance } from '../../sim/types.ts';
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
  test('tells the evening of a preset in figures that agree with each other', async () => {
    const result = await command.run(['default-evening', '--seed', '3', '--tables', ...quick]);
    const balance = result['balance'] as Record<string, Balance>;
    const totals = result['totals'] as Record<string, number>;
    for (const b of Object.values(balance)) expect(b.arrivals).toBe(b.waiting + b.inChat + b.left);
    expect(totals['arrivals']).toBe(balance['all'].arrivals);
    expect(totals['leftWaiting'] + totals['leftDone']).toBe(totals['left']);
    expect(2 * (totals['pairs'] - totals['chatsEnded'])).toBe(totals['inChat']);
    expect(result['simulatedSeconds']).toBe(60);
    expect(result['matchesPerSecond']).toBeCloseTo(totals['pairs'] / 60, 9);
    expect(result).toMatchObject({
      seed: 3,
      ticks: 120,
      backend: 'cpu',
      durations: { count: totals['chatsEnded'] },
    });
    const latency = result['latency'] as Record<string, number | string>[];
    expect(latency.map((row) => row['stage'])).toContain('tick');
    for (const row of latency) expect(row['p999_ms']).toBeGreaterThanOrEqual(row['p50_ms'] as number);
    const segments = result['segments'] as Record<string, number | string>[];
    const supply = segments.filter((s) => s['dimension'] === 'gender').map((s) => Number(s['supply']));
    expect(supply.reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
    expect(Object.keys(result['tables'] as object)).toContain('supply-series');
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(command.print(result)).toContain(String(result['digest']));
  });

  test('is the same for a preset and its file, and twice in a row', async () => {
    const preset = await command.run(['simpson-reversal', ...quick]);
    const json = file('evening.json', JSON.stringify(preset['scenario'], null, 2));
    const again = await command.run([json, '--backend', 'cpu', '--ticks', '120']);
    expect(again['digest']).toBe(preset['digest']);
    const other = await command.run([json, '--backend', 'cpu', '--ticks', '120', '--seed', '99']);
    expect(other['digest']).not.toBe(preset['digest']);
  });

  test('shows what each scorer is worth: people stay longer with rules than with chance, longer with towers, longest with the oracle', async () => {
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
      means.push((durations as { mean: number }).mean);
    }
    for (let i = 1; i < means.length; i++)
      expect(means[i] / means[i - 1], String(means)).toBeGreaterThan(1.03);
  });

  test('can live through no tick at all', async () => {
    const result = await command.run(['calm-afternoon', ...quick.slice(0, -1), '0']);
    expect(result).toMatchObject({ ticks: 0, matchesPerSecond: 0, durations: { count: 0, mean: null } });
    expect(command.print(result)).toContain('0 ticks');
  });

  test.each<[string, () => string[], RegExp]>([
    ['no scenario', () => [], /one SCENARIO was expected/],
    [
      'an unknown preset',
      () => ['tea-time'],
      /^tea-time: cannot be read \(ENOENT\); expected .*default-evening/,
    ],
    ['an unknown option', () => ['default-evening', '--fast'], /--fast/],
    ['half a tick', () => ['default-evening', '--ticks', '1.5'], /--ticks: must be a whole number.*"1.5"/],
    ['a negative seed', () => ['default-evening', '--seed=-1'], /--seed: must be a whole number/],
    [
      'another backend',
      () => ['default-evening', '--backend', 'abacus'],
      /--backend: .*auto, cpu, gpu.*abacus/,
    ],
    ['no scale', () => ['default-evening', '--scale', '0'], /--scale/],
    [
      'a setting without value',
      () => ['default-evening', '--set', 'policy.scorer'],
      /--set: expected KNOB=VALUE/,
    ],
    [
      'an unknown knob',
      () => ['default-evening', '--set', 'policy.mood=1'],
      /policy\.mood: there is no knob/,
    ],
    ['an unknown group', () => ['default-evening', '--set', 'tea=1'], /--set tea: there is no knob/],
    [
      'a bad value',
      () => ['default-evening', '--set', 'policy.tickMs=1'],
      /policy\.tickMs: .*between 50 and 10000 ms; it is 1/,
    ],
    [
      'broken JSON',
      () => [file('broken.json', '{\n  "seed": 3,\n  "policy": oops\n}')],
      /broken\.json:3:13: expected JSON; found "o"/,
    ],
    [
      'JSON that ends',
      () => [file('short.json', '{\n  "seed": 3')],
      /short\.json:2:12: expected JSON; the file ends too soon/,
    ],
    [
      'a wrong knob in a file',
      () => [file('wrong.json', '{\n  "population": {\n    "people": 60000,\n    "women": 3\n  }\n}')],
      /wrong\.json:4:5: scenario\.population\.women: Women must lie between 0 and 1; it is 3/,
    ],
  ])('refuses %s in one line', async (_, args, message) => {
    const error = await command.run(args()).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message.replace(folder, '')).toMatch(message);
    expect((error as LabError).message).not.toContain('\n');
  });
});
