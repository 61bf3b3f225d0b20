import { normalQuantile } from '../../metrics/inference/distributions.ts';
import { quantileDifference } from '../designs/quantile-difference.ts';
import { quantileType7 } from '../../metrics/inference/bootstrap.ts';
import { ranksOfQuantile } from '../inference/quantiles.ts';
import { quantileSequenceOf } from '../inference/sequential.ts';
import { influenceError, unitDifference, type ArmRows } from './compare-arms.ts';

/** Difference of a quantile of two arms. What does not exist, or is not claimed, is null. */
export interface QuantileAnalysis {
  readonly quantile: number;
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Always valid, for independent rows. */
  readonly p_value: number | null;
  /** Of either arm; the interval is between two order statistics, for independent rows. */
  readonly arms: readonly {
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** Rows at which the p-value is most sensitive. */
const OPTIMAL_ROWS = 500;

export function analyseQuantile(data: ArmRows, quantile: number, confidence: number): QuantileAnalysis {
  const { outcome, arm, units } = data;
  const isIndependent = units.length === 0;
  const arms = [0, 1].map((which) =>
    Array.from(outcome)
      .filter((_, row) => arm[row] === which)
      .sort((x, y) => x - y),
  );
  const enough = unitDifference(data).unit.freedom > 0;
  const z = normalQuantile((1 + confidence) / 2);
  const found = enough
    ? quantileDifference(outcome, arm, quantile, (x) => influenceError(x, arm, units).error, z)
    : null;
  const [a, b] = arms.map((values) => quantileType7(values, quantile));
  return {
    quantile,
    ...{ estimate: b - a, low: found?.low ?? null, high: found?.high ?? null },
    p_value: isIndependent ? quantileSequenceOf(arms, quantile, OPTIMAL_ROWS) : null,
    arms: arms.map((ascending) => {
      const { low_rank: low, high_rank: high } = ranksOfQuantile(ascending.length, quantile, confidence);
      const isKnown = isIndependent && low >= 1 && high <= ascending.length;
      return {
        value: quantileType7(ascending, quantile),
        low: isKnown ? ascending[low - 1] : null,
        high: isKnown ? ascending[high - 1] : null,
      };
    }),
  };
}
