import { must } from '../../base/errors.ts';

/** A complete assignment of n rows to n columns of largest total value. */
export interface Assignment {
  /** i32[n]: column of each row. */
  readonly column: Int32Array;
  /** Sum of the values, summed row by row. */
  readonly total: number;
  /** Certificate: at least the largest total possible. Where all values are integers, an integer. */
  readonly upperBound: number;
  readonly rounds: number;
  /** Rows looked at, as shares of n. */
  readonly scans: number;
}

/**
 * The epsilon-auction on a dense n x n matrix with epsilon scaling (Bertsekas and Castanon 1989): rows bid for columns, prices are kept
 * from one epsilon to the next, four times smaller each time. The total is within n x epsilon of the optimum; integers end with
 * epsilon = 1 / (n + 1) and therefore at the optimum.
 *
 * @param value f64[n][n], finite; maximised.
 * @param epsilon last epsilon in units of value; default 1 / (n + 1) for integers, otherwise the range / (10^4 n).
 */
export function auctionAssignment(value: Float64Array, n: number, epsilon?: number): Assignment {
  checkSquare(value, n);
  const { low, high, integers } = survey(value);
  const range = high - low;
  const last = Math.max(
    epsilon ?? (integers ? 1 / (n + 1) : range / (1e4 * n)),
    Math.max(Math.abs(low), Math.abs(high)) * 2 ** -44,
  );
  must(last > 0 || range === 0, `epsilon must be above 0, not ${epsilon}`);
  const price = new Float64Array(n);
  const column = new Int32Array(n).fill(-1);
  const owner = new Int32Array(n).fill(-1);
  const queue = new Int32Array(n);
  const displaced = new Int32Array(n);
  let rounds = 0;
  let bids = 0;
  for (let eps = Math.max(last, range / 8); ; eps = Math.max(last, eps / 4)) {
    column.fill(-1);
    owner.fill(-1);
    let size = n;
    for (let i = 0; i < n; i++) queue[i] = i;
    for (; size > 0; rounds++) {
      let lost = 0;
      bids += size;
      for (let q = 0; q < size; q++) {
        const i = queue[q];
        const base = i * n;
        let best = 0;
        let first = -Infinity;
        let second = -Infinity;
        for (let j = 0; j < n; j++) {
          const v = value[base + j] - price[j];
          if (v > second) {
            if (v > first) {
              second = first;
              first = v;
              best = j;
            } else second = v;
          }
        }
        price[best] += (second === -Infinity ? 0 : first - second) + eps;
        const loser = owner[best];
        if (loser >= 0) {
          column[loser] = -1;
          displaced[lost++] = loser;
        }
        owner[best] = i;
        column[i] = best;
      }
      queue.set(displaced.subarray(0, lost));
      size = lost;
    }
    if (eps <= last || range === 0) break;
  }
  const total = totalOf(value, n, column);
  return {
    column,
    total,
    upperBound: assignmentBound(value, n, price, integers, total),
    rounds,
    scans: n === 0 ? 0 : bids / n,
  };
}

/**
 * The optimum by shortest augmenting paths (Jonker and Volgenant 1987, without their first heuristics beyond the row and column
 * minima). O(n^3). Exact for integers below 2^52 / n; otherwise exact up to rounding.
 *
 * @param value f64[n][n], finite; maximised.
 */
