/** Reuses arrays between ticks and grows them by a quarter, so that a tick allocates only views. */
export class Scratch {
  readonly #arrays = new Map<string, Float32Array | Uint32Array>();

  f32(name: string, length: number): Float32Array {
    return this.#take(name, length, Float32Array) as Float32Array;
  }

  u32(name: string, length: number): Uint32Array {
    return this.#take(name, length, Uint32Array) as Uint32Array;
  }

  #take(
    name: string,
    length: number,
    Kind: Float32ArrayConstructor | Uint32ArrayConstructor,
  ): Float32Array | Uint32Array {
    let array = this.#arrays.get(name);
    if (array === undefined || array.length < length) {
      array = new Kind(Math.max(64, Math.ceil(1.25 * length)));
      this.#arrays.set(name, array);
    }
    return array.subarray(0, length);
  }
}
