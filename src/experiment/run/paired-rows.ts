import { orNull } from '../../base/or-null.ts';
import { effectMetrics, type EffectMetricName } from '../effect-metrics.ts';
import type { PairedMarkets } from '../paired-markets.ts';
import type { EveningLog } from './evening-log.ts';
import { measureEvening } from './outcomes.ts';
import type { EveningRow } from './rows.ts';
import type { ExperimentSpec } from './spec.ts';

/** Whether paired markets measure this outcome. */
const isPaired = (name: string): name is EffectMetricName => Object.hasOwn(effectMetrics, name);

/** Rows of the paired markets of one evening: the truth of that evening. */
export function pairedRows(
  pair: PairedMarkets,
  logs: readonly [EveningLog, EveningLog],
  spec: ExperimentSpec,
  seed: number,
): EveningRow[] {
  return spec.metrics.map((metric) => {
    const row = { seed, design: 'paired', metric, standard_error: null } as const;
    if (!isPaired(metric)) {
      const [meanA, meanB] = logs.map((log) => measureEvening(log, metric, spec));
      return {
        ...row,
        ...{ estimate: orNull(meanB - meanA), low: null, high: null },
        ...{ mean_a: orNull(meanA), mean_b: orNull(meanB), reversal: 'none' },
        method: 'paired markets; the interval is the one over evenings',
      };
    }
    const [{ meanA, meanB, effect, low, high }] = pair.slices(metric);
    return {
      ...row,
      ...{ estimate: orNull(effect), low: orNull(low), high: orNull(high) },
      ...{ mean_a: orNull(meanA), mean_b: orNull(meanB) },
      method: 'paired markets: dyadic by random signs',
      reversal: pair.table(metric).facts['verdict'] as 'none' | 'partial' | 'full',
    };
  });
}