export function exactAssignment(value: Float64Array, n: number): Assignment {
  checkSquare(value, n);
  const { integers } = survey(value);
  // Costs are the negated values; duals u (rows) and v (columns) with u_i + v_j <= cost_ij, equal on assigned pairs.
  const v = new Float64Array(n);
  const column = new Int32Array(n).fill(-1);
  const owner = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    let best = 0;
    for (let i = 1; i < n; i++) if (value[i * n + j] > value[best * n + j]) best = i;
    v[j] = n === 0 ? 0 : -value[best * n + j];
    if (column[best] < 0) {
      column[best] = j;
      owner[j] = best;
    }
  }
  const distance = new Float64Array(n);
  const from = new Int32Array(n);
  const done = new Uint8Array(n);
  let rounds = 0;
  let rows = 0;
  for (let root = 0; root < n; root++) {
    if (column[root] >= 0) continue;
    rounds++;
    done.fill(0);
    for (let j = 0; j < n; j++) {
      distance[j] = -value[root * n + j] - v[j];
      from[j] = root;
    }
    const path: number[] = [];
    let end = -1;
    let reach = 0;
    while (end < 0) {
      let best = -1;
      for (let j = 0; j < n; j++) if (done[j] === 0 && (best < 0 || distance[j] < distance[best])) best = j;
      reach = distance[best];
      done[best] = 1;
      path.push(best);
      rows++;
      const i = owner[best];
      if (i < 0) {
        end = best;
        break;
      }
      const base = i * n;
      // Reduced cost of the pair (i, best) is u_i, taken off so that the assigned pair costs nothing.
      const own = -value[base + best] - v[best];
      for (let j = 0; j < n; j++) {
        if (done[j] === 1) continue;
        const d = reach + (-value[base + j] - v[j] - own);
        if (d < distance[j]) {
          distance[j] = d;
          from[j] = i;
        }
      }
    }
    for (const j of path) v[j] += distance[j] - reach;
    for (let j = end; ;) {
      const i = from[j];
      owner[j] = i;
      [column[i], j] = [j, column[i]];
      if (i === root) break;
    }
  }
  const total = totalOf(value, n, column);
  return {
    column,
    total,
    upperBound: assignmentBound(
      value,
      n,
      v.map((x) => -x),
      integers,
      total,
    ),
    rounds,
    // The column minima are one scan.
    scans: n === 0 ? 0 : 1 + rows / n,
  };
}

/** Greedy: entries of the matrix in the given order (heaviest first, ties row by row), until every row has a column. */
export function greedyAssignment(n: number, order: Uint32Array): Int32Array {
  const column = new Int32Array(n).fill(-1);
  const owner = new Int32Array(n).fill(-1);
  let left = n;
  for (let e = 0; e < order.length && left > 0; e++) {
    const i = Math.floor(order[e] / n);
    const j = order[e] % n;
    if (column[i] >= 0 || owner[j] >= 0) continue;
    column[i] = j;
    owner[j] = i;
    left--;
  }
  return column;
}

/** sum_j p_j + sum_i max_j (value_ij - p_j), lifted over its rounding errors; for integers rounded down, which a bound may be. */
export function assignmentBound(
  value: Float64Array,
  n: number,
  price: Float64Array,
  integers: boolean,
  total: number,
): number {
  let bound = 0;
  let size = 0;
  for (let i = 0; i < n; i++) {
    let best = -Infinity;
    for (let j = 0; j < n; j++) best = Math.max(best, value[i * n + j] - price[j]);
    bound += best + price[i];
    size += Math.abs(best) + Math.abs(price[i]);
  }
  const safe = bound + size * (n + 4) * 2 ** -52;
  return Math.max(total, integers && safe < 2 ** 52 ? Math.floor(safe) : safe);
}

/** Sum of the values of an assignment. */
export function totalOf(value: Float64Array, n: number, column: Int32Array): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += value[i * n + column[i]];
  return total;
}

/** Lowest and highest value, and whether all are integers. */
export function survey(value: Float64Array): { low: number; high: number; integers: boolean } {
  let low = Infinity;
  let high = -Infinity;
  let integers = true;
  for (const v of value) {
    if (v < low) low = v;
    if (v > high) high = v;
    if (integers && !Number.isInteger(v)) integers = false;
  }
  return value.length === 0 ? { low: 0, high: 0, integers } : { low, high, integers };
}

function checkSquare(value: Float64Array, n: number): void {
  must(value.length === n * n, `an assignment of ${n} rows needs ${n * n} values, not ${value.length}`);
  const at = value.findIndex((v) => !Number.isFinite(v));
  must(at < 0, `value ${value[at]} in row ${Math.floor(at / n)}, column ${at % n} is not a finite number`);
}
