import type { BufferRegistry } from './buffers.ts';

const SLOT = 256;
const SLOTS = 512;

/**
 * Uniforms of the dispatches of one submission: each gets its own 256-byte slot of one buffer. All
 * are written at once right before the submission. The next submission reuses the slots, which is
 * safe because the queue keeps writes and submissions in order.
 */
export class UniformRing {
  readonly #registry: BufferRegistry;
  #buffer: GPUBuffer | undefined;
  #bytes = new Uint8Array(SLOT * SLOTS);
  #used = 0;

  constructor(registry: BufferRegistry) {
    this.#registry = registry;
  }

  /** Slots left before a submission is due. */
  get room(): number {
    return SLOTS - this.#used;
  }

  /** The binding of a slot that holds `data` when the next submission runs. */
  put(data: ArrayBuffer): GPUBufferBinding {
    if (this.#used === SLOTS) throw new Error('too many uniforms for one submission');
    this.#buffer ??= this.#registry.create(
      'uniforms',
      SLOT * SLOTS,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    const offset = SLOT * this.#used++;
    this.#bytes.set(new Uint8Array(data), offset);
    return { buffer: this.#buffer, offset, size: SLOT };
  }

  /** Writes the slots. Call right before the submission. */
  flush(): void {
    if (this.#buffer !== undefined && this.#used > 0)
      this.#registry.device.queue.writeBuffer(this.#buffer, 0, this.#bytes, 0, SLOT * this.#used);
    this.#used = 0;
  }
}
