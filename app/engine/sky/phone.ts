import type { PhoneCopy } from '../api.ts';
import type { ObservedMarket } from '../markets.ts';

/** A copy of the memories of one phone; null where there are none. */
export function copyPhone({ market, strips }: ObservedMarket, person: number): PhoneCopy | null {
  const { moments, scenario, time } = market;
  if (moments === undefined) return null;
  const { sketch, filter, shortTerm, counts, seen } = moments.phones;
  return {
    ...{ person, time, seed: scenario.seed, shortTerm: shortTerm[person] },
    counts: counts.slice(person * sketch.size, (person + 1) * sketch.size),
    ...{ width: sketch.width, depth: sketch.depth },
    seen: seen.slice(person * filter.bytes, (person + 1) * filter.bytes),
    ...{ bits: filter.bits, hashes: filter.hashes },
    signature: moments.phones.signatureOf(person).slice(),
    ...moments.intentOf(person),
    ...(strips?.of(person, time) ?? { stays: [], items: [] }),
  };
}
