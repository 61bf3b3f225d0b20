import { checkPool } from '../../score/check-pool.ts';
import { DEFAULT_CANDIDATES, longList } from '../../score/candidates/lists.ts';
import { shuffle } from '../../score/shuffle.ts';
import { RECENT_SLOTS } from '../../score/types.ts';
import type { MatchOptions, Pool, WeightRule } from '../../score/types.ts';
import type { SubmissionBatcher } from '../batch/submission-batcher.ts';
import { uniformBytes } from '../kernel.ts';
import { shaders } from '../shaders.ts';
import { layouts } from './layouts.ts';
import type { TickBuffers, TickMemory, TickShape } from './tick-buffers.ts';

/** Entries of a list at most. */
const MAX_LENGTH = 128;
/** Queue entries per entry of a list. */
export const QUEUE_FACTOR = 8;
/** Rows that can always be scored again at once. */
const MIN_RESCORED = 128;
/** Lowest finite f32, LOWEST in the shaders: WGSL has no infinities. */
export const LOWEST = -3.4028234663852886e38;

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
}

/**
 * Uploads a pool: O(n dim) operations and bytes. The embed pass writes the vectors if the pool has
 * features.
 *
 * @throws LabError for a pool that cannot be matched, or that is too large for the adapter.
 */
export function upload(
  batch: SubmissionBatcher,
  memory: TickMemory,
  pool: Pool,
  rule: WeightRule,
  options: MatchOptions,
): GpuTick {
  checkPool(pool, rule);
  const { n, user, peer } = pool;
  const order = shuffle(n);
  const shape = shapeOf(pool, rule, options, batch.gpu.device.limits.maxStorageBufferBindingSize);
  const { planes, stride, dots } = shape;
  // Buffers that grow are replaced, so the commands that use them must be submitted.
  batch.submit();
  const buffers = memory.allocate(shape);
  batch.write(
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
  batch.write(buffers.people, packPeople(pool, order));
  batch.write(buffers.recent, gatherByOrder(pool.recent, order, RECENT_SLOTS));
  batch.write(
    buffers.index,
    Uint32Array.from({ length: n }, (_, i) => i),
  );
  batch.clear(buffers.prices, n * 4);
  if (pool.features === undefined && planes > 0) {
    batch.write(buffers.vectors, byPlanes(user, order, planes, stride));
    if (dots === 2) batch.write(buffers.vectors, byPlanes(peer, order, planes, stride), planes * stride * 16);
  }
  batch.submit();
  return { shape, buffers, order, byWeight: ORDER[options.matcher] === 0 };
}

function shapeOf(pool: Pool, rule: WeightRule, options: MatchOptions, maxBinding: number): TickShape {
  const { n, dim } = pool;
  const planes = rule.transform === 'hash' ? 0 : dim / 4;
  const same = pool.features === undefined && pool.user === pool.peer;
  const length = Math.max(1, Math.min(options.candidates ?? DEFAULT_CANDIDATES, MAX_LENGTH));
  const capacity = QUEUE_FACTOR * Math.max(16, length);
  // Limited by one binding: 112 entries at 131,072 people under the default limit of 128 MiB.
  const fits = Math.floor(maxBinding / 8 / n) - length;
  const longLength = Math.min(longList(n, length), Math.max(length, Math.min(fits, MAX_LENGTH)));
  return {
    n,
    planes,
    stride: Math.ceil(n / 4) * 4,
    dots: same ? 1 : 2,
    length,
    capacity,
    longLength,
    queueEntries: Math.max(n * capacity, Math.min(n, MIN_RESCORED) * QUEUE_FACTOR * longLength),
  };
}

function packPeople(pool: Pool, order: Uint32Array): ArrayBuffer {
  const { size, at } = layouts.person;
  const bytes = new ArrayBuffer(order.length * size * 4);
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  const [have, avoid, speaks, id] = [at('have'), at('avoid'), at('speaks'), at('id')];
  const [bonus, waited] = [at('bonus'), at('waited')];
  for (let k = 0, to = 0; k < order.length; k++, to += size) {
    const i = order[k];
    words[to + have] = pool.have[i];
    words[to + avoid] = pool.avoid[i];
    words[to + speaks] = pool.speaks[i];
    words[to + id] = pool.ids[i];
    floats[to + bonus] = pool.bonus[i];
    floats[to + waited] = pool.waited[i];
  }
  return bytes;
}

/** Rows of `width` values in the order of the tick. */
export function gatherByOrder(
  rows: Float32Array | Uint32Array,
  order: Uint32Array,
  width: number,
): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  const size = order.length * width;
  const out = rows instanceof Float32Array ? new Float32Array(size) : new Uint32Array(size);
  for (let k = 0; k < order.length; k++)
    for (let c = 0; c < width; c++) out[k * width + c] = rows[order[k] * width + c];
  return out;
}

/** f32[n][4 planes] -> f32[planes][stride][4], in the order of the tick. */
function byPlanes(
  rows: Float32Array,
  order: Uint32Array,
  planes: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(planes * stride * 4);
  for (let k = 0; k < order.length; k++) {
    let from = order[k] * planes * 4;
    for (let p = 0, to = k * 4; p < planes; p++, to += stride * 4) {
      out[to] = rows[from++];
      out[to + 1] = rows[from++];
      out[to + 2] = rows[from++];
      out[to + 3] = rows[from++];
    }
  }
  return out;
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
