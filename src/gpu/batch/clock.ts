import type { BufferRegistry } from '../buffers.ts';

export const gpuStages = ['embed', 'score', 'match'] as const;
export type GpuStage = (typeof gpuStages)[number];

/** Passes per query set: WebGPU allows 4,096 queries in one. */
const PASSES = 2048;
const MAX_SETS = 4;
const MAX_BYTES = 16 * PASSES * MAX_SETS;

/**
 * Called when the times of a pass are read: milliseconds on the GPU's clock, whose origin is
 * arbitrary.
 */
export type OnTimed = (begin: number, end: number) => void;

/** Timestamps on their way back: {@link copy} them, map the target, then {@link take} them. */
export interface PendingTimes {
  readonly bytes: number;
  /** Maximum of `bytes`. A staging buffer with this much room never grows because of timestamps. */
  readonly maxBytes: number;
  copy(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void;
  take(bytes: ArrayBuffer): void;
}

/**
 * Times compute passes with timestamp queries and sums them by stage. Does nothing where the
 * adapter has no timestamps. A tick with too many passes between two readbacks is not timed at all.
 */
export class GpuClock {
  #sets: GPUQuerySet[] = [];
  #resolved: GPUBuffer | undefined;
  #passes: { stage: GpuStage; onTimed: OnTimed | undefined }[] = [];
  #sums: Record<GpuStage, number> = zeros();
  #timed = 0;
  #overflowed = false;

  constructor(
    readonly device: GPUDevice,
    registry: BufferRegistry,
  ) {
    if (!device.features.has('timestamp-query')) return;
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    this.#resolved = registry.create('clock', MAX_BYTES, usage);
  }

  /** Starts a tick: forgets all times. */
  begin(): void {
    this.#passes = [];
    this.#sums = zeros();
    this.#timed = 0;
    this.#overflowed = false;
  }

  /** Descriptor of a pass of `stage`. */
  pass(stage: GpuStage, onTimed?: OnTimed): GPUComputePassDescriptor {
    if (this.#resolved === undefined) return { label: stage };
    const count = this.#passes.length;
    if (count === PASSES * MAX_SETS) {
      this.#overflowed = true;
      return { label: stage };
    }
    this.#passes.push({ stage, onTimed });
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

  /** Takes the times of all passes since the last call. The next pass reuses the first query. */
  collect(): PendingTimes {
    const passes = this.#passes;
    const resolved = this.#resolved;
    this.#passes = [];
    if (resolved === undefined || passes.length === 0)
      return { bytes: 0, maxBytes: 0, copy: () => undefined, take: () => undefined };
    const sums = this.#sums;
    const bytes = 16 * passes.length;
    return {
      bytes,
      maxBytes: MAX_BYTES,
      copy: (encoder, target, offset) => {
        for (let from = 0; from < passes.length; from += PASSES) {
          const count = Math.min(PASSES, passes.length - from);
          encoder.resolveQuerySet(this.#sets[from / PASSES], 0, 2 * count, resolved, 16 * from);
        }
        encoder.copyBufferToBuffer(resolved, 0, target, offset, bytes);
      },
      take: (stamps) => {
        const nanos = new BigUint64Array(stamps);
        passes.forEach(({ stage, onTimed }, k) => {
          const begin = Number(nanos[2 * k]) / 1e6;
          const end = Number(nanos[2 * k + 1]) / 1e6;
          // Timestamps may run backwards across a power event. Such a pass counts as 0.
          sums[stage] += Math.max(0, end - begin);
          onTimed?.(begin, Math.max(begin, end));
        });
        this.#timed += passes.length;
      },
    };
  }

  /**
   * Milliseconds by stage since {@link begin}, of all times taken; undefined where nothing was
   * timed.
   */
  get times(): Record<GpuStage, number> | undefined {
    return this.#timed === 0 || this.#overflowed ? undefined : { ...this.#sums };
  }

  dispose(): void {
    for (const set of this.#sets) set.destroy();
  }
}

const zeros = (): Record<GpuStage, number> => ({ embed: 0, score: 0, match: 0 });
