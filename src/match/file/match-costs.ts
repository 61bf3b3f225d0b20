import { wholeDecimals } from '../../base/whole-decimals.ts';
import { auctionAssignment } from '../assignment/auction-assignment.ts';
import { exactAssignment } from '../assignment/exact-assignment.ts';
import { greedyAssignment } from '../assignment/greedy-assignment.ts';
import { ALLOWED, assignmentBound, squareOf, totalOf } from '../assignment/square.ts';
import type { Assignment, Square } from '../assignment/square.ts';
import type { MatchFileOptions, RawMatching } from './match-types.ts';
import type { CostFile } from './read-costs.ts';
import { descending } from './sort.ts';

/**
 * `lab match --format costs`: assigns rows to columns, as many as possible, and among those
 * assignments the one with the smallest (or largest) total. Ties go row by row. Decimals count as
 * whole multiples of a power of ten, so that sums are exact.
 */
export function matchCosts({ rows, columns, cost }: CostFile, options: MatchFileOptions): RawMatching {
  const sign = options.goal === 'min' ? -1 : 1;
  const { whole, times } = wholeDecimals(cost) ?? { whole: cost, times: 1 };
  // Zero stays +0, so that sums and JSON never show a negative zero.
  const value = whole.map((c) => (c === Infinity ? -Infinity : c === 0 ? 0 : sign * c));
  const square = squareOf(value, rows, columns);
  const { n, kind } = square;
  const epsilon = options.epsilon === undefined ? undefined : options.epsilon * times;
  const { column, upperBound, rounds, scans } = solve(square, options.algorithm, epsilon);
  const pairs: [number, number][] = [];
  column.forEach((j, i) => {
    if (kind[i * n + j] === ALLOWED) pairs.push([i, j]);
  });
  const weight = totalOf(square, column, times);
  const bound = upperBound === totalOf(square, column) ? weight : Math.max(weight, upperBound / times);
  const signed = (total: number) => (total === 0 ? 0 : sign * total);
  return { pairs, weight: signed(weight), upperBound: signed(bound), rounds, scans };
}

function solve(
  square: Square,
  algorithm: MatchFileOptions['algorithm'],
  epsilon: number | undefined,
): Assignment {
  if (algorithm === 'auction') return auctionAssignment(square, epsilon);
  const column = greedyAssignment(square, descending(square.value));
  if (algorithm === 'greedy') return { column, upperBound: greedyBound(square, column), rounds: 1, scans: 1 };
  const found = exactAssignment(square);
  if (totalOf(square, found.column) < totalOf(square, column))
    throw new Error('exact assignment failed its own proof: greedy is better');
  return found;
}

/** Bound without solving, from prices of 0 and from every column's best value as its price. */
function greedyBound(square: Square, column: Int32Array): number {
  const { n, value } = square;
  const best = Float64Array.from({ length: n }, (_, j) => {
    let top = -Infinity;
    for (let i = 0; i < n; i++) top = Math.max(top, value[i * n + j]);
    return top;
  });
  return Math.min(
    assignmentBound(square, new Float64Array(n), column),
    assignmentBound(square, best, column),
  );
}
