import type { GpuDevice } from './device.ts';

/** One table (or part of it) to read back. */
export interface Wanted {
  readonly name: string;
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

/** Copies several tables into one staging buffer and maps it once. */
export class Readback {
  #offsets = new Map<string, { at: number; bytes: number }>();
  #staging: GPUBuffer;
  #total = 0;

  /**
   * Encodes the copies; submit the encoder, then call {@link read}. `extra` bytes are kept free at the end for the clock, `room` at least: the
   * buffer then keeps its size when they become more.
   */
  constructor(
    readonly gpu: GpuDevice,
    encoder: GPUCommandEncoder,
    wanted: readonly Wanted[],
    readonly extra = 0,
    room = extra,
  ) {
    for (const { name, bytes } of wanted) {
      this.#offsets.set(name, { at: this.#total, bytes });
      this.#total += Math.ceil(bytes / 8) * 8;
    }
    this.#staging = gpu.pool.staging('staging', this.#total + Math.max(extra, room));
    for (const { name, buffer, bytes } of wanted)
      if (bytes > 0)
        encoder.copyBufferToBuffer(
          buffer,
          0,
          this.#staging,
          this.#offsets.get(name)!.at,
          Math.ceil(bytes / 4) * 4,
        );
  }

  /** Where the extra bytes begin. */
  get extraAt(): number {
    return this.#total;
  }

  get staging(): GPUBuffer {
    return this.#staging;
  }

  /** Waits for the GPU. The copies stay valid. */
  async read(): Promise<(name: string) => ArrayBuffer> {
    const size = this.#total + this.extra;
    await this.gpu.alive(this.#staging.mapAsync(GPUMapMode.READ, 0, size));
    const all = this.#staging.getMappedRange(0, size).slice(0);
    this.#staging.unmap();
    return (name) => {
      if (name === 'extra') return all.slice(this.#total);
      const { at, bytes } = this.#offsets.get(name)!;
      return all.slice(at, at + bytes);
    };
  }
}
