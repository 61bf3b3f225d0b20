/** An instance of a WebAssembly module with a memory of its own. */
export interface WasmInstance<Exports> {
  readonly memory: WebAssembly.Memory;
  readonly exports: Exports;
}

/**
 * Makes a function that opens the module once in this thread; it gives null where WebAssembly
 * cannot run.
 */
export function wasmInstance<Exports>(
  bytes: () => Uint8Array<ArrayBuffer>,
): () => WasmInstance<Exports> | null {
  let opened: WasmInstance<Exports> | null | undefined;
  return () => {
    if (opened !== undefined) return opened;
    try {
      const memory = wasmMemory(false);
      const { exports } = new WebAssembly.Instance(wasmModule(bytes(), false), { env: { memory } });
      opened = { memory, exports: exports as Exports };
    } catch {
      // The engine has no SIMD, the policy of the page forbids it, or its file cannot be loaded.
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

/** A memory as the modules import it; `compile.mjs` gives the same maximum. */
export function wasmMemory(shared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 32768, shared });
}

/**
 * A module for such a memory. Modules are compiled for a shared one: the flags behind the name of
 * the import are then 3 instead of 1. Changes the bytes.
 */
export function wasmModule(bytes: Uint8Array<ArrayBuffer>, shared: boolean): WebAssembly.Module {
  const name = [...'memory'].map((letter) => letter.charCodeAt(0));
  const at = bytes.findIndex((_, k) => bytes[k + 7] === 3 && name.every((code, e) => bytes[k + e] === code));
  if (!shared) bytes[at + 7] = 1;
  return new WebAssembly.Module(bytes);
}
