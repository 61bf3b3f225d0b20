import * as v from 'valibot';
import { kind } from '../compute/kind.ts';
import { meanOf } from './moments.ts';
import { quantileType7 } from './quantiles.ts';

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
    const people = before.map((_, k) => k).sort((x, y) => before[x] - before[y]);
    const effects = after.map((x, k) => x - before[k]);
    const [low, high] = [before, after].map((values) => [...values].sort((x, y) => x - y));
    const fifths = Array.from({ length: FIFTHS }, (_, f) => {
      const bound = (k: number) => Math.floor((k * people.length) / FIFTHS);
      return meanOf(people.slice(bound(f), bound(f + 1)).map((k) => effects[k]));
    });
    return {
      meanEffect: meanOf(effects),
      quantileEffect: Object.fromEntries(
        shown.map((q) => [String(q), quantileType7(high, q) - quantileType7(low, q)]),
      ),
      meanEffectByBaselineFifth: fifths,
      shareHurt: effects.filter((x) => x < 0).length / effects.length,
      worstFifth: fifths.indexOf(Math.min(...fifths)),
    };
  },
);
