import type { Market } from '../../../src/sim/types.ts';
import type { PhoneCopy } from '../api.ts';

/** A copy of the memories of one phone; null where there are none. */
export function copyPhone({ moments, scenario, time }: Market, person: number): PhoneCopy | null {
  if (moments === undefined) return null;
  const { sketch, filter, shortTerm, counts, seen } = moments.phones;
  return {
    ...{ person, time, seed: scenario.seed, shortTerm: shortTerm[person] },
    counts: counts.slice(person * sketch.size, (person + 1) * sketch.size),
    ...{ width: sketch.width, depth: sketch.depth },
    seen: seen.slice(person * filter.bytes, (person + 1) * filter.bytes),
    ...{ bits: filter.bits, hashes: filter.hashes },
  };
}
