import { checkPool } from '../../score/check-pool.ts';
import { DEFAULT_CANDIDATES, longList } from '../../score/candidates/lists.ts';
import { shuffle } from '../../score/shuffle.ts';
import { RECENT_SLOTS } from '../../score/types.ts';
import type { MatchOptions, Pool, WeightRule } from '../../score/types.ts';
import type { SubmissionBatcher } from '../batch/submission-batcher.ts';
import { ROWS_PER_MS } from '../batch/throughput.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import { shaders } from '../shaders.ts';
import type { TickBuffers, TickMemory, TickShape } from './tick-buffers.ts';

/** Entries of a list at most (see ROOM in merge-topk.wgsl). */
const MAX_LENGTH = 128;
/** Queue entries per entry of a list. */
export const QUEUE_FACTOR = 8;
/** Rows that can always be scored again at once. */
export const MIN_RESCORED = 128;
/** Lowest finite f32, LOWEST in the shaders: WGSL has no infinities. */
export const LOWEST = -3.4028234663852886e38;

const kind = { name: 'gather', initialRate: 4 * ROWS_PER_MS, spread: true };

const TRANSFORM = { exp: 0, identity: 1, hash: 2 } as const;
const COMBINATION = { product: 0, sum: 1, minimum: 2, harmonic: 3 } as const;
const ORDER = { greedy: 0, auction: 0, random: 1, 'first-come': 2 } as const;

/**
 * A pool on the GPU. People stand in a shuffled order, so that candidates meet a row in random
 * order whatever the order of the pool, and few of them enter a list per round of scoring.
 */
export interface GpuTick {
  readonly shape: TickShape;
  readonly buffers: TickBuffers;
  /** u32[n]: position in the pool of each position on the GPU. */
  readonly order: Uint32Array;
  /** Pairs are ordered by weight, so that lists give certificates. */
  readonly byWeight: boolean;
  /** The rows of the first scan are kept in `firstRows`. */
  readonly keepsRows: boolean;
}

/** Brings uploaded pools into the order of the tick. */
export class GatherPass {
  private constructor(readonly kernels: Record<'gather_people' | 'gather_vectors', Kernel>) {}

  static async create(gpu: GpuDevice): Promise<GatherPass> {
    return new GatherPass(await gpu.kernels(shaders.gather, ['gather_people', 'gather_vectors']));
  }
}

/**
 * Uploads a pool as it is: O(n dim) bytes. The device brings it into the order of the tick. The
 * embed pass writes the vectors if the pool has features.
 *
 * The vectors are checked where they are gathered: `faults` is 1 if a component is not finite.
 *
 * @throws LabError for a pool that cannot be matched, or that is too large for the adapter.
 */
export function upload(
  { kernels }: GatherPass,
  batch: SubmissionBatcher,
  memory: TickMemory,
  pool: Pool,
  rule: WeightRule,
  options: MatchOptions,
): GpuTick {
  checkPool(pool, rule, false);
  const { n, user, peer } = pool;
  const order = shuffle(n);
  const shape = shapeOf(pool, rule, options, batch.gpu.device.limits.maxStorageBufferBindingSize);
  const { planes, stride, dots } = shape;
  // Buffers that grow are replaced, so the commands that use them must be submitted.
  batch.submit();
  const buffers = memory.allocate(shape);
  batch.load(
    buffers.rule,
    uniformBytes(shaders.scoreTopk, 'rule', {
      n,
      stride,
      planes,
      peer: dots === 1 ? 0 : planes * stride,
      seed: options.seed >>> 0,
      transform: TRANSFORM[rule.transform],
      combination: COMBINATION[rule.combination],
      order: ORDER[options.matcher],
      scale: rule.scale,
      bias: rule.bias,
      threshold: Math.max(LOWEST, Math.fround(rule.threshold)),
      second: rule.second?.bit ?? 0,
      second_scale: rule.second?.scale ?? 0,
      second_bias: rule.second?.bias ?? 0,
    }),
  );
  batch.load(buffers.order, order);
  const { have, avoid, speaks, ids, bonus, waited } = pool;
  [have, avoid, speaks, ids, bonus, waited].forEach((field, k) =>
    batch.load(buffers.fields, field.subarray(0, n), k * n * 4),
  );
  batch.load(buffers.memories, pool.recent.subarray(0, n * RECENT_SLOTS));
  if (shape.termPlanes > 0) batch.load(buffers.recent, termsIn(order, pool), n * RECENT_SLOTS * 4);
  const given = pool.features === undefined ? planes : 0;
  const side = n * planes * 4;
  if (given > 0) batch.load(buffers.components, user.subarray(0, side));
  if (given > 0 && dots === 2) batch.load(buffers.components, peer.subarray(0, side), side * 4);
  batch.clear(buffers.faults, 4);
  batch.clear(buffers.prices, n * 4);
  batch.clear(buffers.weights, n * 4);
  batch.step(n, kind, (pass) => kernels.gather_people.dispatchRows(pass, buffers, n));
  if (given > 0)
    batch.step(n * dots * given, kind, (pass) =>
      kernels.gather_vectors.dispatchRows(pass, buffers, n, dots * given),
    );
  return {
    shape,
    buffers,
    order,
    byWeight: ORDER[options.matcher] === 0,
    keepsRows: options.matcher === 'auction',
  };
}

