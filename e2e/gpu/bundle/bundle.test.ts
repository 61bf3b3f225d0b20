import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckRow } from '../check.ts';
import type { GpuSummary } from '../summary.ts';
import type { TickSpread } from '../ticks.ts';

// Inside the project, so that the bundles find the package `webgpu` and public/models.
const folder = mkdtempSync(join(resolve('node_modules'), '.gpu-bundle-'));
const run = (bundle: string, ...args: string[]) =>
  execFileSync(process.execPath, [join(folder, bundle), ...args], { encoding: 'utf8', stdio: 'pipe' });
const out = (name: string) => join(folder, name);
const readOut = <T>(name: string) => JSON.parse(readFileSync(out(name), 'utf8')) as T;

beforeAll(() => execFileSync(process.execPath, ['e2e/gpu/bundle/bundle.mjs', folder], { stdio: 'pipe' }));
afterAll(() => rmSync(folder, { recursive: true }));

test('the bundles load where there are no packages', () => {
  const bare = mkdtempSync(join(tmpdir(), 'bare-'));
  cpSync(folder, bare, { recursive: true });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const start = (bundle: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(bare, bundle), ...args], { encoding: 'utf8' });
  expect(start('lab.mjs', '--version').stdout).toContain(version);
  // An option that there is not: the module has loaded where it says so.
  for (const bundle of ['bench.mjs', 'gpu.mjs']) expect(start(bundle, '--none').stderr).toContain("'--none'");
  rmSync(bare, { recursive: true });
});

test('the bundled check finds the pairs of the CPU on this adapter', () => {
  run('gpu.mjs', 'check', '--sizes', '40', '--seconds', '600', '--out', out('check.json'));
  const rows = readOut<CheckRow[]>('check.json');
  expect(rows.filter((row) => row.exact && row.samePairs && row.sameTwice)).toHaveLength(8);
});

test('the bundled ticks measure a pool, and the summary contains them', () => {
  run('gpu.mjs', 'adapter', '--out', out('adapter.json'));
  run('gpu.mjs', 'ticks', 'random:greedy:40:3', '--seconds', '600', '--out', out('ticks.json'));
  expect(readOut<TickSpread[]>('ticks.json')[0].ticks).toBe(3);
  const text = run('gpu.mjs', 'summary', folder, '--out', out('summary.json'));
  expect(text).toMatch(/tick random \d+ greedy x3/);
  expect(readOut<GpuSummary>('summary.json').adapter).not.toBeNull();
});

test('a bundled test file runs without Vitest and reports its results', () => {
  const files = run('tests.mjs').trim().split(' ');
  expect(files).toContain('embed');
  run('tests.mjs', 'embed', out('test-embed.json'));
  const { passed, failed } = readOut<{ passed: number; failed: unknown[] }>('test-embed.json');
  expect(passed).toBeGreaterThan(0);
  expect(failed).toEqual([]);
});

test('the scripts are valid Bash', () => {
  for (const script of ['pack.sh', 'measure.sh']) execFileSync('bash', ['-n', `e2e/gpu/${script}`]);
});
