import { LabError } from '../../base/errors.ts';
import { armSumsOf, cupedFromSums, pooledTheta } from '../inference/cuped.ts';
import { meanOf } from '../inference/moments.ts';
import { compareArms, unitCount, type ArmDifference, type ArmRows } from './compare-arms.ts';

/** CUPED: the outcome less what the pre-period predicts. */
export interface PastAnalysis extends ArmDifference {
  readonly theta: number;
  /** Variance of the estimate over that without the pre-period. */
  readonly variance_ratio: number | null;
  /** Effect relative to the mean of the first arm, where every row is a unit of its own. */
  readonly relative: { readonly effect: number; readonly low: number; readonly high: number } | null;
}

/** CUPED (Deng et al., 2013). Throws LabError where the pre-period does not vary. */
export function analyseWithPast(data: ArmRows, pre: readonly number[], confidence: number): PastAnalysis {
  const outcome = Array.from(data.outcome);
  const theta = pooledTheta(pre, outcome);
  if (!Number.isFinite(theta))
    throw new LabError(
      'the pre-period has the same value in every row, so it explains nothing; leave it out',
    );
  const centre = meanOf(pre);
  const rows = { ...data, outcome: outcome.map((y, row) => y - theta * (pre[row] - centre)) };
  const [raw, own] = [compareArms(data, confidence), compareArms(rows, confidence)];
  const ratio =
    raw.standard_error === null || own.standard_error === null
      ? null
      : (own.standard_error / raw.standard_error) ** 2;
  return {
    ...own,
    method: `CUPED, ${own.method}`,
    theta,
    variance_ratio: ratio,
    relative: relativeEffect(data, pre, confidence),
  };
}

function relativeEffect({ outcome, arm, units }: ArmRows, pre: readonly number[], confidence: number) {
  const rows = outcome.length;
  if (units.length > 1 || unitCount(units, rows, () => true) < rows) return null;
  const [control, treatment] = [0, 1].map((which) => {
    const own = Array.from({ length: rows }, (_, row) => row).filter((row) => arm[row] === which);
    return armSumsOf(
      own.map((row) => outcome[row]),
      own.map((row) => pre[row]),
    );
  });
  if (Math.min(control.people, treatment.people) < 2) return null;
  const {
    relative_effect: effect,
    low,
    high,
  } = cupedFromSums({
    ...{ control, treatment, theta: 'pooled', confidence },
  });
  return Number.isFinite(low + high) ? { effect, low, high } : null;
}
