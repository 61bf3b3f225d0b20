import { exactSum } from '../../base/dyadic.ts';
import { LabError, must } from '../../base/errors.ts';
import { assignmentBound, forbiddenPairs, range, totalOf } from './square.ts';
import type { Assignment, Square } from './square.ts';

/**
 * The epsilon-auction with epsilon scaling (Bertsekas and Castanon 1989): rows bid for columns,
 * prices are kept from one epsilon to the next, four times smaller each time. The total is within n
 * x epsilon of the optimum. Whole numbers end with epsilon = 1 / (n + 1), which makes the total
 * optimal.
 *
 * A float64 price cannot hold steps below 2^-44 of the largest value. So where values are very
 * large, the auction is run again on a matrix in which those that no assignment can afford are
 * raised: with T the total found first, a pair of value below T minus the sum of the other rows'
 * best values is in no optimum.
 *
 * @param epsilon last epsilon in units of value; default 1 / (n + 1) for whole numbers, otherwise
 *   the range / (10^4 n).
 * @throws LabError where epsilon is too large to tell which pairs have to be forbidden ones.
 */
export function auctionAssignment(square: Square, epsilon?: number): Assignment {
  const { n } = square;
  let { value } = square;
  let prices = auction(value, n, epsilon);
  let { rounds, scans } = prices;
  for (let again = 0; again < 4 && prices.coarse; again++) {
    const total = totalOf(square, prices.column) + square.penalty * forbiddenPairs(square, prices.column);
    const raised = raiseHopeless(square, total);
    if (raised.every((v, e) => v === value[e])) break;
    value = raised;
    prices = auction(value, n, epsilon);
    rounds += prices.rounds;
    scans += prices.scans;
  }
  const { column, price } = prices;
  const upperBound = assignmentBound(square, price, column);
  if (forbiddenPairs(square, column) > 0 && upperBound - totalOf(square, column) >= square.step)
    throw new LabError(
      'the auction cannot tell how many rows have to stay without a column; give a smaller --epsilon, or use --algorithm exact',
    );
  return { column, upperBound, rounds, scans };
}

interface Bidding {
  readonly column: Int32Array;
  readonly price: Float64Array;
  readonly rounds: number;
  readonly scans: number;
  /** Whether epsilon is larger than wanted, because prices cannot hold smaller steps. */
  readonly coarse: boolean;
}

function auction(value: Float64Array, n: number, epsilon: number | undefined): Bidding {
  const { low, high } = range(value);
  const integers = value.every(Number.isInteger);
  const wanted = epsilon ?? (integers ? 1 / (n + 1) : (high - low) / (1e4 * n));
  const last = Math.max(wanted, Math.max(Math.abs(low), Math.abs(high)) * 2 ** -44);
  must(last > 0 || high === low, `epsilon must be above 0, not ${epsilon}`);
  const price = new Float64Array(n);
  const column = new Int32Array(n).fill(-1);
  const owner = new Int32Array(n).fill(-1);
  const queue = new Int32Array(n);
  const displaced = new Int32Array(n);
  let rounds = 0;
  let bids = 0;
  for (let eps = Math.max(last, (high - low) / 8); ; eps = Math.max(last, eps / 4)) {
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
    if (eps <= last || high === low) break;
  }
  return { column, price, rounds, scans: n === 0 ? 0 : bids / n, coarse: last > wanted };
}

/**
 * The values, with those that are in no assignment of the given total or more raised to the limit
 * for their row.
 */
function raiseHopeless({ n, value }: Square, total: number): Float64Array {
  const best = Float64Array.from({ length: n }, (_, i) =>
    value.subarray(i * n, (i + 1) * n).reduce((a, b) => Math.max(a, b), -Infinity),
  );
  const sum = exactSum(best);
  // A step below the limit, so that rounding cannot make a hopeless pair worth while.
  const margin = 1 + (Math.abs(total) + Math.abs(sum)) * 2 ** -40;
  return value.map((v, e) => Math.max(v, Math.floor(total - sum + best[Math.floor(e / n)] - margin)));
}
