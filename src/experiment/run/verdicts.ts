import { orNull } from '../../base/or-null.ts';
import { ALPHA } from '../../metrics/inference/evidence.ts';
import { wilson } from '../../metrics/inference/student.ts';
import { meanOf } from '../inference/moments.ts';
import { errorOfLooks, wrongSigns } from '../inference/power.ts';
import type { OutcomeName } from './names.ts';
import type { EveningRow } from './rows.ts';

/** A share of evenings with its 95 % Wilson interval. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** How often the paired markets claim something, over evenings. Null: not asked for. */
export interface PairedVerdicts {
  /** The interval at the end excludes 0. */
  readonly effect: Share | null;
  /** A slice is claimed to go against the overall effect. */
  readonly reversal: Share | null;
  /** Some slice has the other sign than the overall effect, which is no claim. */
  readonly other_sign: Share | null;
  /** How often chance does that if all slices have one effect, of the size seen. */
  readonly other_sign_by_chance: number | null;
  /** Corrected for all slices, some slice is claimed to have an effect. */
  readonly slice: Share | null;
  /** Some slice's own interval excludes 0. It is not corrected: chance does that often. */
  readonly uncorrected_slice: Share | null;
  /** The always-valid interval excludes 0 at some look. */
  readonly any_look: Share | null;
  /**
   * How often an interval for one fixed moment would do so under A/A if the looks were equally
   * spaced (Armitage, McPherson and Rowe, 1969).
   */
  readonly any_look_if_fixed: number | null;
}

/** What the paired markets claim about every metric, from their rows. */
export function verdictsOf(
  paired: ReadonlyMap<OutcomeName, readonly EveningRow[]>,
): Partial<Record<OutcomeName, PairedVerdicts>> {
  return Object.fromEntries(
    [...paired].map(([metric, own]): [OutcomeName, PairedVerdicts] => {
      const looks = own.flatMap((r) => (r.looks === undefined ? [] : [r.looks]));
      const slices = own.flatMap((r) => (r.slices === undefined ? [] : [r.slices]));
      return [
        metric,
        {
          effect: shareOf(own.filter((r) => r.low !== null).map(excludesZero)),
          reversal: shareOf(own.map((r) => r.reversal !== 'none')),
          other_sign: shareOf(
            own.flatMap(({ slices: of, estimate }) =>
              of === undefined || estimate === null
                ? []
                : [of.some((s) => s.estimate !== null && s.estimate * estimate < 0)],
            ),
          ),
          other_sign_by_chance: orNull(meanOf(own.flatMap(chanceOfOtherSign))),
          slice: shareOf(slices.map((of) => of.some((s) => s.flagged))),
          uncorrected_slice: shareOf(slices.map((of) => of.some(excludesZero))),
          any_look: shareOf(looks.map((of) => of.some(excludesZero))),
          any_look_if_fixed: looks.length === 0 ? null : errorOfLooks([looks[0].length], ALPHA)[0],
        },
      ];
    }),
  );
}

/** Slices as if they were independent and equally large. */
function chanceOfOtherSign({ slices, estimate, standard_error: error }: EveningRow): number[] {
  const known = slices?.filter((s) => s.estimate !== null).length ?? 0;
  if (known === 0 || estimate === null || error === null || !(error > 0)) return [];
  return [wrongSigns(known, Math.abs(estimate) / error).any_slice_wrong];
}

interface Limits {
  readonly low: number | null;
  readonly high: number | null;
}

/** Whether there is an interval without 0 in it. */
export const excludesZero = ({ low, high }: Limits): boolean =>
  low !== null && high !== null && (low > 0 || high < 0);

/** The share of hits; null if there is nothing to count. */
export function shareOf(hits: readonly boolean[]): Share | null {
  if (hits.length === 0) return null;
  const count = hits.filter(Boolean).length;
  return { share: count / hits.length, ...wilson(count, hits.length) };
}
