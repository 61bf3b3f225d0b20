import { effectMetrics, type EffectMetricName } from '../effect-metrics.ts';
import type { PairedMarkets } from '../paired-markets.ts';
import type { EveningRow } from './rows.ts';
import type { ExperimentSpec } from './spec.ts';
import { orNull } from '../../base/or-null.ts';

/** Whether paired markets measure this outcome. */
const isPaired = (name: string): name is EffectMetricName => Object.hasOwn(effectMetrics, name);

/** Rows of the paired markets of one evening: the truth of that evening. */
export function pairedRows(pair: PairedMarkets, { metrics }: ExperimentSpec, seed: number): EveningRow[] {
  return metrics.filter(isPaired).map((metric) => {
    const [{ meanA, meanB, effect, low, high }] = pair.slices(metric);
    return {
      ...{ seed, design: 'paired', metric },
      estimate: orNull(effect),
      low: orNull(low),
      high: orNull(high),
      standard_error: null,
      method: 'paired markets: dyadic by random signs',
      mean_a: orNull(meanA),
      mean_b: orNull(meanB),
      reversal: pair.table(metric).facts['verdict'] as 'none' | 'partial' | 'full',
    };
  });
}
