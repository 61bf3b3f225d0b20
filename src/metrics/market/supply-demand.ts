import { must } from '../../base/errors.ts';

/**
 * Supply and demand among the people who wait.
 *
 * - Supply of a segment: its members who wait.
 * - Demand for a segment: the people who wait and whose own filters and languages admit at least
 *   one waiting member other than themselves. Whether the member accepts them is the member's
 *   demand. Recent partners are ignored, because that passes within minutes.
 * - Demand for a segment without waiting members: the people whose filters do not exclude it and
 *   who speak its usual languages. Otherwise scarcity would vanish when it is worst.
 * - Pressure: demand over supply; Infinity for demand without supply, NaN without both.
 */
export interface MarketSegment {
  readonly dimension: string;
  readonly name: string;
  /** The bit of `have` that all members have and a filter can exclude; 0 if there is none. */
  readonly bit: number;
  /** Languages that members usually speak, one bit each; 0: any. Used while no member waits. */
  readonly usuallySpeaks: number;
}

/** The people who wait, as columns of length >= n; see Pool in score/types.ts. */
export interface WaitingPeople {
  readonly n: number;
  readonly have: Uint32Array;
  readonly avoid: Uint32Array;
  /** At most 21 languages. */
  readonly speaks: Uint32Array;
  /** Dual price y, units of weight. */
  readonly price: Float32Array;
  /** u32[n]: bit s is set if the person belongs to segments[s]. */
  readonly member: Uint32Array;
}

export interface SupplyDemand {
  /** f64[segments]. `meanPrice` is NaN if no member waits. */
  readonly supply: Float64Array;
  readonly demand: Float64Array;
  readonly meanPrice: Float64Array;
  /** f64[segments][segments]: demand of the members of the first for the second. */
  readonly from: Float64Array;
}

/**
 * Counts supply and demand of at most 32 segments in O(n + G^2) for G distinct (have, avoid,
 * speaks), not n^2: people with the same bits admit the same people.
 */
export function supplyDemand(people: WaitingPeople, segments: readonly MarketSegment[]): SupplyDemand {
  const S = segments.length;
  must(S <= 32, `at most 32 segments can be counted at once; there are ${S}`);
  const { n, price, member } = people;
  const supply = new Float64Array(S);
  const prices = new Float64Array(S);
  for (let i = 0; i < n; i++)
    for (let m = member[i]; m !== 0; m &= m - 1) {
      const s = 31 - Math.clz32(m & -m);
      supply[s]++;
      prices[s] += price[i];
    }
  const groups = group(people, S);
  const wanted = wantedSegments(groups, segments, supply);
  const demand = new Float64Array(S);
  const from = new Float64Array(S * S);
  const { size, inSegment, only } = groups;
  for (let g = 0; g < groups.count; g++) {
    const own = admits(groups, g, g) ? groups.member[g] : 0;
    for (let s = 0; s < S; s++) {
      const inOwn = (own >>> s) & 1 ? inSegment[g * S + s] : 0;
      const byAll = ((wanted[g] >>> s) & 1) === 1 || inOwn > 1;
      if (!byAll && inOwn === 0) continue;
      // The only member of s that they accept is in their own group: everyone but that member
      // demands them.
      demand[s] += byAll ? size[g] : size[g] - 1;
      for (let a = 0; a < S; a++)
        from[a * S + s] += inSegment[g * S + a] - (byAll ? 0 : (only[g * S + s] >>> a) & 1);
    }
  }
  return { supply, demand, meanPrice: prices.map((p, s) => p / supply[s]), from };
}

/** Demand over supply, as defined above. */
export function pressure(demand: number, supply: number): number {
  return demand / supply;
}

interface Groups {
  readonly count: number;
  readonly have: Uint32Array;
  readonly avoid: Uint32Array;
  readonly speaks: Uint32Array;
  readonly size: Uint32Array;
  /** Segments with at least one member in the group. */
  readonly member: Uint32Array;
  /** u32[groups][segments]: members per segment, and the segments of the last of them. */
  readonly inSegment: Uint32Array;
  readonly only: Uint32Array;
}

/** Groups people with the same bits. */
function group({ n, have, avoid, speaks, member }: WaitingPeople, S: number): Groups {
  const index = new Map<number, Map<number, number>>();
  const of = new Uint32Array(n);
  const first: number[] = [];
  for (let i = 0; i < n; i++) {
    const key = have[i] + speaks[i] * 2 ** 32;
    let inner = index.get(key);
    if (inner === undefined) index.set(key, (inner = new Map<number, number>()));
    let g = inner.get(avoid[i]);
    if (g === undefined) {
      g = first.length;
      inner.set(avoid[i], g);
      first.push(i);
    }
    of[i] = g;
  }
  const count = first.length;
  const result = {
    count,
    have: Uint32Array.from(first, (i) => have[i]),
    avoid: Uint32Array.from(first, (i) => avoid[i]),
    speaks: Uint32Array.from(first, (i) => speaks[i]),
    size: new Uint32Array(count),
    member: new Uint32Array(count),
    inSegment: new Uint32Array(count * S),
    only: new Uint32Array(count * S),
  };
  for (let i = 0; i < n; i++) {
    const g = of[i];
    result.size[g]++;
    result.member[g] |= member[i];
    for (let m = member[i]; m !== 0; m &= m - 1) {
      const s = 31 - Math.clz32(m & -m);
      result.inSegment[g * S + s]++;
      result.only[g * S + s] = member[i];
    }
  }
  return result;
}

function admits({ have, avoid, speaks }: Groups, g: number, h: number): boolean {
  return (avoid[g] & have[h]) === 0 && (speaks[g] & speaks[h]) !== 0;
}

/** Per group: segments demanded because of members in other groups, or although no member waits. */
function wantedSegments(
  groups: Groups,
  segments: readonly MarketSegment[],
  supply: Float64Array,
): Uint32Array {
  const { count, have, avoid, speaks, member } = groups;
  const present = member.reduce((mask, m) => mask | m, 0);
  const wanted = new Uint32Array(count);
  for (let g = 0; g < count; g++) {
    let mask = 0;
    for (let h = 0; h < count && mask !== present; h++)
      if (h !== g && (avoid[g] & have[h]) === 0 && (speaks[g] & speaks[h]) !== 0) mask |= member[h];
    segments.forEach(({ bit, usuallySpeaks }, s) => {
      if (supply[s] > 0 || (avoid[g] & bit) !== 0) return;
      if (usuallySpeaks === 0 || (speaks[g] & usuallySpeaks) !== 0) mask |= 1 << s;
    });
    wanted[g] = mask;
  }
  return wanted;
}
