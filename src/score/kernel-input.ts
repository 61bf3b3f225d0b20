import { MAX_LOG_SCORE } from './combine.ts';
/** What makes a weight of two dot products; `Laws` in `wasm/layout.as.ts` has the same numbers. */
export const Law = {
  /** A uniform hash of the pair. */
  hash: 0,
  /** The dot product of user and peer as it is, in f64. */
  single: 1,
  mean: 2,
  smaller: 3,
  product: 4,
  minimum: 5,
  sum: 6,
  harmonic: 7,
  /** By the policy's own formula, from both scores. */
  formula: 8,
  /** The same, from a uniform hash of the pair. */
  formulaOfHash: 9,
} as const;

/** Vectors of people, [n][dim]. */
export type Vectors = Float32Array | Float64Array;

/** All that pairs of n people are scored by. Arrays of n, vectors [n][dim], all only read. */
export interface KernelInput {
  readonly n: number;
  readonly dim: number;
  readonly law: (typeof Law)[keyof typeof Law];
  /** The same array as `peer` where everybody has one vector, which halves the work. */
  readonly user: Vectors;
  readonly peer: Vectors;
  /** Components are whole numbers, and every sum of products stays below this. */
  readonly largest: number;
  readonly scale?: ArrayLike<number>;
  readonly bias?: ArrayLike<number>;
  readonly bonus?: ArrayLike<number>;
  readonly have: ArrayLike<number>;
  readonly avoid: ArrayLike<number>;
  readonly speaks?: ArrayLike<number>;
  readonly ids: Uint32Array;
  readonly recent?: Uint32Array;
  readonly threshold: number;
  readonly seed: number;
  readonly formula?: FormulaInput | undefined;
}

/** The formula of the laws that have one. */
export interface FormulaInput {
  /** Numbers of a module, so that a thread opens each once. */
  readonly serial: number;
  /** The module for a memory that is shared or not; see `formulaModule`. */
  readonly bytes: (shared: boolean) => Uint8Array<ArrayBuffer>;
  /** f32[count][n]. */
  readonly terms: ArrayLike<number>;
  readonly count: number;
}

/** Called for each row with its best partners: `more` says whether others follow them. */
export type TakeBest = (
  row: number,
  count: number,
  col: Int32Array,
  key: Float64Array,
  more: boolean,
) => void;

/** Called for each row with the partners of best net value, their net values and their weights. */
export type TakeNet = (
  row: number,
  count: number,
  col: Int32Array,
  net: Float64Array,
  weight: Float64Array,
) => void;

/** Arrays of `CandidateLists`. */
export interface ListArrays {
  readonly count: Int32Array;
  readonly col: Int32Array;
  readonly key: Float64Array;
  readonly truncated: Uint8Array;
}

/** Weights of pairs by the WebAssembly kernel, with the bits of the plain rule. */
export interface ScoreKernel {
  /** Writes the `room` best partners of everyone, those of person i from i * room on. */
  lists(room: number, found: ListArrays): void;
  /**
   * The `room` best partners of each row among the people with `live` = 1, the rows too. Cheaper
   * where nobody is live who was not live at the call before.
   *
   * @returns how many pairs were read.
   */
  best(rows: Int32Array, live: Uint8Array, room: number, take: TakeBest): number;
  /**
   * The `room` partners of each row of best net value: weight less price, f64[n]. Net values are
   * rounded to f32, with ties in the order of pairs; `unrounded`, neither.
   */
  bestNet(rows: Int32Array, price: Float64Array, room: number, unrounded: boolean, take: TakeNet): void;
  /** All weights of a row from `from` on, as `PairSource.row`. Rows in order are cheaper. */
  row(i: number, from: number, out: Float64Array): void;
}

/**
 * People in an order in which those who speak, have and avoid the same are neighbours, so that
 * tiles of pairs who may not meet are skipped. Any order gives the same pairs.
 */
export function orderOf({ n, speaks, have, avoid }: KernelInput): Int32Array {
  const kinds = new Int32Array(n);
  const counts = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const spoken = speaks === undefined ? 0 : speaks[i] & 0xff;
    const rest = (Math.imul(have[i] >>> 2, 0x9e37) ^ Math.imul(avoid[i] >>> 2, 0x85eb)) & 0x3ff;
    const kind = (spoken << 14) | ((have[i] & 3) << 12) | ((avoid[i] & 3) << 10) | rest;
    kinds[i] = kind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  // There are few kinds: people are counted, and each kind gets the places behind the ones before.
  let next = 0;
  for (const [kind, count] of [...counts].sort(([a], [b]) => a - b)) {
    counts.set(kind, next);
    next += count;
  }
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const place = counts.get(kinds[i])!;
    counts.set(kinds[i], place + 1);
    order[place] = i;
  }
  return order;
}

/** What bounds weights by dot products alone; `per` is 0 without. See `wasm/floors.as.ts`. */
export interface DotBound {
  readonly lift: Int32Array;
  readonly per: number;
  readonly most: number;
  readonly slack: number;
}

/** @param same whether everybody has one vector, so that dot products are not added. */
export function dotBoundOf(input: KernelInput, is16: boolean, same: boolean): DotBound {
  const { n, law, largest, scale, bias, bonus } = input;
  const none = { lift: new Int32Array(n), per: 0, most: 0, slack: 0 };
  const isLinear = law === Law.mean || law === Law.smaller;
  // The mean of both scores is far above what a minimum or a harmonic mean makes of them.
  const isExponential = law === Law.product;
  if (!is16 || !(isLinear || isExponential) || scale === undefined || !(scale[0] > 0)) return none;
  const step = same ? scale[0] : scale[0] / 2;
  let [most, bonuses, biases, lifts] = [0, 0, 0, 0];
  const { lift } = none;
  for (let i = 0; i < n; i++) {
    if (scale[i] !== scale[0]) return none;
    const [own, extra] = [bias?.[i] ?? 0, bonus?.[i] ?? 0];
    most = Math.max(most, 2 * extra);
    bonuses = Math.max(bonuses, Math.abs(extra));
    biases = Math.max(biases, Math.abs(own));
    const raised = Math.ceil((own / 2 + (isLinear ? extra : 0)) / step);
    lifts = Math.max(lifts, Math.abs(raised));
    lift[i] = raised;
  }
  // Rounding errors of scores and weights, and of an exponential and its logarithm.
  const scores = scale[0] * largest + biases;
  const error = isLinear ? (scores + 2 * bonuses) * 2 ** -21 : scores * 2 ** -21 + 2 ** -17;
  // Clamped scores are not bounded, nor sums beyond i32.
  if (largest >= 2 ** 29 || !(lifts < 2 ** 28) || (isExponential && scores > MAX_LOG_SCORE)) return none;
  return { lift, per: 1 / step, most: isLinear ? 0 : most, slack: error / step + 4 };
}

/** The largest f32 that is not above v. */
export function below32(v: number): number {
  const r = Math.fround(v);
  if (r <= v) return r;
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, r);
  const word = bits.getInt32(0);
  if (r === 0) return -(2 ** -149);
  bits.setInt32(0, word + (r > 0 ? -1 : 1));
  return bits.getFloat32(0);
}
