import { SKETCH } from '../auction/auction-state.ts';
import { NONE } from '../../score/types.ts';
import type { GpuClock } from '../../gpu/clock.ts';
import type { GpuDevice } from '../../gpu/device.ts';
import type { AuctionPass } from '../../gpu/passes/auction.ts';
import { readScale, statusBuffer, statusWords } from '../../gpu/passes/dual.ts';
import type { DualPass } from '../../gpu/passes/dual.ts';
import { MOST_ROUNDS, openingRounds } from '../../gpu/passes/greedy.ts';
import type { GreedyPass } from '../../gpu/passes/greedy.ts';
import type { NarrowPass } from '../../gpu/passes/narrow.ts';
import type { ScorePass } from '../../gpu/passes/score-topk.ts';
import type { Wanted } from '../../gpu/readback.ts';
import { structWords } from '../../gpu/kernel.ts';
import { leftAtStall, lostRows, Rebuilder, submitRebuild } from '../../gpu/rebuild.ts';
import { Sweeps } from '../../gpu/sweeps.ts';
import type { Tables } from '../../gpu/tables.ts';

export interface GreedyOutcome {
  /** u32[n], NONE where free, and f32[n], in the order of the tables. */
  readonly mates: Uint32Array;
  readonly weights: Float32Array;
  /** f32[n]: certificate by the dual pass (lists by weight), else half of each row's largest weight. */
  readonly y: Float32Array;
  /** Heaviest weight and units per unit of weight, where there is a certificate by the dual pass. */
  readonly top: number;
  readonly units: number;
  readonly rounds: number;
  readonly scans: number;
}

export interface Passes {
  readonly score: ScorePass;
  readonly greedy: GreedyPass;
  readonly dual: DualPass;
  readonly auction: AuctionPass;
  readonly narrow: NarrowPass;
}

const rowBytes = structWords('greedy', 'Row').size * 4;

/**
 * Greedy on lists that the scoring pass has just filled: batches of rounds without a host round trip in between; at a stall the dry rows
 * are scored anew against those still free. `taken`: pairs fixed beforehand (u32[n], NONE where free).
 */
export async function runGreedy(
  gpu: GpuDevice,
  passes: Passes,
  tables: Tables,
  clock: GpuClock,
  taken?: { mates: Uint32Array<ArrayBuffer>; weights: Float32Array<ArrayBuffer>; y: Float32Array },
  /** Told when the lists of the first scan are known to be whole, before any is replaced. */
  whole?: () => void,
): Promise<GreedyOutcome> {
  const { n, bindings } = tables;
  const { queue } = gpu.device;
  const { mates, weights, best, rows, counters, prices } = bindings as Record<string, GPUBuffer>;
  queue.writeBuffer(mates, 0, taken?.mates ?? new Uint32Array(n).fill(NONE));
  queue.writeBuffer(weights, 0, taken?.weights ?? new Float32Array(n));
  const rebuilder = new Rebuilder(n);
  let y: Float32Array | undefined = taken?.y;
  let scale = { top: 0, units: 1 };
  let rounds = 0;
  let repaired = 0;
  let finished = 0;
  let size = openingRounds(n);
  for (;;) {
    const sweeps = new Sweeps(gpu, clock, 'match');
    const wantDual = y === undefined;
    const proving = wantDual && tables.byWeight;
    if (proving) encodeSketch(passes, sweeps, tables);
    passes.greedy.encode(sweeps, tables, size);
    const wanted: Wanted[] = [
      ...passes.greedy.wanted(tables, size),
      { name: 'mates', buffer: mates, bytes: n * 4 },
      { name: 'best', buffer: best, bytes: n * 4 },
      { name: 'weights', buffer: weights, bytes: n * 4 },
      { name: 'rows', buffer: rows, bytes: n * rowBytes },
    ];
    if (proving) wanted.push(...proofWanted(gpu, passes, tables));
    else if (wantDual) wanted.push({ name: 'counters', buffer: counters, bytes: n * 8 });
    const get = await sweeps.read(wanted);
    const played = passes.greedy.played(tables, get, size);
    rounds += played.rounds;
    finished += played.scans;

    // The sketch's: scoring would subtract them.
    if (proving) queue.writeBuffer(prices, 0, new Float32Array(n));
    if (wantDual) {
      // Where a queue ran over, those rows are scored again, carefully, before a certificate can be had. The rounds so far stand.
      const lost = lostRows(tables, get('rows'));
      if (lost.length > 0) {
        await submitRebuild(gpu, passes.score, tables, clock, { rows: lost, columns: null, careful: true });
        repaired += lost.length / n;
        continue;
      }
    }
    if (proving) {
      const proof = readProof(get);
      y = proof.y;
      scale = proof;
      whole?.();
    } else if (wantDual) y = halfOfTop(new Uint32Array(get('counters')));
    if (played.unfinished) {
      // A long chain: the next batch may be longer.
      size = Math.min(MOST_ROUNDS, 2 * size);
      continue;
    }
    const matesNow = new Uint32Array(get('mates'));
    const stall = { mates: matesNow, best: new Uint32Array(get('best')), rows: get('rows') };
    const left = !played.done && passes.score.strips(tables) ? leftAtStall(stall) : undefined;
    const plan = played.done || left !== undefined ? undefined : rebuilder.plan(stall);
    if (plan !== undefined) {
      await submitRebuild(gpu, passes.score, tables, clock, plan);
      continue;
    }
    const outcome = {
      mates: matesNow,
      weights: new Float32Array(get('weights')),
      y: y ?? new Float32Array(n),
      top: scale.top,
      units: scale.units,
      rounds,
      scans: (taken === undefined ? 1 : 0) + repaired + finished + rebuilder.scans,
    };
    return left === undefined ? outcome : matchLeft(gpu, passes, tables, clock, outcome, left);
  }
}

