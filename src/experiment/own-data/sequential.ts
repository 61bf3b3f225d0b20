import { orNull } from '../../base/or-null.ts';
import { errorOfLooks } from '../inference/power.ts';
import { shareSequence } from '../inference/sequential.ts';
import { intervalOf } from '../../metrics/inference/evidence.ts';
import { unitCount, unitDifference, type ArmRows } from './compare-arms.ts';

interface Look {
  /** Time of the last row. */
  readonly at: number;
  readonly rows: number;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** An analysis that was looked at all the time. */
export interface SequentialAnalysis {
  readonly looks: readonly Look[];
  /** How often intervals fixed at these looks would exclude 0 at some look without an effect. */
  readonly fixed_interval_error: number;
  /** Always-valid interval of the share in either arm, for independent rows of 0 and 1. */
  readonly shares: readonly { readonly low: number; readonly high: number }[] | null;
}

/** Moments of an analysis over time. */
const LOOKS = 20;
/** Rows at which the interval of a share is tightest. */
const OPTIMAL_ROWS = 500;

/**
 * The estimate after every twentieth of the rows, in their order of time, with intervals that are
 * valid at all looks together.
 */
export function analyseOverTime(data: ArmRows, time: readonly number[], alpha: number): SequentialAnalysis {
  const order = [...time.keys()].sort((x, y) => time[x] - time[y]);
  const count = order.length;
  const ends = Array.from({ length: LOOKS }, (_, k) => Math.round((count * (k + 1)) / LOOKS));
  const looks = [...new Set(ends)]
    .filter((end) => end > 0)
    .map((end): Look => {
      const seen = order.slice(0, end);
      const pick = (column: ArrayLike<number>) => seen.map((row) => column[row]);
      const units = data.units.map(pick);
      const { estimate, unit } = unitDifference({
        ...{ outcome: pick(data.outcome), arm: pick(data.arm) },
        units,
      });
      const people = unitCount(units, end, () => true);
      const evidence = { effect: estimate, error: unit.error, freedom: unit.freedom, people };
      const { low, high } = intervalOf(evidence, 'always', alpha);
      return {
        ...{ at: time[seen[end - 1]], rows: end },
        ...{ estimate: orNull(estimate), low: orNull(low), high: orNull(high) },
      };
    });
  return { looks, fixed_interval_error: errorOfLooks([looks.length], alpha)[0], shares: shares(data, alpha) };
}

function shares({ outcome, arm, units }: ArmRows, alpha: number): SequentialAnalysis['shares'] {
  const values = Array.from(outcome);
  if (units.length > 0 || !values.every((y) => y === 0 || y === 1)) return null;
  return [0, 1].map((which) => {
    const own = values.filter((_, row) => arm[row] === which);
    return shareSequence(own.filter((y) => y === 1).length, own.length, alpha, OPTIMAL_ROWS);
  });
}
