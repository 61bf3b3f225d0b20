import { must } from '../base/errors.ts';

/** Live buffers of a device; a test proves that none is left after dispose(). */
export interface Resources {
  readonly buffers: number;
  readonly bufferBytes: number;
}

/** Creates buffers and counts them. */
export class BufferRegistry {
  #live = new Map<GPUBuffer, number>();
  constructor(readonly device: GPUDevice) {}

  create(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 4) * 4);
    must(
      size <= this.device.limits.maxBufferSize,
      `GPU buffer ${label} needs ${size} bytes; this adapter allows ${this.device.limits.maxBufferSize}. Take fewer people or a smaller dimension.`,
    );
    const buffer = this.device.createBuffer({ label, size, usage });
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
 * Named buffers that grow by powers of two and keep their size, so that a pool that breathes does not allocate in every tick.
 * Growing loses the contents: ask first, then write.
 */
export class BufferPool {
  #named = new Map<string, GPUBuffer>();
  constructor(readonly registry: BufferRegistry) {}

  /** The storage buffer of that name, with room for at least `bytes`. */
  storage(name: string, bytes: number): GPUBuffer {
    const limit = this.registry.device.limits.maxStorageBufferBindingSize;
    must(
      bytes <= limit,
      `the table ${name} needs ${bytes} bytes; this adapter binds at most ${limit}. Take fewer people, a smaller dimension or fewer candidates.`,
    );
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    return this.#grown(name, Math.min(limit, powerOfTwo(bytes)), bytes, usage);
  }

  /** A small uniform buffer that lives on between submissions. */
  uniform(name: string, bytes: number): GPUBuffer {
    return this.#grown(name, bytes, bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  }

  /** A buffer to read back through. */
  staging(name: string, bytes: number): GPUBuffer {
    return this.#grown(name, powerOfTwo(bytes), bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  #grown(name: string, size: number, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const old = this.#named.get(name);
    if (old !== undefined && old.size >= bytes) return old;
    if (old !== undefined) this.registry.destroy(old);
    const buffer = this.registry.create(name, size, usage);
    this.#named.set(name, buffer);
    return buffer;
  }
}

function powerOfTwo(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(256, bytes)));
}