/** Goes on with those left in tables of their own: what they have among themselves is scored anew, everybody else is gone. */
async function matchLeft(
  gpu: GpuDevice,
  passes: Passes,
  tables: Tables,
  clock: GpuClock,
  outcome: GreedyOutcome,
  left: readonly number[],
): Promise<GreedyOutcome> {
  const few = passes.narrow.submit(tables, left, clock);
  passes.score.first(few, clock);
  const { n } = few;
  const nobody = {
    mates: new Uint32Array(n).fill(NONE),
    weights: new Float32Array(n),
    y: new Float32Array(n),
  };
  const rest = await runGreedy(gpu, passes, few, clock, nobody);
  const { mates, weights } = outcome;
  for (let k = 0; k < n; k++) {
    if (rest.mates[k] === NONE) continue;
    mates[left[k]] = left[rest.mates[k]];
    weights[left[k]] = rest.weights[k];
  }
  const share = (n / tables.n) ** 2;
  return {
    ...outcome,
    rounds: outcome.rounds + rest.rounds,
    scans: outcome.scans + share * (1 + rest.scans),
  };
}

/** Certificates from the lists, and from prices that a short, coarse bidding finds; twin of `sketchProof`. */
export function encodeSketch(passes: Passes, sweeps: Sweeps, tables: Tables): void {
  passes.dual.encode(sweeps, tables);
  passes.auction.begin(sweeps, tables, 'price_by_dual', false);
  passes.auction.rounds(sweeps, tables, { share: SKETCH.share, most: SKETCH.rounds, loose: true });
  passes.dual.encodeByPrice(sweeps, tables, false);
}

export function proofWanted(gpu: GpuDevice, passes: Passes, tables: Tables): Wanted[] {
  const bytes = tables.n * 4;
  return [
    { name: 'y', buffer: passes.dual.y(tables, false), bytes },
    { name: 'y-priced', buffer: passes.dual.y(tables, true), bytes },
    { name: 'status', buffer: statusBuffer(gpu), bytes: statusWords.bytes },
  ];
}

/** The better of the two certificates, in units of weight. Every number is exact. */
export function readProof(get: (name: string) => ArrayBuffer): {
  y: Float32Array;
  top: number;
  units: number;
} {
  const scale = readScale(get('status'));
  const own = new Int32Array(get('y'));
  const priced = new Int32Array(get('y-priced'));
  const best = sum(priced) < sum(own) ? priced : own;
  return { y: Float32Array.from(best, (v) => v / scale.units), ...scale };
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}

/** Half of each row's largest weight, from the ordered integers of the scoring pass. */
function halfOfTop(counters: Uint32Array): Float32Array {
  const y = new Float32Array(counters.length / 2);
  for (let i = 0; i < y.length; i++) {
    const top = counters[2 * i + 1];
    if (top === 0) continue;
    bits[0] = (top & 0x80000000) !== 0 ? top & 0x7fffffff : ~top;
    // Rounded up: halving is exact except among subnormals.
    y[i] = Math.max(0, asFloat[0] / 2) * (1 + 2 ** -23);
  }
  return y;
}
const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);
