/** An instance of a WebAssembly module with a memory of its own. */
export interface WasmInstance<Exports> {
  readonly memory: WebAssembly.Memory;
  readonly exports: Exports;
}

/**
 * Makes a function that opens the module once in this thread; it gives null where WebAssembly
 * cannot run.
 */
export function wasmInstance<Exports>(bytes: Uint8Array<ArrayBuffer>): () => WasmInstance<Exports> | null {
  let opened: WasmInstance<Exports> | null | undefined;
  return () => {
    if (opened !== undefined) return opened;
    try {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
      opened = { memory, exports: exports as Exports };
    } catch {
      // The engine has no SIMD, or the page's policy forbids WebAssembly.
      opened = null;
    }
    return opened;
  };
}

/** Grows a memory to at least `bytes`. Views of it must then be made again. */
export function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
}
