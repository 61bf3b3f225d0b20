import type { BufferRegistry } from '../buffers.ts';

/** Bytes of a chunk at least. */
const MIN_CHUNK = 2 ** 20;

interface Chunk {
  readonly buffer: GPUBuffer;
  bytes: Uint8Array;
  used: number;
}

/**
 * Mapped buffers through which large arrays reach the device, as `queue.writeBuffer` does, but kept
 * from tick to tick: `writeBuffer` allocates memory for every array of some megabytes, which took
 * five times as long (57 MB: 46 ms against 10 ms, Dawn on an NVIDIA H100).
 *
 * Call {@link put} for each array and encode the copy, {@link close} right before the submission,
 * and {@link recycle} right after it.
 */
export class UploadRing {
  readonly #registry: BufferRegistry;
  /** Mapped, and nobody uses them. */
  readonly #free: Chunk[] = [];
  /** Hold arrays of the submission that is being encoded. */
  #open: Chunk[] = [];

  constructor(registry: BufferRegistry) {
    this.#registry = registry;
  }

  /** Copies `data`. @returns where the submission finds it. */
  put(data: ArrayBuffer | ArrayBufferView): { buffer: GPUBuffer; offset: number } {
    const size = data.byteLength;
    let chunk = this.#open.find(({ bytes, used }) => used + size <= bytes.length);
    if (chunk === undefined) {
      chunk = this.#take(size);
      this.#open.push(chunk);
    }
    const offset = chunk.used;
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, size)
      : new Uint8Array(data);
    chunk.bytes.set(bytes, offset);
    // Copies begin at multiples of 4.
    chunk.used += Math.ceil(size / 4) * 4;
    return { buffer: chunk.buffer, offset };
  }

  /** Hands the arrays to the device. */
  close(): void {
    for (const { buffer } of this.#open) buffer.unmap();
  }

  /** Maps the buffers again, as soon as the device has read them. */
  recycle(): void {
    for (const chunk of this.#open)
      chunk.buffer.mapAsync(GPUMapMode.WRITE).then(
        () => {
          chunk.bytes = new Uint8Array(chunk.buffer.getMappedRange());
          chunk.used = 0;
          this.#free.push(chunk);
        },
        // The device is gone, and the registry with it.
        () => undefined,
      );
    this.#open = [];
  }

  #take(size: number): Chunk {
    const at = this.#free.findIndex(({ bytes }) => bytes.length >= size);
    if (at >= 0) return this.#free.splice(at, 1)[0];
    // A pool that grows leaves chunks behind that are too small.
    for (const { buffer } of this.#free.splice(0)) this.#registry.destroy(buffer);
    const room = Math.max(MIN_CHUNK, 2 ** Math.ceil(Math.log2(size)));
    const usage = GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC;
    const buffer = this.#registry.create('upload', room, usage, true);
    return { buffer, bytes: new Uint8Array(buffer.getMappedRange()), used: 0 };
  }
}
