import * as v from 'valibot';
import { kind } from '../compute/kind.ts';
import { meanOf } from './moments.ts';
import { samePeopleEffects } from './quantiles.ts';

const shown = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
/** Groups of equal size in the order of the baseline. */
const FIFTHS = 5;

/** The rows of every fifth of the baseline, lowest first. */
export function fifthsOf(baseline: readonly number[]): number[][] {
  const order = baseline.map((_, k) => k).sort((x, y) => baseline[x] - baseline[y]);
  const bound = (k: number) => Math.floor((k * order.length) / FIFTHS);
  return Array.from({ length: FIFTHS }, (_, f) => order.slice(bound(f), bound(f + 1)));
}

/**
 * Who is hurt although the mean rises: quantiles of two worlds with the same people, and the mean
 * effect by fifth of the baseline (fifths of equal size in the order of `a`).
 */
export const quantileTable = kind(
  'quantiles of two worlds with the same people, and the effect by fifth of the baseline',
  v.object({ file: v.string(), a: v.optional(v.string(), 'a'), b: v.optional(v.string(), 'b') }),
  ({ file, a, b }, { open }) => {
    const table = open(file);
    const [before, after] = [table.numbers(a), table.numbers(b)];
    const { mean_effect, quantile_effects, share_worse } = samePeopleEffects(before, after, shown);
    const fifths = fifthsOf(before).map((people) => meanOf(people.map((k) => after[k] - before[k])));
    return {
      meanEffect: mean_effect,
      quantileEffect: Object.fromEntries(shown.map((q, k) => [String(q), quantile_effects[k]])),
      meanEffectByBaselineFifth: fifths,
      shareHurt: share_worse,
      worstFifth: fifths.indexOf(Math.min(...fifths)),
    };
  },
);
