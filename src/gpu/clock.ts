import type { BufferPool } from './buffers.ts';

export const gpuStages = ['embed', 'score', 'match'] as const;
export type GpuStage = (typeof gpuStages)[number];

/** As many as a query set may hold. */
const PASSES = 2048;
/** Sets at most, made when needed. */
const SETS = 4;
/** Bytes of all times that can be waiting. */
const ROOM = 16 * PASSES * SETS;

/** Told of a pass when its time is read: milliseconds on the GPU's clock, whose origin is the adapter's own. */
export type Timed = (begin: number, end: number) => void;

/** Times on their way back: copy them after the passes, map, and {@link GpuClock.take} them. */
export interface Taken {
  /** What {@link copy} copies, and what to keep free for it: more, so that a staging buffer keeps its size. */
  readonly bytes: number;
  readonly room: number;
  copy(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void;
  take(bytes: ArrayBuffer): void;
}

/**
 * Times compute passes by timestamp queries, summed by stage. Does nothing where the adapter has none. A tick with more passes between two
 * readbacks than fit is not timed at all rather than in part.
 */
export class GpuClock {
  #sets: GPUQuerySet[] = [];
  #resolved: GPUBuffer | undefined;
  #passes: { stage: GpuStage; timed: Timed | undefined }[] = [];
  #sums: Record<GpuStage, number> = nothing();
  #timed = 0;
  #overflown = false;

  constructor(
    readonly device: GPUDevice,
    pool: BufferPool,
  ) {
    if (!device.features.has('timestamp-query')) return;
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    this.#resolved = pool.registry.create('clock', ROOM, usage);
  }

  begin(): void {
    this.#passes = [];
    this.#sums = nothing();
    this.#timed = 0;
    this.#overflown = false;
  }

  /** Descriptor of a pass that belongs to `stage`. */
  pass(stage: GpuStage, timed?: Timed): GPUComputePassDescriptor {
    if (this.#resolved === undefined) return { label: stage };
    const count = this.#passes.length;
    if (count === PASSES * SETS) {
      this.#overflown = true;
      return { label: stage };
    }
    this.#passes.push({ stage, timed });
    const querySet = (this.#sets[Math.floor(count / PASSES)] ??= this.device.createQuerySet({
      label: 'clock',
      type: 'timestamp',
      count: 2 * PASSES,
    }));
    const at = 2 * (count % PASSES);
    return {
      label: stage,
      timestampWrites: { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 },
    };
  }

  /** The times of all passes so far that were not collected yet; the next pass takes the first query again. */
  collect(): Taken {
    const passes = this.#passes;
    const resolved = this.#resolved;
    this.#passes = [];
    if (resolved === undefined || passes.length === 0)
      return { bytes: 0, room: 0, copy: () => undefined, take: () => undefined };
    const sums = this.#sums;
    const bytes = 16 * passes.length;
    return {
      bytes,
      room: ROOM,
      copy: (encoder, target, offset) => {
        for (let from = 0; from < passes.length; from += PASSES) {
          const count = Math.min(PASSES, passes.length - from);
          encoder.resolveQuerySet(this.#sets[from / PASSES], 0, 2 * count, resolved, 16 * from);
        }
        encoder.copyBufferToBuffer(resolved, 0, target, offset, bytes);
      },
      take: (stamps) => {
        const nanos = new BigUint64Array(stamps);
        passes.forEach(({ stage, timed }, k) => {
          const begin = Number(nanos[2 * k]) / 1e6;
          const end = Number(nanos[2 * k + 1]) / 1e6;
          // Timestamps may run backwards across a power event: such a pass counts as 0.
          sums[stage] += Math.max(0, end - begin);
          timed?.(begin, Math.max(begin, end));
        });
        this.#timed += passes.length;
      },
    };
  }

  /** Milliseconds by stage of what was collected and taken since {@link begin}; undefined where nothing could be timed. */
  get times(): Record<GpuStage, number> | undefined {
    return this.#timed === 0 || this.#overflown ? undefined : { ...this.#sums };
  }

  dispose(): void {
    for (const set of this.#sets) set.destroy();
  }
}

const nothing = (): Record<GpuStage, number> => ({ embed: 0, score: 0, match: 0 });
