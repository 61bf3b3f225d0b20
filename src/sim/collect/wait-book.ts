import { LogHistogram } from '../../metrics/market/histogram.ts';
import { productLimit, survivalQuantile } from '../../metrics/inference/product-limit.ts';
import { countries } from '../../scenario/countries.ts';

/** Simulated waits: from 10 ms to a day. */
const range = { lowest: 0.01, highest: 1e5 };
/** Parts of the minute over which the recent median is computed. */
const SLOTS = 6;

/** Lengths of waits, by how they ended; `open` ones have not. */
export type Ending = 'matched' | 'left' | 'open';
export type Waits = Readonly<Record<Ending, LogHistogram>>;

/** The people who wait, after a tick: their waits so far, seconds, and their countries. */
export interface OpenWaits {
  readonly n: number;
  /** f32[>= n]; negative for a person who has just been matched. */
  readonly waited: Float32Array;
  /** The country of each person is the lowest bit; see `segmentMask`. */
  readonly member: Uint32Array;
}

const nobody: OpenWaits = { n: 0, waited: new Float32Array(0), member: new Uint32Array(0) };

/** How long people wait, by country. A wait that goes on counts with its length so far. */
export class WaitBook {
  readonly #matched = histograms();
  readonly #left = histograms();
  readonly #recent = Array.from({ length: SLOTS }, () => new LogHistogram(range));
  #slot = 0;

  /** A wait ends after so many seconds. */
  end(time: number, country: number, seconds: number, how: 'matched' | 'left'): void {
    this.#roll(time);
    (how === 'matched' ? this.#matched : this.#left)[country].record(seconds);
    this.#recent[this.#slot % SLOTS].record(seconds);
  }

  /** The waits of everyone, then of each country. */
  read(open: OpenWaits | null): { readonly all: Waits; readonly byCountry: readonly Waits[] } {
    const going = openByCountry(open ?? nobody);
    return {
      all: { matched: union(this.#matched), left: union(this.#left), open: union(going) },
      byCountry: going.map((h, c) => ({ matched: this.#matched[c], left: this.#left[c], open: h })),
    };
  }

  /** Median of the waits that ended in the last minute or go on. */
  recentMedian(time: number, open: OpenWaits | null): { readonly seconds: number; readonly isOver: boolean } {
    this.#roll(time);
    const waits = { ended: union(this.#recent), open: union(openByCountry(open ?? nobody)) };
    const [median] = waitQuantiles(waits, [0.5]);
    return { seconds: Number.isNaN(median) ? longest(waits) : median, isOver: Number.isNaN(median) };
  }

  #roll(time: number): void {
    const slot = Math.floor(time / (60 / SLOTS));
    for (let s = Math.max(this.#slot, slot - SLOTS) + 1; s <= slot; s++) this.#recent[s % SLOTS].clear();
    this.#slot = Math.max(this.#slot, slot);
  }
}

/**
 * Lengths that these shares of the waits do not exceed, by Kaplan and Meier's estimate, within 1 %;
 * NaN where so many have not ended.
 */
export function waitQuantiles(
  { ended, open }: { readonly ended: LogHistogram; readonly open: LogHistogram },
  shares: readonly number[],
): number[] {
  const lengths = Array.from({ length: ended.bins }, (_, bin) => ({
    at: bin,
    ended: ended.countIn(bin),
    open: open.countIn(bin),
  })).filter((counts) => counts.ended + counts.open > 0);
  const steps = productLimit(lengths);
  return shares.map((q) => {
    const bin = survivalQuantile(steps, q);
    return Number.isNaN(bin) ? NaN : ended.valueOf(bin);
  });
}

/** The longest wait, ended or not; NaN without any. */
export function longest(waits: Readonly<Record<string, LogHistogram>>): number {
  const all = union(Object.values(waits));
  return all.count === 0 ? NaN : all.max;
}

export function union(parts: readonly LogHistogram[]): LogHistogram {
  const all = new LogHistogram(range);
  for (const h of parts) all.merge(h);
  return all;
}

const histograms = () => countries.map(() => new LogHistogram(range));

function openByCountry({ n, waited, member }: OpenWaits): LogHistogram[] {
  const of = histograms();
  for (let i = 0; i < n; i++)
    if (waited[i] >= 0) of[31 - Math.clz32(member[i] & -member[i])].record(waited[i]);
  return of;
}
