import * as v from 'valibot';
import { kind } from '../compute/kind.ts';
import { meanOf } from './moments.ts';
import { samePeopleEffects } from './quantiles.ts';

const shown = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
const FIFTHS = 5;

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
    const people = before.map((_, k) => k).sort((x, y) => before[x] - before[y]);
    const fifths = Array.from({ length: FIFTHS }, (_, f) => {
      const bound = (k: number) => Math.floor((k * people.length) / FIFTHS);
      return meanOf(people.slice(bound(f), bound(f + 1)).map((k) => after[k] - before[k]));
    });
    return {
      meanEffect: mean_effect,
      quantileEffect: Object.fromEntries(shown.map((q, k) => [String(q), quantile_effects[k]])),
      meanEffectByBaselineFifth: fifths,
      shareHurt: share_worse,
      worstFifth: fifths.indexOf(Math.min(...fifths)),
    };
  },
);
