import dotBytes from './dots.as.ts?wasm';
import { wasmMemory, wasmModule } from './instance.ts';
import scoreBytes from './score.as.ts?wasm';

/**
 * The exports of `wasm/dots.as.ts`. All numbers are byte addresses, lengths and counts, but for
 * `low` and `high`.
 */
type OneRow = (x: number, y: number, blocks: number, bytes: number, out: number) => void;
type Pack = (from: number, who: number, n: number, dim: number, block: number, to: number) => void;
type Squares = (from: number, n: number, dim: number, cut: number, out: number) => boolean;
type FourRows = (x: number, y: number, blocks: number, bytes: number, out: number, stride: number) => void;
interface Kernels {
  readonly oneRowF64: OneRow;
  readonly oneRowF32: OneRow;
  readonly fourRowsF64: FourRows;
  readonly fourRowsF32: FourRows;
  readonly pack16: Pack;
  readonly pack64: Pack;
  readonly squaresF32: Squares;
  readonly squaresF64: Squares;
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
    termCount: number,
    formulaSlot: number,
    boundPer: number,
    boundMost: number,
    boundSlack: number,
  ) => number;
  /** For formulas: WebAssembly calls them, JavaScript cannot. */
  readonly exp4: unknown;
  readonly log4: unknown;
  readonly table: WebAssembly.Table;
  readonly scratch: (at: number) => number;
  readonly useLists: (at: number, n: number, room: number, plain: boolean) => void;
  readonly clearLists: (from: number, to: number, ofNet: boolean) => void;
  readonly writeTo: (out: number) => void;
  readonly summarise: (n: number) => void;
  readonly useBlocks: (count: number) => void;
  readonly keepLive: (n: number) => number;
  readonly blockCount: () => number;
  readonly groupPairs: (group: number, other: number, size: number) => void;
  readonly bestOfRows: (who: number, list: number) => void;
  readonly netOfRows: (who: number, list: number) => void;
  readonly denseRows: (who: number) => void;
  readonly finishLists: (from: number, to: number) => void;
}

/** A memory and the kernels on it. A source loads its vectors again where another has used it. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly score: Score;
  /** Of `score`, for other threads. */
  readonly module: WebAssembly.Module;
  owner: object | undefined;
}
let arena: Arena | null | undefined;

/** The arena of this thread alone; null where WebAssembly cannot run. */
export function openArena(): Arena | null {
  if (arena === undefined) arena = createArena(false);
  return arena;
}

/** An arena whose memory other threads can use; null where memory cannot be shared. */
export function openSharedArena(): Arena | null {
  return typeof SharedArrayBuffer === 'undefined' ? null : createArena(true);
}

function createArena(shared: boolean): Arena | null {
  try {
    const memory = wasmMemory(shared);
    const [dots, score] = [dotBytes, scoreBytes].map((bytes) => wasmModule(bytes(), shared));
    const exports = (module: WebAssembly.Module) =>
      new WebAssembly.Instance(module, { env: { memory } }).exports as unknown;
    return {
      memory,
      kernels: exports(dots) as Kernels,
      score: exports(score) as Score,
      module: score,
      owner: undefined,
    };
  } catch {
    // The engine has no SIMD, the policy of the page forbids it, or its file cannot be loaded.
    return null;
  }
}
