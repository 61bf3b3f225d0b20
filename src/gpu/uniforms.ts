import type { BufferRegistry } from './buffers.ts';
import { writeUniform } from './kernel.ts';
import type { UniformValues, UniformWords } from './kernel.ts';
import type { Shader } from './shader.ts';

/** Bytes of a slot: the alignment of dynamic offsets. */
export const SLOT = 256;
const SLOTS = 1024;

/**
 * Uniforms of the dispatches of one submission: each gets its own 256-byte slot of one buffer. All
 * are written at once right before the submission. The next submission reuses the slots, which is
 * safe because the queue keeps writes and submissions in order.
 */
export class UniformRing {
  readonly #registry: BufferRegistry;
  #buffer: GPUBuffer | undefined;
  readonly #bytes = new ArrayBuffer(SLOT * SLOTS);
  readonly #memory: UniformWords = {
    words: new Uint32Array(this.#bytes),
    floats: new Float32Array(this.#bytes),
  };
  #used = 0;

  constructor(registry: BufferRegistry) {
    this.#registry = registry;
  }

  /** Slots left before a submission is due. */
  get room(): number {
    return SLOTS - this.#used;
  }

  /** The binding of a slot that holds the uniform `variable` when the next submission runs. */
  put(shader: Shader, variable: string, values: UniformValues): Required<GPUBufferBinding> {
    const slot = this.#take();
    writeUniform(this.#memory, slot.offset / 4, shader, variable, values);
    return slot;
  }

  /** The binding of a slot that holds these bytes, at most {@link SLOT}. */
  putBytes(bytes: Uint8Array): Required<GPUBufferBinding> {
    const slot = this.#take();
    new Uint8Array(this.#bytes).set(bytes, slot.offset);
    return slot;
  }

  #take(): Required<GPUBufferBinding> {
    if (this.#used === SLOTS) throw new Error('too many uniforms for one submission');
    this.#buffer ??= this.#registry.create(
      'uniforms',
      SLOT * SLOTS,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    );
    return { buffer: this.#buffer, offset: SLOT * this.#used++, size: SLOT };
  }

  /** Writes the slots. Call right before the submission. */
  flush(): void {
    if (this.#buffer !== undefined && this.#used > 0)
      this.#registry.device.queue.writeBuffer(this.#buffer, 0, this.#bytes, 0, SLOT * this.#used);
    this.#used = 0;
  }
}
