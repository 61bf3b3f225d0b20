/**
 * Measures and checks a real GPU from a terminal. `measure.sh` runs the parts one after the other.
 *
 *   adapter                       identity, features and limits of the adapter
 *   vectors FILE N DIM whole|fraction
 *   check   --sizes N,N           pairs of the GPU against the CPU reference
 *   product --sizes N,N           plain WGSL matrix product, n x 64 by 64 x n
 *   ticks   OF:MATCHER:N:TICKS .. whole ticks with percentiles; OF is `market` or a family of pools
 *   summary DIR                   one page from the results that the other parts left in DIR
 *
 *   --out FILE                    writes JSON to FILE after every step
 *   --dawn FLAG,FLAG              Dawn flags for product and ticks, e.g.
 *                                 enable-dawn-features=disable_robustness
 *   --seconds S                   time limit: of the whole part (check) or of each measurement
 *                                 (ticks)
 */
import { renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { poolFamilies } from '../../src/gpu/testing/pools.ts';
import { describeAdapter, EXACT_TIMES } from './adapter.ts';
import { check } from './check.ts';
import { benchProducts } from './product.ts';
import { summarize } from './summary.ts';
import { benchTickSpread, type TickRun, type TickSpread } from './ticks.ts';
import { writeVectors } from './vectors.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    sizes: { type: 'string' },
    seconds: { type: 'string' },
    dawn: { type: 'string' },
  },
});
const [command, ...rest] = positionals;
const seconds = Number(values.seconds ?? 20);
const flags = values.dawn === undefined ? undefined : [EXACT_TIMES, ...values.dawn.split(',')];
const sizes = (values.sizes ?? '2000').split(',').map(Number);

/** Writes atomically: a process that is stopped leaves the last complete result. */
function save(result: unknown): void {
  const text = `${JSON.stringify(result, null, 1)}\n`;
  if (values.out === undefined) return void process.stdout.write(text);
  writeFileSync(`${values.out}.part`, text);
  renameSync(`${values.out}.part`, values.out);
}
const progress = (text: string) => void process.stderr.write(`${text}\n`);
const saveRows = (rows: unknown[], text: string) => {
  progress(text);
  if (values.out !== undefined) save(rows);
};

/** @returns whether every check passed. */
async function run(): Promise<boolean> {
  switch (command) {
    case 'adapter':
      save(await describeAdapter());
      return true;
    case 'vectors': {
      const [file, n, dim, kind] = rest;
      writeVectors(file, Number(n), Number(dim), kind as 'whole' | 'fraction');
      return true;
    }
    case 'check': {
      const rows = await check(sizes, seconds, saveRows);
      save(rows);
      return rows.every((row) => !row.exact || (row.samePairs && row.sameTwice));
    }
    case 'product':
      await benchProducts(sizes, flags, saveRows);
      return true;
    case 'ticks':
      return measureTicks(rest.map(tickRun));
    case 'summary': {
      const { json, text } = summarize(rest[0]);
      if (values.out !== undefined) save(json);
      process.stdout.write(text);
      return true;
    }
    default:
      progress(`unknown command ${command}; known: adapter, vectors, check, product, ticks, summary`);
      return false;
  }
}

/** An error in one run does not stop the others. */
async function measureTicks(runs: readonly TickRun[]): Promise<boolean> {
  const all: TickSpread[] = [];
  for (const run of runs)
    try {
      const row = await benchTickSpread(run, seconds, flags, progress);
      all.push(row);
      progress(`  p50 ${row.tickMs.p50.toFixed(2)} ms, p99 ${row.tickMs.p99.toFixed(2)} ms`);
      save(all);
    } catch (error) {
      progress(`ticks ${JSON.stringify(run)}: ${textOf(error)}`);
    }
  return all.length === runs.length;
}

/** Parses OF:MATCHER:N:TICKS. */
function tickRun(text: string): TickRun {
  const [of, matcher, n, ticks] = text.split(':');
  const family = of === 'market' ? of : poolFamilies.find((name) => name === of);
  if (family === undefined || (matcher !== 'greedy' && matcher !== 'auction'))
    throw new Error(`expected OF:MATCHER:N:TICKS, got ${text}`);
  return { of: family, matcher, n: Number(n), ticks: Number(ticks) };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

run().then(
  // A thread of Dawn keeps the process alive.
  (passed) => process.exit(passed ? 0 : 1),
  (error: unknown) => {
    progress(textOf(error));
    process.exit(1);
  },
);
