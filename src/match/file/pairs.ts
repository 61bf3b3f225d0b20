import type { ExactMatching } from '../exact/exact.ts';
import type { RawMatching } from './match-file.ts';
import type { PairSource } from '../../score/source.ts';

/** Pairs (each once, lower position first), their weight, and the bound, rounded down where all weights are whole numbers. */
export function pairsOf(
  source: PairSource,
  mate: Int32Array,
  bound: number,
  integers: boolean,
): { pairs: [number, number][]; weight: number; upperBound: number } {
  const pairs: [number, number][] = [];
  let weight = 0;
  for (let i = 0; i < mate.length; i++)
    if (mate[i] > i) {
      pairs.push([i, mate[i]]);
      weight += source.weight(i, mate[i]);
    }
  const rounded = integers && bound < 2 ** 52 ? Math.floor(bound) : bound;
  return { pairs, weight, upperBound: Math.max(weight, rounded) };
}

/** An exact matching as an answer: rounds are searches for augmenting paths. */
export function exactly(source: PairSource, found: ExactMatching, integers: boolean): RawMatching {
  const { mate, upperBound, searches, scans, rounds, worstReducedCost } = found;
  return {
    ...pairsOf(source, mate, upperBound, integers),
    ...{ rounds: searches, scans, pricingRounds: rounds, worstReducedCost },
  };
}

/** Turns (stage, share) into a line of text, at most every two seconds, and not within the first. */
export function slowly(print: (text: string) => void): (stage: string, share: number) => void {
  let next = performance.now() + 1000;
  return (stage, share) => {
    if (performance.now() < next) return;
    next = performance.now() + 2000;
    print(`${stage}: ${Math.round(100 * share)} %`);
  };
}
