import { exactSum, toIntegers, toNumberUp } from '../../base/dyadic.ts';
import { must } from '../../base/errors.ts';

/**
 * A square matrix that stands for an assignment problem of any shape: the larger side's surplus is
 * assigned to dummies of value 0, and a forbidden pair has a value so low that no assignment with
 * fewer forbidden pairs is worse.
 */
export interface Square {
  readonly n: number;
  /** f64[n][n], finite; maximised. */
  readonly value: Float64Array;
  /** u8[n][n]: DUMMY, ALLOWED or FORBIDDEN. */
  readonly kind: Uint8Array;
  /** Value of a forbidden pair. */
  readonly penalty: number;
  /** The least by which one more forbidden pair lowers a total. */
  readonly step: number;
}

const DUMMY = 0;
export const ALLOWED = 1;
export const FORBIDDEN = 2;

/**
 * A complete assignment of the rows of a square to its columns, with as few forbidden pairs as
 * possible.
 */
export interface Assignment {
  /** i32[n]: column of each row. */
  readonly column: Int32Array;
  /**
   * Certificate: at least the largest total of allowed pairs. A whole number where all values are.
   */
  readonly upperBound: number;
  readonly rounds: number;
  /** Rows that were read, as shares of n. */
  readonly scans: number;
}

/**
 * @param value f64[rows][columns]; -Infinity where the pair is forbidden.
 * @throws LabError where the size is wrong or a value is NaN or Infinity.
 */
export function squareOf(value: Float64Array, rows: number, columns: number): Square {
  must(value.length === rows * columns, `${rows} x ${columns} values are needed, not ${value.length}`);
  const at = value.findIndex((v) => !(v < Infinity));
  must(
    at < 0,
    `value ${value[at]} in row ${Math.floor(at / columns)}, column ${at % columns} is not a finite number`,
  );
  const n = Math.max(rows, columns);
  const { low, high } = range(value);
  const step = high > low ? 2 * (high - low) : Math.abs(low) + 1;
  const penalty = high > low ? low - (Math.min(rows, columns) + 1) * (high - low) : low - Math.abs(low) - 1;
  const square = new Float64Array(n * n);
  const kind = new Uint8Array(n * n).fill(DUMMY);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const v = value[i * columns + j];
      square[i * n + j] = v === -Infinity ? penalty : v;
      kind[i * n + j] = v === -Infinity ? FORBIDDEN : ALLOWED;
    }
  return { n, value: square, kind, penalty, step };
}

/** Lowest and highest finite value; 0 and 0 where there is none. */
export function range(value: Float64Array): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const v of value) {
    if (v < low && v > -Infinity) low = v;
    if (v > high) high = v;
  }
  return low > high ? { low: 0, high: 0 } : { low, high };
}

/**
 * Sum of the values of an assignment's pairs, forbidden ones aside, over a whole divisor, rounded
 * once.
 */
export function totalOf({ n, value, kind }: Square, column: Int32Array, divisor = 1): number {
  return exactSum(
    Float64Array.from(column, (j, i) => (kind[i * n + j] === FORBIDDEN ? 0 : value[i * n + j])),
    divisor,
  );
}

export function forbiddenPairs({ n, kind }: Square, column: Int32Array): number {
  return column.reduce((sum, j, i) => sum + (kind[i * n + j] === FORBIDDEN ? 1 : 0), 0);
}

/**
 * sum_j p_j + sum_i max_j (value_ij - p_j), less the penalties of the forbidden pairs of `column`:
 * at least every total with no more of them (weak duality). Rounded up, or down to a whole number
 * where all values are whole.
 */
export function assignmentBound(square: Square, price: Float64Array, column: Int32Array): number {
  const { n, value, penalty } = square;
  const top = bestNets(square, price);
  // Rounding can hide which entry is the best of a row only among those that are nearly the best.
  const slip = (v: number, p: number) => (Math.abs(v) + Math.abs(p)) * 2 ** -51;
  const near: { i: number; j: number }[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [v, p] = [value[i * n + j], price[j]];
      if (v - p + slip(v, p) >= top[i] - Math.abs(top[i]) * 2 ** -51) near.push({ i, j });
    }
  const { integers, exponent } = toIntegers([penalty, ...price, ...near.map(({ i, j }) => value[i * n + j])]);
  const best = new Array<bigint | undefined>(n).fill(undefined);
  near.forEach(({ i, j }, e) => {
    const net = integers[1 + n + e] - integers[1 + j];
    const known = best[i];
    if (known === undefined || net > known) best[i] = net;
  });
  let bound = -integers[0] * BigInt(forbiddenPairs(square, column));
  for (let i = 0; i < n; i++) bound += (best[i] ?? 0n) + integers[1 + i];
  const exact = toNumberUp(bound, exponent);
  return Math.max(totalOf(square, column), value.every(Number.isInteger) ? Math.floor(exact) : exact);
}

/** f64[n]: the best value_ij - p_j of every row. */
export function bestNets({ n, value }: Square, price: Float64Array): Float64Array {
  const top = new Float64Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) top[i] = Math.max(top[i], value[i * n + j] - price[j]);
  return top;
}
