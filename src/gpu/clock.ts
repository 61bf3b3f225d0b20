import type { BufferPool } from './buffers.ts';

export const gpuStages = ['embed', 'score', 'match'] as const;
export type GpuStage = (typeof gpuStages)[number];

const PASSES = 1024;

/**
 * Times compute passes by timestamp queries, summed by stage. Does nothing where the adapter has none. A tick of more passes than fit
 * is not timed at all rather than in part.
 */
export class GpuClock {
  #set: GPUQuerySet | undefined;
  #resolved: GPUBuffer | undefined;
  #stages: GpuStage[] = [];
  #overflown = false;

  constructor(device: GPUDevice, pool: BufferPool) {
    if (!device.features.has('timestamp-query')) return;
    this.#set = device.createQuerySet({ label: 'clock', type: 'timestamp', count: 2 * PASSES });
    this.#resolved = pool.registry.create(
      'clock',
      16 * PASSES,
      GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    );
  }

  begin(): void {
    this.#stages = [];
    this.#overflown = false;
  }

  /** Descriptor of a pass that belongs to `stage`. */
  pass(stage: GpuStage): GPUComputePassDescriptor {
    if (this.#set === undefined) return { label: stage };
    if (this.#stages.length === PASSES) {
      this.#overflown = true;
      return { label: stage };
    }
    const at = 2 * this.#stages.length;
    this.#stages.push(stage);
    return {
      label: stage,
      timestampWrites: { querySet: this.#set, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 },
    };
  }

  /** Bytes that {@link copy} appends. */
  get bytes(): number {
    return 16 * this.#stages.length;
  }

  copy(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void {
    if (this.#set === undefined || this.#resolved === undefined || this.bytes === 0) return;
    encoder.resolveQuerySet(this.#set, 0, 2 * this.#stages.length, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, target, offset, this.bytes);
  }

  /** Milliseconds by stage, from the copied bytes; undefined where nothing could be timed. */
  read(bytes: ArrayBuffer): Record<GpuStage, number> | undefined {
    if (this.#set === undefined || this.#overflown) return undefined;
    const stamps = new BigUint64Array(bytes);
    const sums: Record<GpuStage, number> = { embed: 0, score: 0, match: 0 };
    this.#stages.forEach((stage, k) => {
      // Timestamps may run backwards across a power event: such a pass counts as 0.
      const nanos = stamps[2 * k + 1] - stamps[2 * k];
      sums[stage] += nanos > 0n ? Number(nanos) / 1e6 : 0;
    });
    return sums;
  }

  dispose(): void {
    this.#set?.destroy();
  }
}
