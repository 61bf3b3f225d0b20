import type { Table } from '../../base/table.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../metrics/market/table-columns.ts';
import type { Market } from '../../sim/types.ts';
import { effectMetrics, policyNames, type EffectMetric, type EffectMetricName } from '../effect-metrics.ts';
import { explain } from '../explain.ts';
import {
  correctedShifts,
  isReversed,
  mayBeChance,
  mostTelling,
  type MixShift,
  type NamedSlice,
} from '../mix-shift.ts';
import { ALPHA } from '../../metrics/inference/evidence.ts';

const counted = {
  chats: 'chat sides',
  firsts: 'people',
  views: 'views',
  slates: 'slates',
  waits: 'waits',
  people: 'people',
  leavers: 'people',
} as const;

/** The table 'slices': always-valid figures of a metric, with what is claimed and what is not. */
export function tableOfSlices(
  name: EffectMetricName,
  rows: readonly NamedSlice[],
  shifts: readonly MixShift[],
  main: Market,
  other: Market,
  warmUpSeconds: number,
): Table {
  const metric: EffectMetric = effectMetrics[name];
  const [overall] = rows;
  const shift = mostTelling(shifts);
  const [policyA, policyB] = policyNames(main.policy, other.policy);
  const figures = (column: string, label: string, pick: (s: NamedSlice) => number) =>
    numberColumnOf(rows, column, label, metric.unit, pick);
  const marks = (column: string, label: string, pick: (s: NamedSlice, row: number) => boolean) =>
    numberColumnOf(rows, column, label, '1', (s, r) => (pick(s, r) ? 1 : 0));
  return tableOf(
    'slices',
    `What ${policyB} changes against ${policyA}, by group: ${metric.label}`,
    [
      textColumnOf(rows, 'dimension', 'Dimension', (s) => s.dimension),
      textColumnOf(rows, 'slice', 'Group', (s) => s.slice),
      numberColumnOf(rows, 'people', 'Different people', '', (s) => s.people),
      numberColumnOf(rows, 'n_a', 'Count under A', counted[metric.of], (s) => s.nA),
      numberColumnOf(rows, 'n_b', 'Count under B', counted[metric.of], (s) => s.nB),
      figures('mean_a', 'Mean under A', (s) => s.meanA),
      figures('mean_b', 'Mean under B', (s) => s.meanB),
      figures('effect', 'Effect (B - A)', (s) => s.effect),
      figures('low', 'Low (95 %, always valid)', (s) => s.low),
      figures('high', 'High (95 %, always valid)', (s) => s.high),
      marks('flagged', 'Effect, corrected for all groups', (s) => s.flagged),
      marks('reversed', 'Reversed, corrected for all groups', (s, r) => r > 0 && isReversed(s, overall)),
      marks('may_be_chance', 'Other sign, may be chance', (s, r) => r > 0 && mayBeChance(s, overall)),
    ],
    {
      metric: metric.label,
      metric_name: name,
      verdict: shift?.verdict ?? 'none',
      explanation: explain(metric, policyB, rows, shift),
      // A chart of one dimension has the sentence of that dimension.
      ...Object.fromEntries(
        correctedShifts(shifts).map((one) => [
          `explanation_${one.dimension}`,
          explain(metric, policyB, [overall, ...one.slices], one),
        ]),
      ),
      policy_a: policyA,
      policy_b: policyB,
      warm_up_s: warmUpSeconds,
      interval: 'always valid: it holds at every look at once',
      ...(shift !== undefined && {
        dimension: shift.dimension,
        ...(shift.p <= ALPHA && { mix_effect: shift.mix, within_effect: shift.within }),
      }),
    },
  );
}
