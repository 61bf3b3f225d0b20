import { LabError, must } from '../base/errors.ts';
import { longList } from '../score/lists.ts';
import { shuffle } from '../score/shuffle.ts';
import { NONE, RECENT_SLOTS } from '../score/types.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';
import type { GpuDevice } from './device.ts';
import { structWords, uniformBytes } from './kernel.ts';
import type { Bindings } from './kernel.ts';

/** Candidates kept per row, and at most per row of a rebuild. */
export const DEFAULT_CANDIDATES = 16;
const LONG_LIST = 128;
/** On a GPU in software merging is what takes long. */
const LONG_LIST_SOFTWARE = 64;
/** People of a tile's side. */
export const TILE = 64;
/** Meetings of a workgroup of `score-strike` and `score-mend`. */
const MET_GROUP = 64;
/** Queue entries per entry of a list. */
export const QUEUE_FACTOR = 8;
/** Lowest finite f32: WGSL has no infinities. */
export const LOWEST = -3.4028234663852886e38;

/**
 * The tables of one tick on the GPU. People stand in a shuffled order: then the order in which candidates are met is random
 * whatever order the caller has, and the number that enters a list per round is small with near certainty.
 */
export interface Tables {
  readonly n: number;
  /** vec4 planes per vector, rows per plane, 1 or 2 dots per pair. */
  readonly planes: number;
  readonly stride: number;
  readonly dots: 1 | 2;
  /** Entries per list and per queue in the first scan. */
  readonly length: number;
  readonly capacity: number;
  /** Entries of the longer list that a row gets when its first ran dry; these begin at entry n * length. */
  readonly long: number;
  /** Entries in the table of queues. */
  readonly queued: number;
  /** Workgroups for those who met lately and both wait. */
  readonly metGroups: number;
  /** u32[n]: position in the pool of the k-th of the tables. */
  readonly order: Uint32Array;
  readonly pool: Pool;
  readonly byWeight: boolean;
  /** Vectors are integers of norm at most 4,096: dots are exact in f32 however they are summed. */
  readonly exact: boolean;
  readonly rule: WeightRule;
  readonly options: MatchOptions;
  readonly bindings: Bindings;
}

export const TRANSFORM = { exp: 0, identity: 1, hash: 2 } as const;
export const COMBINATION = { product: 0, sum: 1, minimum: 2, harmonic: 3 } as const;
const ORDER = { greedy: 0, auction: 0, random: 1, 'first-come': 2 } as const;

/** Lays a pool out on the GPU. O(n dim) operations and bytes; the vectors are left to the embed pass where the pool has features. */
export function upload(gpu: GpuDevice, pool: Pool, rule: WeightRule, options: MatchOptions): Tables {
  checkPool(pool, rule);
  const { n, dim, user, peer } = pool;
  const given = pool.features === undefined;
  const whole = !given || (exact(user, n, dim) && (user === peer || exact(peer, n, dim)));
  const tables = lay(gpu, { pool, rule, options, order: shuffle(n), exact: whole }, '');
  const { planes, stride, dots, order, bindings } = tables;
  if (given && planes > 0) {
    const vectors = bindings.vectors as GPUBuffer;
    const { queue } = gpu.device;
    queue.writeBuffer(vectors, 0, inPlanes(user, order, planes, stride));
    if (dots === 2) queue.writeBuffer(vectors, planes * stride * 16, inPlanes(peer, order, planes, stride));
  }
  return tables;
}

/**
 * Tables of those of the pool who stand in `order`, all but their vectors. `family`: name in front of the buffers, so that other tables stay
 * whole; what is only scratch is shared.
 */
