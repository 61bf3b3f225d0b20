import type { BufferRegistry } from '../buffers.ts';

/** Bytes of a buffer of the ring. */
const CHUNK = 2 ** 22;

/**
 * Mapped buffers through which large arrays reach the device, as `queue.writeBuffer` does, but kept
 * from tick to tick: `writeBuffer` allocates memory for every array of some megabytes, which took
 * five times as long (57 MB: 46 ms against 10 ms, Dawn on an NVIDIA H100).
 *
 * JavaScript sees one buffer of the ring at a time, as long as it is being filled: V8 counts what
 * it sees as memory of its own, and more than about 30 MB of it that come and go made it collect
 * the whole heap in every tick (100,000 people: 31 ms of the host's processor time instead of 19).
 *
 * Call {@link put} for each array, {@link close} right before the submission, and {@link recycle}
 * right after it.
 */
export class UploadRing {
  readonly #registry: BufferRegistry;
  /** Mapped, and nobody uses them. */
  readonly #free: GPUBuffer[] = [];
  /** Hold arrays of the submission that is being encoded. */
  #filled: GPUBuffer[] = [];
  /** The last of them while it has room: its memory, and how much of it is used. */
  #open: { readonly bytes: Uint8Array; used: number } | undefined;

  constructor(registry: BufferRegistry) {
    this.#registry = registry;
  }

  /** Copies `data` in parts. The submission finds `size` bytes from `from` on in a buffer. */
  put(data: Uint8Array, part: (buffer: GPUBuffer, offset: number, from: number, size: number) => void): void {
    for (let from = 0; from < data.length;) {
      const open = (this.#open ??= this.#next());
      const { bytes, used } = open;
      const size = Math.min(data.length - from, CHUNK - used);
      bytes.set(data.subarray(from, from + size), used);
      part(this.#filled[this.#filled.length - 1], used, from, size);
      open.used += size;
      from += size;
      if (open.used === CHUNK) this.close();
    }
  }

  /** Hands the arrays to the device. */
  close(): void {
    if (this.#open !== undefined) this.#filled.at(-1)?.unmap();
    this.#open = undefined;
  }

  /** Maps the buffers again, as soon as the device has read them. */
  recycle(): void {
    for (const buffer of this.#filled)
      buffer.mapAsync(GPUMapMode.WRITE).then(
        () => this.#free.push(buffer),
        // The device is gone, and the registry with it.
        () => undefined,
      );
    this.#filled = [];
  }

  #next(): { bytes: Uint8Array; used: number } {
    const usage = GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC;
    const buffer = this.#free.pop() ?? this.#registry.create('upload', CHUNK, usage, true);
    this.#filled.push(buffer);
    return { bytes: new Uint8Array(buffer.getMappedRange()), used: 0 };
  }
}
