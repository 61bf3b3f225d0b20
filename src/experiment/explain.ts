import { countries } from '../scenario/countries.ts';
import type { EffectMetric } from './effect-metrics.ts';
import type { MixShift, NamedSlice } from './mix-shift.ts';
import type { SliceFigures } from './paired-sums.ts';

/** Singular and plural of the slices of a dimension. */
const nouns: Readonly<Record<string, readonly [string, string]>> = {
  country: ['country', 'countries'],
  gender: ['gender', 'genders'],
  age: ['age band', 'age bands'],
  newcomer: ['group of newcomers and regulars', 'groups of newcomers and regulars'],
  filter: ['group with and without filters', 'groups with and without filters'],
  hour: ['hour', 'hours'],
};

/**
 * Explains the slices in one or two sentences with numbers: whether the overall effect holds in the
 * groups, and if not, which group's share moved the overall mean.
 */
export function explain(
  metric: EffectMetric,
  nameB: string,
  overall: SliceFigures,
  shift: MixShift | undefined,
): string {
  const { effect, low, high } = overall;
  if (!Number.isFinite(effect)) return `No ${metric.of} have ended under both policies yet.`;
  const word = (value: number) => (value > 0 ? metric.more : metric.less);
  const means = `${figure(metric, overall.meanB)} against ${figure(metric, overall.meanA)}`;
  const sure = low > 0 || high < 0;
  const chance = Number.isFinite(low)
    ? ` The overall difference is still within chance (${signed(metric, low)} to ${signed(metric, high)}).`
    : ' There are too few to be sure of anything yet.';
  const begin = `Under ${nameB} ${metric.subject}`;
  if (effect === 0) return `${begin} neither ${metric.more} nor ${metric.less} (${means}).`;
  if (shift === undefined || shift.verdict === 'none') {
    const same = shift?.judged ?? [];
    const noun = nouns[shift?.dimension ?? '']?.[same.length === 1 ? 0 : 1] ?? 'groups';
    const groups = same.length < 2 ? '' : `, and ${word(effect)} in all ${same.length} ${noun}`;
    if (!sure)
      return `No clear difference: under ${nameB} ${metric.subject} ${word(effect)} (${means}).${chance}`;
    return `${begin} ${word(effect)} (${means})${groups}.`;
  }
  const [noun] = nouns[shift.dimension] ?? ['group'];
  const tells = shift.mix * effect > 0 && Math.abs(shift.mix) > 0.2 * Math.abs(effect);
  const cause = shift.mover === null || !tells ? '' : `: ${moved(metric, overall, shift.mover)}`;
  const split = `Of ${signed(metric, effect)}, ${signed(metric, shift.mix)} come from the mix and ${signed(metric, shift.within)} from within.`;
  const doubt = sure ? '' : chance;
  if (shift.verdict === 'full')
    return `${begin} ${word(-effect)} in every ${noun}, yet ${word(effect)} overall (${means})${cause}. ${split}${doubt}`;
  const against = list(shift.against.map((s) => groupName(s)));
  return `${begin} ${word(effect)} overall (${means}), yet ${word(-effect)} for ${against}${cause}. ${split}${doubt}`;
}

function moved(
  metric: EffectMetric,
  overall: SliceFigures,
  { slice, shareA, shareB }: NonNullable<MixShift['mover']>,
): string {
  const mean = (slice.nA * slice.meanA || 0) + (slice.nB * slice.meanB || 0);
  const own = mean / (slice.nA + slice.nB);
  const kind = own < (overall.meanA + overall.meanB) / 2 ? metric.low : metric.high;
  const way = shareB > shareA ? 'rose' : 'fell';
  return `the ${kind}${metric.of} of ${groupName(slice)} (${figure(metric, own)}) ${way} from ${percent(shareA)} to ${percent(shareB)} of all`;
}

/** "Indonesia", "women", "people of 18-24", "the hour from 21". */
function groupName({ dimension, slice }: NamedSlice): string {
  if (dimension === 'country') return countries.find((c) => c.code === slice)?.name ?? slice;
  if (dimension === 'age') return `people of ${slice}`;
  if (dimension === 'hour') return `the hour from ${slice}`;
  return slice;
}

function list(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function figure(metric: EffectMetric, value: number): string {
  return metric.unit === 's' ? `${value.toFixed(1)} s` : percent(value);
}

function signed(metric: EffectMetric, value: number): string {
  const size =
    metric.unit === 's' ? `${Math.abs(value).toFixed(1)} s` : `${(100 * Math.abs(value)).toFixed(1)} points`;
  return `${value < 0 ? '\u2212' : '+'}${size}`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)} %`;
}
