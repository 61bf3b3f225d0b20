import { must } from '../../base/errors.ts';
import { hash4, Stream } from '../../base/hash.ts';

/** The counters of one sketch, or of many sketches one after the other. */
export type Cells = Uint8Array | Uint16Array | Uint32Array;

/**
 * Width and depth for which an estimate exceeds the true count by more than epsilon x (sum of all
 * counts) with a chance of at most delta (Cormode and Muthukrishnan, J. Algorithms 55, 2005).
 */
export const countMinSize = (epsilon: number, delta: number) => ({
  width: Math.ceil(Math.E / epsilon),
  depth: Math.max(1, Math.ceil(Math.log(1 / delta))),
});

/**
 * What a sketch of this size promises: with a chance of at least 1 - delta, an estimate is at most
 * epsilon x (sum of all counts) above the true count. `errorRate` and `confidence` are the same
 * promise in the form of Markov's inequality with factor 2: 2 / width and 1 - 2^-depth.
 */
export const countMinPromise = (width: number, depth: number) => ({
  epsilon: Math.E / width,
  delta: Math.exp(-depth),
  errorRate: 2 / width,
  confidence: 1 - 2 ** -depth,
});

/**
 * Chance that the estimate of one of `sources` counters is surely exact: in at least one row no
 * other source has its column. Rows are independent and columns uniform. A plain table of one
 * counter per source is always exact.
 */
export function chanceOfExactCount(sources: number, width: number, depth: number): number {
  const alone = ((width - 1) / width) ** (sources - 1);
  return 1 - (1 - alone) ** depth;
}

/**
 * A count-min sketch: `depth` rows of `width` counters; a key is counted once in each row, and its
 * estimate is the smallest of its counters, so an estimate is never too small. The counters are in
 * an array of the caller, row by row, from position `at`: one array holds the sketches of many
 * people. A full counter stays full.
 */
export class CountMin {
  constructor(
    readonly width: number,
    readonly depth: number,
    /** Column of `key` in `row`: a whole number from 0 to width - 1. */
    readonly column: (row: number, key: number) => number,
  ) {
    must(width >= 1 && depth >= 1, `a sketch of ${width} x ${depth} has no counters; use 1 or more`);
  }

  /** Columns from the project's hash, so that equal seeds give equal sketches. */
  static hashed(width: number, depth: number, seed: number): CountMin {
    return new CountMin(width, depth, (row, key) => hash4(seed, COLUMNS, key, row) % width);
  }

  /** One counter per key 0 to `keys` - 1: the sketch without collisions. */
  static plainTable(keys: number): CountMin {
    return new CountMin(keys, 1, (_, key) => key);
  }

  /** Number of counters. */
  get size(): number {
    return this.width * this.depth;
  }

  add(cells: Cells, key: number, times = 1, at = 0): void {
    const full = 2 ** (8 * cells.BYTES_PER_ELEMENT) - 1;
    for (let row = 0; row < this.depth; row++) {
      const cell = at + row * this.width + this.column(row, key);
      cells[cell] = Math.min(full, cells[cell] + times);
    }
  }

  estimate(cells: Cells, key: number, at = 0): number {
    let least = Infinity;
    for (let row = 0; row < this.depth; row++)
      least = Math.min(least, cells[at + row * this.width + this.column(row, key)]);
    return least;
  }
}

/** Counter word of the hash: columns are independent of every other draw of the stream. */
const COLUMNS = (Stream.content << 24) | 1;
