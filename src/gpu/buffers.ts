import { must } from '../base/errors.ts';

/** Live buffers of a device. A test proves that none is left after dispose(). */
export interface Resources {
  readonly buffers: number;
  readonly bufferBytes: number;
}

/** Creates buffers and counts them. */
export class BufferRegistry {
  #live = new Map<GPUBuffer, number>();
  constructor(readonly device: GPUDevice) {}

  /** @throws LabError if the adapter allows no buffer of this size. */
  create(label: string, bytes: number, usage: GPUBufferUsageFlags, mapped = false): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 4) * 4);
    must(
      size <= this.device.limits.maxBufferSize,
      `GPU buffer ${label} needs ${size} bytes; this adapter allows ${this.device.limits.maxBufferSize}. Take fewer people or a smaller dimension.`,
    );
    const buffer = this.device.createBuffer({ label, size, usage, mappedAtCreation: mapped });
    this.#live.set(buffer, size);
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    if (this.#live.delete(buffer)) buffer.destroy();
  }

  resources(): Resources {
    let bufferBytes = 0;
    for (const bytes of this.#live.values()) bufferBytes += bytes;
    return { buffers: this.#live.size, bufferBytes };
  }

  dispose(): void {
    for (const buffer of [...this.#live.keys()]) this.destroy(buffer);
  }
}

/**
 * A buffer that grows by powers of two and never shrinks, so that a pool whose size varies does not
 * allocate in every tick. Growing loses the contents: call {@link atLeast} first, then write.
 */
export class GrowingBuffer {
  #buffer: GPUBuffer | undefined;

  constructor(
    readonly registry: BufferRegistry,
    readonly label: string,
    readonly use: 'storage' | 'staging' = 'storage',
  ) {}

  /** The buffer, with room for at least `bytes`. @throws LabError beyond the adapter's limits. */
  atLeast(bytes: number): GPUBuffer {
    const old = this.#buffer;
    if (old !== undefined && old.size >= bytes) return old;
    if (old !== undefined) this.registry.destroy(old);
    const size = 2 ** Math.ceil(Math.log2(Math.max(256, bytes)));
    this.#buffer =
      this.use === 'staging'
        ? this.registry.create(this.label, size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
        : this.registry.create(this.label, this.#bindable(size, bytes), STORAGE());
    return this.#buffer;
  }

  #bindable(size: number, bytes: number): number {
    const limit = this.registry.device.limits.maxStorageBufferBindingSize;
    must(
      bytes <= limit,
      `the table ${this.label} needs ${bytes} bytes; this adapter binds at most ${limit}. Take fewer people, a smaller dimension or fewer candidates.`,
    );
    return Math.min(limit, size);
  }
}

// In Node the constants exist only once Dawn is loaded.
const STORAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
