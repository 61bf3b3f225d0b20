import {
  auctionAssignment,
  assignmentBound,
  exactAssignment,
  greedyAssignment,
  survey,
  totalOf,
} from '../exact/assignment.ts';
import type { CostFile } from './formats.ts';
import type { MatchFileOptions, RawMatching } from './match-file.ts';
import { descending } from './sort.ts';

/** `lab match --format costs`: a complete assignment of least (or greatest) total; ties row by row. */
export function matchCosts(data: CostFile, options: MatchFileOptions): RawMatching {
  const { n, cost } = data;
  const sign = options.goal === 'min' ? -1 : 1;
  // Zero stays +0, so that sums and JSON never show a negative zero.
  const value = sign > 0 ? cost : cost.map((c) => (c === 0 ? 0 : -c));
  let column: Int32Array;
  let upperBound: number;
  let rounds: number;
  let scans: number;
  if (options.algorithm === 'greedy') {
    column = greedyAssignment(n, descending(value));
    upperBound = greedyBound(value, n, totalOf(value, n, column));
    rounds = 1;
    scans = 1;
  } else {
    const found =
      options.algorithm === 'auction'
        ? auctionAssignment(value, n, options.epsilon)
        : exactAssignment(value, n);
    ({ column, upperBound, rounds, scans } = found);
  }
  return {
    pairs: Array.from(column, (j, i) => [i, j] as const),
    weight: totalOf(cost, n, column),
    upperBound: upperBound === 0 ? 0 : sign * upperBound,
    rounds,
    scans,
  };
}

/** Bound without solving: every column at its best value less what its best row could have had. */
function greedyBound(value: Float64Array, n: number, total: number): number {
  const { integers } = survey(value);
  const price = new Float64Array(n);
  const rows = assignmentBound(value, n, price, integers, total);
  for (let j = 0; j < n; j++) {
    let best = -Infinity;
    for (let i = 0; i < n; i++) best = Math.max(best, value[i * n + j]);
    price[j] = best;
  }
  return Math.min(rows, assignmentBound(value, n, price, integers, total));
}