/** How many terms of people a pool carries. */
function termCount({ n, terms }: Pool): number {
  return n === 0 ? 0 : Math.floor((terms?.length ?? 0) / n);
}

/** The terms of a formula in the order of the tick, four to a vec4: f32[planes][n][4]. */
function termsIn(order: Uint32Array, pool: Pool): Float32Array {
  const { n, terms } = pool;
  const count = termCount(pool);
  const out = new Float32Array(4 * n * Math.ceil(count / 4));
  for (let t = 0; t < count; t++)
    for (let k = 0; k < n; k++) out[((t >> 2) * n + k) * 4 + (t & 3)] = terms![t * n + order[k]];
  return out;
}

/** Sizes of the buffers for a pool. @param maxBinding bytes that the device can bind. */
export function shapeOf(pool: Pool, rule: WeightRule, options: MatchOptions, maxBinding: number): TickShape {
  const { n, dim } = pool;
  const planes = rule.transform === 'hash' ? 0 : dim / 4;
  const same = pool.features === undefined && pool.user === pool.peer;
  const length = Math.max(1, Math.min(options.candidates ?? DEFAULT_CANDIDATES, MAX_LENGTH));
  const capacity = QUEUE_FACTOR * Math.max(16, length);
  // Limited by one binding: 112 entries at 131,072 people under the default limit of 128 MiB.
  const fits = Math.floor(maxBinding / 8 / n) - length;
  // Twice the capacity, for scans in blocks (ScorePass), where one binding holds it.
  const queues = n * capacity * (n * capacity * 16 <= maxBinding ? 2 : 1);
  const longLength = Math.min(longList(n, length), Math.max(length, Math.min(fits, MAX_LENGTH)));
  return {
    n,
    planes,
    stride: Math.ceil(n / 4) * 4,
    dots: same ? 1 : 2,
    termPlanes: rule.formula === undefined ? 0 : Math.ceil(termCount(pool) / 4),
    length,
    capacity,
    longLength,
    queueEntries: Math.max(queues, Math.min(n, MIN_RESCORED) * QUEUE_FACTOR * longLength),
  };
}

/**
 * User and peer vectors as scored, f32[n][dim] in the pool's order. `peer` is empty if it is
 * `user`.
 */
export async function readVectors(
  batch: SubmissionBatcher,
  { shape, buffers, order }: GpuTick,
): Promise<{ user: Float32Array; peer: Float32Array }> {
  const { n, planes, stride, dots } = shape;
  const side = planes * stride * 4;
  const { vectors } = await batch.read({ vectors: { buffer: buffers.vectors, bytes: dots * side * 4 } });
  const all = new Float32Array(vectors);
  const rows = (from: number) => {
    const out = new Float32Array(n * planes * 4);
    for (let k = 0; k < n; k++)
      for (let p = 0; p < planes; p++)
        for (let c = 0; c < 4; c++)
          out[order[k] * planes * 4 + p * 4 + c] = all[from + (p * stride + k) * 4 + c];
    return out;
  };
  return { user: rows(0), peer: dots === 2 ? rows(side) : new Float32Array(0) };
}
