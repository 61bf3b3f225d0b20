import { exactSum } from '../../base/dyadic.ts';
import type { ExactMatching } from '../exact/exact.ts';
import { ownPairs, type NamedMatcher } from '../own/own-matcher.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { Id } from './formats.ts';
import type { MatchFileOptions, RawMatching } from './match-types.ts';
import type { PairSource } from '../../score/source.ts';

/** How weights of a source relate to those of the file. */
export interface Scale {
  /** Weights of the source per unit of the file's, a power of ten. */
  readonly times: number;
  /** Whether all weights of the source are whole numbers. */
  readonly whole: boolean;
}

/**
 * A matching as an answer: pairs (each once, lower position first), their weight and the bound,
 * both in the file's units. The bound is rounded down where all weights are whole.
 *
 * @param bound at least the optimum, in units of the source.
 */
export function pairsOf(
  source: PairSource,
  mate: Int32Array,
  bound: number,
  { times, whole }: Scale,
): { pairs: [number, number][]; weight: number; upperBound: number } {
  const pairs: [number, number][] = [];
  mate.forEach((j, i) => {
    if (j > i) pairs.push([i, j]);
  });
  const weights = pairs.map(([i, j]) => source.weight(i, j));
  const weight = exactSum(weights, times);
  const total = exactSum(weights);
  const upperBound = Math.max(total, whole ? Math.floor(bound) : bound);
  // Equal in units of the source is equal in the file's, whatever the rounding.
  return { pairs, weight, upperBound: upperBound === total ? weight : Math.max(weight, upperBound / times) };
}

/**
 * An exact matching as an answer; rounds are searches for augmenting paths.
 *
 * @param greedy i32[n]: the greedy matching.
 * @throws Error where greedy is heavier, which is a bug of the solver.
 */
export function exactAnswer(
  source: PairSource,
  found: ExactMatching,
  greedy: Int32Array,
  scale: Scale,
): RawMatching {
  const { mate, upperBound, searches, scans, rounds, worstReducedCost } = found;
  const answer = pairsOf(source, mate, upperBound, scale);
  const other = pairsOf(source, greedy, 0, scale).weight;
  if (other > answer.weight)
    throw new Error(`exact matching failed its own proof: it weighs ${answer.weight}, greedy ${other}`);
  return {
    ...answer,
    ...{ rounds: searches, scans, pricingRounds: rounds, worstReducedCost: worstReducedCost / scale.times },
  };
}

/** The pairs of a matcher of the user: nobody in a file has waited. */
export function ownFileMatching(
  own: NamedMatcher,
  source: PairSource,
  lists: CandidateLists,
  ids: readonly Id[],
  { seed }: MatchFileOptions,
  times = 1,
): Int32Array {
  return ownPairs(own, { source, lists, ids, seed, times, waited: new Float32Array(source.n) });
}

/**
 * Turns (stage, share) into a line of text, at most every two seconds and not within the first
 * second.
 */
export function slowly(print: (text: string) => void): (stage: string, share: number) => void {
  let next = performance.now() + 1000;
  return (stage, share) => {
    if (performance.now() < next) return;
    next = performance.now() + 2000;
    print(`${stage}: ${Math.round(100 * share)} %`);
  };
}