export function lay(
  gpu: GpuDevice,
  from: Pick<Tables, 'pool' | 'rule' | 'options' | 'order' | 'exact'>,
  family: string,
): Tables {
  const { pool, rule, options, order } = from;
  const n = order.length;
  const { dim } = pool;
  const { queue } = gpu.device;
  const store = (name: string, bytes: number) => gpu.pool.storage(family + name, bytes);
  const shared = (name: string, bytes: number) => gpu.pool.storage(name, bytes);
  const planes = rule.transform === 'hash' ? 0 : dim / 4;
  const stride = Math.ceil(n / 4) * 4;
  const same = pool.features === undefined && pool.user === pool.peer;
  const length = Math.max(1, Math.min(options.candidates ?? DEFAULT_CANDIDATES, LONG_LIST));
  const capacity = QUEUE_FACTOR * Math.max(16, length);
  // As long as fits a binding: 112 entries at 131,072 people under the default limit of 128 MiB.
  const fits = Math.floor(gpu.device.limits.maxStorageBufferBindingSize / 8 / n) - length;
  // An auction's are the twin's, or it takes another course; of greedy's nothing depends on the length.
  const short = gpu.facts.isFallbackAdapter && options.matcher !== 'auction';
  const longest = Math.max(length, Math.min(fits, short ? LONG_LIST_SOFTWARE : LONG_LIST));
  const long = Math.min(longList(n, length), longest);
  const queued = Math.max(n * capacity, Math.min(n, 128) * QUEUE_FACTOR * long);

  const ruleBuffer = gpu.pool.uniform(`${family}rule`, 64);
  queue.writeBuffer(
    ruleBuffer,
    0,
    uniformBytes('weights', 'rule', {
      n,
      stride,
      planes,
      peer: same ? 0 : planes * stride,
      seed: options.seed >>> 0,
      transform: TRANSFORM[rule.transform],
      combination: COMBINATION[rule.combination],
      order: ORDER[options.matcher],
      scale: rule.scale,
      bias: rule.bias,
      threshold: Math.max(LOWEST, Math.fround(rule.threshold)),
    }),
  );

  const vectors = store('vectors', 2 * planes * stride * 16);
  const people = store('people', n * personWords.size * 4);
  queue.writeBuffer(people, 0, packPeople(pool, order));
  const recent = store('recent', n * RECENT_SLOTS * 4);
  queue.writeBuffer(recent, 0, packRecent(pool, order));
  const met = store('met', Math.ceil((n * RECENT_SLOTS) / MET_GROUP) * MET_GROUP * 8);
  const meetings = packMet(pool, order);
  queue.writeBuffer(met, 0, meetings);
  const index = store('index', 3 * n * 4);
  queue.writeBuffer(
    index,
    0,
    Uint32Array.from({ length: n }, (_, i) => i),
  );
  const prices = store('prices', n * 4);
  queue.writeBuffer(prices, 0, new Float32Array(n));

  return {
    ...from,
    n,
    planes,
    stride,
    dots: same ? 1 : 2,
    length,
    capacity,
    long,
    queued,
    metGroups: meetings.length / 2 / MET_GROUP,
    byWeight: ORDER[options.matcher] === 0,
    bindings: {
      rule: ruleBuffer,
      people,
      recent,
      met,
      vectors,
      index,
      prices,
      floors: shared('floors', n * 12),
      counters: shared('counters', n * 8),
      queue: shared('queue', queued * 8),
      rows: store('rows', n * structWords('greedy', 'Row').size * 4),
      lists: store('lists', n * (length + long) * 8),
      mates: store('mates', n * 4),
      best: store('best', n * 4),
      weights: store('matched-weights', n * 4),
      pairs: shared('pairs', 1024),
    },
  };
}

const personWords = structWords('weights', 'Person');

function packPeople(pool: Pool, order: Uint32Array): ArrayBuffer {
  const { size, at } = personWords;
  const bytes = new ArrayBuffer(order.length * size * 4);
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  const [have, avoid, speaks, id, bonus, waited] = (
    ['have', 'avoid', 'speaks', 'id', 'bonus', 'waited'] as const
  ).map(at);
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

function packRecent(pool: Pool, order: Uint32Array): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(order.length * RECENT_SLOTS);
  for (let k = 0; k < order.length; k++)
    for (let s = 0; s < RECENT_SLOTS; s++)
      out[k * RECENT_SLOTS + s] = pool.recent[order[k] * RECENT_SLOTS + s];
  return out;
}

