import { countries } from '../scenario/countries.ts';
import type { EffectMetric } from './effect-metrics.ts';
import { mayBeChance, type MixShift, type NamedSlice } from './mix-shift.ts';
import { ALPHA } from '../metrics/inference/evidence.ts';

/** Singular and plural of the slices of a dimension. */
const nouns: Readonly<Record<string, readonly [string, string]>> = {
  country: ['country', 'countries'],
  gender: ['gender', 'genders'],
  age: ['age band', 'age bands'],
  newcomer: ['group of newcomers and regulars', 'groups of newcomers and regulars'],
  filter: ['group with and without filters', 'groups with and without filters'],
  hour: ['hour', 'hours'],
};

const nobody: Readonly<Record<EffectMetric['of'], string>> = {
  chats: 'No chats have begun under both policies yet.',
  firsts: 'No first chats have begun under both policies yet.',
  views: 'Nobody has read a young post under both policies yet.',
  slates: 'Nobody has got a slate under both policies yet.',
  waits: 'No waits have begun under both policies yet.',
  people: 'Nobody has been seen under both policies yet.',
  leavers: 'Nobody has left under both policies yet.',
};

/**
 * Explains the slices in one or two sentences with numbers: whether there is an overall effect,
 * whether it holds in the groups, and if not, which group's share moved the overall mean. It claims
 * only what `NamedSlice.flagged` and the p-values of `shift` claim; anything else it calls chance.
 */
export function explain(
  metric: EffectMetric,
  nameB: string,
  [overall, ...slices]: readonly NamedSlice[],
  shift: MixShift | undefined,
): string {
  const { effect, low, high } = overall;
  if (!Number.isFinite(effect)) return nobody[metric.of];
  const word = (value: number) => (value > 0 ? metric.more : metric.less);
  const means = `${figure(metric, overall.meanB)} against ${figure(metric, overall.meanA)}`;
  const begin = `Under ${nameB} ${metric.subject}`;
  if (effect === 0) return `${begin} neither ${metric.more} nor ${metric.less} (${means}).`;
  const range = `${signed(metric, low)} to ${signed(metric, high)}`;
  if (!overall.flagged) {
    const chance = Number.isFinite(low)
      ? `That may be chance (${range} at any look).`
      : metric.of === 'slates'
        ? 'One evening cannot tell: what a feed has learned reaches all of its readers.'
        : 'There are too few to be sure of anything yet.';
    return `No clear difference: under ${nameB} ${metric.subject} ${word(effect)} (${means}). ${chance}`;
  }
  const sure = `${means}; ${range} at any look`;
  const split =
    shift === undefined || !(shift.p <= ALPHA)
      ? ''
      : ` Of ${signed(metric, effect)}, ${signed(metric, shift.mix)} come from the mix and ${signed(metric, shift.within)} from within.`;
  if (shift === undefined || shift.verdict === 'none') {
    const noun = nouns[shift?.dimension ?? '']?.[1] ?? 'groups';
    if (shift?.everywhere === true)
      return `${begin} ${word(effect)} overall and in all ${shift.slices.length} ${noun} (${sure}).${split}`;
    const of = shift?.slices ?? slices;
    const other = of.filter((s) => mayBeChance(s, overall)).length;
    const groups =
      other === 0 ? '' : ` In ${other} of ${of.length} ${noun} it goes the other way, which may be chance.`;
    return `${begin} ${word(effect)} (${sure}).${split}${groups}`;
  }
  const [noun] = nouns[shift.dimension] ?? ['group'];
  const tells = split !== '' && shift.mix * effect > 0 && Math.abs(shift.mix) > 0.2 * Math.abs(effect);
  const cause =
    tells && shift.mover !== null && shift.mover.p <= ALPHA ? `: ${moved(metric, overall, shift.mover)}` : '';
  if (shift.verdict === 'full')
    return `${begin} ${word(-effect)} in every ${noun}, yet ${word(effect)} overall (${sure})${cause}.${split}`;
  const against = list(shift.against.map((s) => groupName(s)));
  return `${begin} ${word(effect)} overall, yet ${word(-effect)} for ${against} (overall ${sure})${cause}.${split}`;
}

function moved(
  metric: EffectMetric,
  overall: NamedSlice,
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
  if (metric.unit === 's') return `${value.toFixed(1)} s`;
  return metric.unit === '1' ? percent(value) : value.toFixed(2);
}

function signed(metric: EffectMetric, value: number): string {
  const size = Math.abs(value);
  const text = {
    s: `${size.toFixed(1)} s`,
    '1': `${(100 * size).toFixed(1)} points`,
    ...{ chats: size.toFixed(2), count: size.toFixed(2), money: size.toFixed(3) },
  };
  return `${value < 0 ? '\u2212' : '+'}${text[metric.unit]}`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)} %`;
}
