import dotBytes from './dots.as.ts?wasm';
import scoreBytes from './score.as.ts?wasm';

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

/** The exports of `wasm/score.as.ts`. */
export interface Score {
  readonly setup: (
    at: number,
    columns: number,
    law: number,
    is16: boolean,
    block: number,
    seed: number,
    cut: number,
    cut32: number,
    remembers: boolean,
    same: boolean,
  ) => number;
  readonly scratch: (at: number) => number;
  readonly useLists: (at: number, n: number, room: number, plain: boolean) => void;
  readonly clearLists: (from: number, to: number) => void;
  readonly writeTo: (out: number) => void;
  readonly summarise: (n: number) => void;
  readonly useBlocks: (count: number) => void;
  readonly keepLive: (n: number) => number;
  readonly taskCount: () => number;
  readonly halfSquare: (row: number) => void;
  readonly bestOfRows: (who: number, list: number) => void;
  readonly netOfRows: (who: number, list: number) => void;
  readonly denseRows: (who: number) => void;
  readonly mergeList: (list: number, more: number, lengths: number, col: number, key: number) => void;
  readonly finishList: (list: number, person: number) => number;
}

/**
 * The WebAssembly memory of this thread. A source loads its vectors again where another source has
 * used it since.
 */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly score: Score;
  owner: object | undefined;
}
let arena: Arena | null | undefined;

/** Opens the arena of this thread; null where WebAssembly cannot run. */
export function openArena(): Arena | null {
  if (arena !== undefined) return arena;
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const [dots, score] = [dotBytes, scoreBytes].map(
      (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports,
    );
    arena = {
      memory,
      kernels: dots as unknown as Kernels,
      score: score as unknown as Score,
      owner: undefined,
    };
  } catch {
    // The engine has no SIMD, or the page's policy forbids WebAssembly.
    arena = null;
  }
  return arena;
}
