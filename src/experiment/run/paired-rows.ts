import { orNull } from '../../base/or-null.ts';
import type { PairedFigures, PairedMarkets } from '../paired-markets.ts';
import { effectMetrics, type EffectMetric } from '../effect-metrics.ts';
import type { EveningLog } from './evening-log.ts';
import { measureEvening } from './outcomes.ts';
import type { EveningRow, LookRow, SliceRow } from './rows.ts';
import type { ExperimentSpec } from './spec.ts';
import type { OutcomeName } from './names.ts';

/** Looks at all metrics of paired markets now; both have lived until `seconds`. */
export function lookNow(pair: PairedMarkets, { metrics }: ExperimentSpec, seconds: number): LookRow[] {
  return metrics.map((metric) => ({ seconds, ...intervalRow(pair.look(metric)) }));
}

/** Rows of the paired markets of one evening, at its end: the truth of that evening. */
export function pairedRows(
  pair: PairedMarkets,
  spec: ExperimentSpec,
  seed: number,
  logs: readonly [EveningLog, EveningLog],
  looks: readonly (readonly LookRow[])[],
): EveningRow[] {
  return spec.metrics.map((metric, m) => {
    const figures = exact(pair.figures(metric), metric, spec, logs);
    return {
      ...{ seed, design: 'paired', metric, ...intervalRow(figures) },
      standard_error: orNull(figures.standardError),
      method: figures.method,
      reversal: pair.reversal(metric, 'fixed'),
      ...(looks.length > 0 && { looks: looks.map((at) => at[m]) }),
      ...(spec.slices && { slices: sliceRows(pair, metric) }),
    };
  });
}

/**
 * Paired markets keep quantiles in bins of 2 %, which would look like a bias of the designs: the
 * logs know them exactly.
 */
function exact(
  figures: PairedFigures,
  metric: OutcomeName,
  spec: ExperimentSpec,
  logs: readonly [EveningLog, EveningLog],
): PairedFigures {
  const { quantile }: EffectMetric = effectMetrics[metric];
  if (quantile === undefined) return figures;
  const [meanA, meanB] = logs.map((log) => measureEvening(log, metric, spec));
  const shift = meanB - meanA - figures.effect;
  const { effect, low, high } = figures;
  return { ...figures, meanA, meanB, effect: effect + shift, low: low + shift, high: high + shift };
}

function intervalRow({ meanA, meanB, effect, low, high }: PairedFigures) {
  return {
    ...{ estimate: orNull(effect), low: orNull(low), high: orNull(high) },
    ...{ mean_a: orNull(meanA), mean_b: orNull(meanB) },
  };
}

/** All slices but everyone. */
function sliceRows(pair: PairedMarkets, metric: OutcomeName): SliceRow[] {
  const [, ...slices] = pair.slices(metric, 'fixed');
  return slices.map(({ dimension, slice, people, effect, low, high, flagged }) => ({
    ...{ dimension, slice, people, flagged },
    ...{ estimate: orNull(effect), low: orNull(low), high: orNull(high) },
  }));
}
