import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { describeAdapter } from './adapter.ts';
import type { CheckRow } from './check.ts';
import type { ProductRow } from './product.ts';
import { summaryText } from './summary-text.ts';
import type { TickSpread } from './ticks.ts';

/**
 * Goals on a real GPU: scoring's share of the library's matrix product, and p99 of a greedy tick by
 * number of people.
 */
const GOALS = { shareOfProduct: 0.5, p99Ms: { 10_000: 5, 100_000: 250 } as Record<number, number> };

/** One matrix product of the vendor's library, from products.py. */
interface LibraryRow {
  readonly n: number;
  readonly kind: 'float32' | 'tf32' | 'float16';
  readonly gflops: number;
  readonly eachMs: number;
}
interface LibraryProducts {
  readonly device?: string;
  readonly error?: string;
  readonly rows?: LibraryRow[];
}

export type GpuSummary = ReturnType<typeof gather>;

/** Summarizes the results in a folder: ratios to the library's matrix product and to the goals. */
export function summarize(folder: string): { json: GpuSummary; text: string } {
  const json = gather(folder);
  return { json, text: summaryText(json) };
}

function gather(folder: string) {
  const read = <T>(name: string) => readJson<T>(folder, name);
  const products = read<LibraryProducts>('products.json');
  const productOf = (n: number) =>
    products?.rows?.find((row) => row.kind === 'float32' && Math.abs(row.n - n) < 128)?.gflops;
  const shareOf = (n: number, gflops: number) => {
    const product = productOf(n);
    return product === undefined ? null : gflops / product;
  };
  const tickRows = (name: string) =>
    (read<TickSpread[]>(name) ?? []).map((row) => {
      const goalP99Ms = goalOf(row);
      // Both are measured without waits.
      const ofProduct = row.of === 'market' ? null : shareOf(row.n, row.scoreGflops.gpu);
      return {
        ...row,
        slowestPasses: slowest(row.passes.byKind),
        goalP99Ms,
        p99Reached: goalP99Ms === null ? null : row.tickMs.p99 < goalP99Ms,
        ofProduct,
        shareReached: ofProduct === null ? null : ofProduct >= GOALS.shareOfProduct,
      };
    });
  return {
    adapter: read<Awaited<ReturnType<typeof describeAdapter>>>('adapter.json') ?? null,
    steps: readText(folder, 'steps.jsonl')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { step: string; rc: number; seconds: number }),
    checks: read<CheckRow[]>('check.json') ?? [],
    tests: testResults(folder),
    lab: labResults(folder),
    products: products ?? null,
    plain: (read<ProductRow[]>('product.json') ?? []).map((row) => ({
      ...row,
      ofProduct: shareOf(row.n, row.gflops),
    })),
    ticks: ['ticks.json', 'ticks-large.json', 'market.json'].flatMap(tickRows),
    unchecked: tickRows('unchecked.json'),
  };
}

function goalOf({ of, matcher, n }: TickSpread): number | null {
  if (matcher !== 'greedy' || (of !== 'random' && of !== 'market')) return null;
  const goal = Object.entries(GOALS.p99Ms).find(([size]) => Math.abs(Number(size) - n) < 0.02 * Number(size));
  return goal?.[1] ?? null;
}

interface TestResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** Results of the test files, and the files without a result. */
function testResults(folder: string) {
  const results = readdirSync(folder)
    .filter((name) => /^test-.*\.json$/.test(name))
    .map((name) => readJson<TestResult>(folder, name))
    .filter((found) => found !== undefined);
  const expected = readText(folder, 'tests.txt')
    .split(/\s+/)
    .filter((name) => name !== '');
  return {
    passed: results.reduce((sum, t) => sum + t.passed, 0),
    failed: results.flatMap((t) => t.failed.map((f) => `${t.name}: ${f.name}: ${f.error.split('\n')[0]}`)),
    unfinished: expected.filter((name) => results.every((t) => t.name !== name)),
  };
}

interface LabOutput {
  readonly pairs?: unknown;
  readonly digest?: string;
  readonly weight?: number;
  readonly upperBound?: number;
  readonly ms?: number;
}

/**
 * Compares the pairs or the digest of NAME.cpu.json and NAME.gpu.json, two outputs of one `lab`
 * command.
 */
function labResults(folder: string): { name: string; same: boolean | null; detail: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpu.json'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.cpu.json'.length);
      const cpu = readJson<LabOutput>(folder, file);
      const gpu = readJson<LabOutput>(folder, `${name}.gpu.json`);
      if (cpu === undefined || gpu === undefined) return { name, same: null, detail: '' };
      if (cpu.digest !== undefined)
        return {
          name,
          same: cpu.digest === gpu.digest,
          detail: `, digests ${cpu.digest} and ${gpu.digest ?? '?'}`,
        };
      // The backends run different auctions on files: weights and bounds are comparable, pairs are
      // not.
      const same = name.endsWith('auction') ? null : JSON.stringify(cpu.pairs) === JSON.stringify(gpu.pairs);
      const figures = (o: LabOutput) =>
        `weight ${o.weight ?? NaN}, bound ${o.upperBound ?? NaN}, ${Math.round(o.ms ?? NaN)} ms`;
      return { name, same, detail: `; cpu: ${figures(cpu)}; gpu: ${figures(gpu)}` };
    });
}

function slowest(byKind: Readonly<Record<string, { passes: number; ms: number }>>): string[] {
  return Object.entries(byKind)
    .sort(([, a], [, b]) => b.ms - a.ms)
    .slice(0, 8)
    .map(([kind, { passes, ms }]) => `${kind} ${ms.toFixed(3)} ms in ${passes}`);
}

/** Parsed JSON, or undefined if the file is missing or incomplete. */
function readJson<T>(folder: string, name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** The text of a file, or '' if it is missing. */
function readText(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
}
