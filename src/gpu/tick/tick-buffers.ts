import type { BufferRegistry } from '../buffers.ts';
import { GrowingBuffer } from '../buffers.ts';
import { ENTRY, layouts } from './layouts.ts';

/** Rounds that the auction counts at most between two readbacks, and those of greedy. */
export const MAX_ROUNDS = 128;
export const MAX_WIDE_ROUNDS = 512;
/** Rows that the finish of greedy takes at most (finish.wgsl). */
export const MAX_LEFT = 256;
/** Bytes of the uniform `rule` (pool.wgsl), rounded up. */
const RULE_BYTES = 64;
/** Ids per person in `recent`. */
const RECENT = 8;

/** Sizes of the buffers of one tick. */
export interface TickShape {
  /** People. */
  readonly n: number;
  /** vec4 planes per vector, and rows per plane. */
  readonly planes: number;
  readonly stride: number;
  /** Dot products per pair: 1 if user and peer vectors are the same. */
  readonly dots: 1 | 2;
  /** vec4 planes of the terms of a formula. */
  readonly termPlanes: number;
  /** Entries per list and per queue of the first scan. */
  readonly length: number;
  readonly capacity: number;
  /**
   * Entries of the longer list of a row that is scored again. These lists begin at entry n *
   * length.
   */
  readonly longLength: number;
  /** Entries of all queues together. */
  readonly queueEntries: number;
}

/** Bytes of every storage buffer of a tick. */
const bytesOf = ({ n, planes, stride, dots, termPlanes, length, longLength, queueEntries }: TickShape) => ({
  // The pool as the host has it: see gather.wgsl.
  order: n * 4,
  fields: n * layouts.person.size * 4,
  memories: n * RECENT * 4,
  components: dots * planes * n * 16,
  /** u32: 1 if a component of a vector is not finite. */
  faults: 4,

  // The pool: see pool.wgsl.
  people: n * layouts.person.size * 4,
  /** Also the terms of a formula, vec4f[termPlanes][n], behind the ids. */
  recent: n * (RECENT * 4 + termPlanes * 16),
  vectors: 2 * planes * stride * 16,

  // Scoring: candidate lists, and the state of their rows.
  /** u32[3][n]: all positions; rows of a job; columns of a job. */
  index: 3 * n * 4,
  /** f32[n]: subtracted from the keys of a candidate. */
  prices: n * 4,
  floors: n * layouts.place.size * 4,
  counters: n * layouts.counter.size * 4,
  /** Those of the first scan. */
  firstCounters: n * layouts.counter.size * 4,
  queue: queueEntries * ENTRY * 4,
  rows: n * layouts.row.size * 4,
  lists: n * (length + longLength) * ENTRY * 4,
  /** Rows of the first scan, kept by the auction. */
  firstRows: n * layouts.row.size * 4,

  // The matching: u32[n] partner or NONE, f32[n] weight of the pair.
  mates: n * 4,
  weights: n * 4,

  // Greedy.
  best: n * 4,
  roundPairs: MAX_WIDE_ROUNDS * 4,
  /** u32[3][n]: see greedy.wgsl. */
  greedyPlay: 3 * n * 4,
  tally: layouts.tally.size * 4,
  outcome: layouts.outcome.size * 4,
  table: MAX_LEFT ** 2 * 4,
  places: MAX_LEFT ** 2 * 16,
  ranked: MAX_LEFT ** 2 * 8,

  // Certificates and auction, in whole units.
  objects: n * layouts.object.size * 4,
  status: layouts.status.size * 4,
  bidders: n * layouts.bidder.size * 4,
  /** i32[n]: upper bound of the net value of every partner outside the list. */
  beyond: n * 4,
  roundBids: MAX_ROUNDS * 4,
  auctionPlay: 2 * n * 4,
  needs: n * layouts.need.size * 4,
  /** i32[n]: certificate from the lists, and from prices. */
  y: n * 4,
  pricedY: n * 4,
  /** moves[n] counts the exchanges made. */
  moves: (n + 1) * layouts.move.size * 4,
});
type Bytes = ReturnType<typeof bytesOf>;

/** The buffers of one tick. None has two meanings. */
export type TickBuffers = Readonly<Record<keyof Bytes | 'rule' | 'extent', GPUBuffer>>;

/** Owns the buffers of ticks. The next tick reuses them. */
export class TickMemory {
  readonly #storage = new Map<keyof Bytes, GrowingBuffer>();
  #rule: GPUBuffer | undefined;
  #extent: GPUBuffer | undefined;

  constructor(readonly registry: BufferRegistry) {}

  /**
   * Buffers for a tick of this shape. Their contents are those of an earlier tick or undefined.
   * @throws LabError beyond the adapter's limits.
   */
  allocate(shape: TickShape): TickBuffers {
    const bytes = bytesOf(shape);
    const names = Object.keys(bytes) as (keyof Bytes)[];
    const storage = Object.fromEntries(names.map((name) => [name, this.#of(name).atLeast(bytes[name])]));
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.#rule ??= this.registry.create('rule', RULE_BYTES, usage);
    // Written by refill.wgsl, and read as a uniform by the scoring passes.
    this.#extent ??= this.registry.create('extent', 16, usage | GPUBufferUsage.STORAGE);
    return { ...(storage as Record<keyof Bytes, GPUBuffer>), rule: this.#rule, extent: this.#extent };
  }

  #of(name: keyof Bytes): GrowingBuffer {
    let found = this.#storage.get(name);
    if (found === undefined) {
      found = new GrowingBuffer(this.registry, name);
      this.#storage.set(name, found);
    }
    return found;
  }
}