/** Positions in the tables of two who met lately and both wait, u32[meetings][2]; filled up with NONE to whole workgroups. */
function packMet(pool: Pool, order: Uint32Array): Uint32Array<ArrayBuffer> {
  const { ids, recent } = pool;
  const n = order.length;
  const used = pool.n * RECENT_SLOTS;
  if (recent.subarray(0, used).every((id) => id === NONE)) return new Uint32Array(0);
  const at = new Map<number, number>();
  for (let k = 0; k < n; k++) at.set(ids[order[k]], k);
  const met: number[] = [];
  for (let k = 0; k < n; k++)
    for (let s = 0; s < RECENT_SLOTS; s++) {
      const other = at.get(recent[order[k] * RECENT_SLOTS + s]);
      if (other !== undefined) met.push(k, other);
    }
  const out = new Uint32Array(Math.ceil(met.length / 2 / MET_GROUP) * MET_GROUP * 2).fill(NONE);
  out.set(met);
  return out;
}

/** Are these integer vectors, f32[n][dim], of norm at most 4,096 each? */
function exact(vectors: Float32Array, n: number, dim: number): boolean {
  for (let i = 0, k = 0; i < n; i++) {
    let square = 0;
    for (const end = k + dim; k < end; k++) {
      const v = vectors[k];
      if (v !== Math.trunc(v)) return false;
      square += v * v;
    }
    if (square > 2 ** 24) return false;
  }
  return true;
}

/** f32[n][4 planes] -> f32[planes][stride][4], shuffled. */
function inPlanes(
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

function checkPool(pool: Pool, rule: WeightRule): void {
  const { n, dim, features } = pool;
  must(Number.isInteger(n) && n >= 0, `a pool has n = 0, 1, 2, ... people, not ${n}`);
  must(n < 2 ** 24, `a pool of ${n} people is beyond what is indexed; the limit is ${2 ** 24}`);
  must(
    Number.isInteger(dim) && dim % 4 === 0 && dim >= 0 && dim <= 1024,
    `pool.dim must be a multiple of 4 up to 1,024; it is ${dim}. Pad the vectors with zeros.`,
  );
  const sizes: [string, ArrayLike<number>, number][] = [
    ['bonus', pool.bonus, n],
    ['waited', pool.waited, n],
    ['ids', pool.ids, n],
    ['have', pool.have, n],
    ['avoid', pool.avoid, n],
    ['speaks', pool.speaks, n],
    ['recent', pool.recent, n * RECENT_SLOTS],
  ];
  if (features === undefined && rule.transform !== 'hash')
    sizes.push(['user', pool.user, n * dim], ['peer', pool.peer, n * dim]);
  if (features !== undefined) {
    const { tower } = features;
    must(tower.dim === dim, `the tower gives vectors of ${tower.dim}; the pool says ${dim}`);
    sizes.push(
      ['features.sparse', features.sparse, n * tower.slots],
      ['features.dense', features.dense, n * tower.dense],
    );
    for (let k = 0; k < n * tower.slots; k++)
      must(
        features.sparse[k] < tower.rows,
        `pool.features.sparse[${k}] is ${features.sparse[k]}; the tower has ${tower.rows} rows`,
      );
    finite('features.dense', features.dense);
    if (features.session !== undefined) {
      sizes.push(['features.session', features.session, n * (tower.head?.inputs ?? Infinity)]);
      finite('features.session', features.session);
    }
  }
  for (const [name, array, size] of sizes)
    must(array.length >= size, `pool.${name} holds ${array.length} values; ${n} people need ${size}`);
  must(!Number.isNaN(rule.threshold), 'the threshold is not a number; use -Infinity to switch it off');
  must(
    Number.isFinite(Math.fround(rule.scale)) && Number.isFinite(Math.fround(rule.bias)),
    `scale ${rule.scale} and bias ${rule.bias} must be finite`,
  );
  finite('bonus', pool.bonus);
  finite('waited', pool.waited);
  if (features === undefined && rule.transform !== 'hash') {
    finite('user', pool.user);
    finite('peer', pool.peer);
  }
}

function finite(name: string, values: Float32Array): void {
  // A float64 sum of f32 values is finite exactly if all of them are.
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  if (Number.isFinite(sum)) return;
  const at = values.findIndex((v) => !Number.isFinite(v));
  throw new LabError(`pool.${name}[${at}] is ${values[at]}; only finite numbers can be matched`);
}
