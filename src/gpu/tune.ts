import type { GpuClock } from './clock.ts';
import type { AdapterFacts, GpuDevice } from './device.ts';
import { structWords } from './kernel.ts';
import { calibrationPool, plainRule } from './probe.ts';
import { Readback } from './readback.ts';
import { upload } from './tables.ts';
import type { Tables } from './tables.ts';
import type { ScorePass } from './passes/score-topk.ts';

/** Where a choice is remembered between visits; localStorage is one. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * Ways to make the first scan, all with the same lists to the bit:
 * - `queue`: scores and tests in registers, hands candidates to a queue per row with atomics, merges in between. Never more memory than the
 *   lists; the way without strips, and for what these do not take.
 * - `strip`: weights to a strip of memory, candidates selected by classes. `plain` loads rows in every lane; `broadcast` loads a row in one
 *   lane of four. The number is of invocations along rows in a workgroup of 8 columns: 64 or 8 in all.
 * - `held`: strips where columns are held in private memory and lists are picked by blocks, for four lanes. Not the one to begin with: such a
 *   device compiles it for seconds, in which it could make many small ticks.
 *
 * Two components in one 32-bit word, 16 bits each, are kept where a load costs as much as thirty multiply-adds (`held`). Not kept: signed bytes for
 * dp4a, by v = 128 h + l, which takes four of them per four products (a software adapter takes them lane by lane: 165-194 ms of CPU time against
 * 109-148 for 67 M multiply-adds); f16, which holds integers up to 2,048 only, and their products not at all.
 */
export const scoreVariants = [
  'queue',
  'strip plain 8',
  'strip plain 1',
  'strip broadcast 1',
  'held',
] as const;
export type ScoreVariant = (typeof scoreVariants)[number];

/** Those that this adapter can run; the one to begin with comes first. */
export function possible({ lanes }: Pick<AdapterFacts, 'lanes'>): ScoreVariant[] {
  return lanes === 4
    ? ['strip broadcast 1', 'held', 'strip plain 8', 'queue']
    : ['strip plain 8', 'strip plain 1', 'queue'];
}

const inProcess = new Map<string, string>();
/** Remembers as long as the process lives. */
export const processMemory: Memory = {
  getItem: (key) => inProcess.get(key) ?? null,
  setItem: (key, value) => void inProcess.set(key, value),
};

// The number rises when the variants change: an old choice then means nothing.
const key = (gpu: GpuDevice) => `halfsecond score 2 ${gpu.name} ${gpu.facts.lanes}`;

/** The choice of an earlier run on this adapter. */
export function remembered(gpu: GpuDevice, memory: Memory): ScoreVariant | undefined {
  const found = memory.getItem(key(gpu));
  return possible(gpu.facts).find((variant) => variant === found);
}

export interface Trial {
  readonly variant: ScoreVariant;
  /** Best of the runs, wall clock. */
  readonly ms: number;
  /** Its lists are those of the first variant, bit for bit. */
  readonly equal: boolean;
}

/**
 * People of the pool that variants are tried on, by kind of adapter: enough for the clock, little enough not to be felt, and on four lanes fewer
 * than those from whom on strips make way for columns held. And components of their vectors.
 */
const TRIAL = { software: 448, hardware: 4096 } as const;
const DIM = 64;
/** Of which the quickest counts. */
const ROUNDS = 4;

/** Runs every possible variant on the same pool and keeps the quickest of those that agree. Call while nothing else runs on the device. */
export async function tune(
  gpu: GpuDevice,
  score: ScorePass,
  clock: GpuClock,
  memory: Memory,
): Promise<Trial[]> {
  const software = gpu.facts.isFallbackAdapter || gpu.facts.lanes === 4;
  const pool = calibrationPool(software ? TRIAL.software : TRIAL.hardware, DIM);
  clock.begin();
  const tables = upload(gpu, pool, plainRule, { matcher: 'greedy', seed: 1 });
  const variants = possible(gpu.facts);
  const times = variants.map(() => Infinity);
  const lists = variants.map(() => '');
  // In turn: a machine shared with others has slow moments, which then hit all of them. The first round warms up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [k, variant] of variants.entries()) {
      await score.choose(variant);
      await score.prepare(tables);
      const start = performance.now();
      score.first(tables, clock);
      await gpu.alive(gpu.device.queue.onSubmittedWorkDone());
      if (round > 0) times[k] = Math.min(times[k], performance.now() - start);
      else lists[k] = JSON.stringify(await readLists(gpu, tables));
    }
  const trials = variants.map((variant, k) => ({ variant, ms: times[k], equal: lists[k] === lists[0] }));
  const best = trials.filter((t) => t.equal).reduce((a, b) => (b.ms < a.ms ? b : a));
  await score.choose(best.variant);
  memory.setItem(key(gpu), best.variant);
  return trials;
}

/** Measures the first scan: sets the size of submissions by it. @returns multiply-adds per second. */
export async function measure(gpu: GpuDevice, score: ScorePass, clock: GpuClock): Promise<number> {
  let best = 0;
  // The first run warms up; sizes grow until a run is long enough for the clock.
  for (let n = 256; n <= 4096; n *= 2) {
    clock.begin();
    const tables = upload(gpu, calibrationPool(n, DIM), plainRule, { matcher: 'greedy', seed: 1 });
    await score.prepare(tables);
    await gpu.alive(gpu.device.queue.onSubmittedWorkDone());
    const start = performance.now();
    const work = score.first(tables, clock);
    await gpu.alive(gpu.device.queue.onSubmittedWorkDone());
    const ms = performance.now() - start;
    best = Math.max(best, (n * n * DIM) / ms);
    if (n > 256) gpu.rate = work / ms;
    if (ms > 40) break;
  }
  return best * 1000;
}

const row = structWords('score-select', 'Row');

export interface RowList {
  /** Position of a candidate and bits of its weight, in turn, best first. */
  readonly list: number[];
  readonly flags: number;
  /** Key of the last entry of a full list. */
  readonly last: number | null;
  /** Weight of the first. */
  readonly top: number;
}

/** What every row knows after a scan. */
export async function readLists(
  gpu: GpuDevice,
  { n, length, bindings }: Pick<Tables, 'n' | 'length' | 'bindings'>,
): Promise<RowList[]> {
  const encoder = gpu.device.createCommandEncoder({ label: 'lists' });
  const { rows, lists } = bindings as Record<string, GPUBuffer>;
  const readback = new Readback(gpu, encoder, [
    { name: 'rows', buffer: rows, bytes: n * row.size * 4 },
    { name: 'lists', buffer: lists, bytes: n * length * 8 },
  ]);
  gpu.device.queue.submit([encoder.finish()]);
  const get = await readback.read();
  const words = new Uint32Array(get('rows'));
  const floats = new Float32Array(get('rows'));
  const entries = new Uint32Array(get('lists'));
  return Array.from({ length: n }, (_, i) => {
    const at = i * row.size;
    const count = words[at + row.at('length')];
    const start = words[at + row.at('start')];
    return {
      list: Array.from(entries.subarray(2 * start, 2 * (start + count))),
      flags: words[at + row.at('flags')],
      last: count === length ? floats[at + row.at('first')] : null,
      top: floats[at + row.at('top')],
    };
  });
}
