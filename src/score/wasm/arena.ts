import bytes from './dots.as.ts?wasm';

/**
 * The exports of `wasm/dots.as.ts`. All numbers are byte addresses, lengths and counts, but for
 * `low` and `high`.
 */
type OneRow = (x: number, y: number, blocks: number, bytes: number, out: number) => void;
type FourRows = (x: number, y: number, blocks: number, bytes: number, out: number, stride: number) => void;
interface Kernels {
  readonly oneRowF64: OneRow;
  readonly oneRowF32: OneRow;
  readonly fourRowsF64: FourRows;
  readonly fourRowsF32: FourRows;
  readonly above: (
    v: number,
    y: number,
    reach: number,
    blocks: number,
    list: number,
    low: number,
    high: number,
  ) => number;
}

/**
 * The WebAssembly memory of this thread. A source loads its vectors again where another source has
 * used it since.
 */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  owner: object | undefined;
}
let arena: Arena | null | undefined;

/** Opens the arena of this thread; null where WebAssembly cannot run. */
export function openArena(): Arena | null {
  if (arena !== undefined) return arena;
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    arena = { memory, kernels: exports as unknown as Kernels, owner: undefined };
  } catch {
    // The engine has no SIMD, or the page's policy forbids WebAssembly.
    arena = null;
  }
  return arena;
}
