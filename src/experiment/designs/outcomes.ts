import type { EveningLog } from '../run/evening-log.ts';
import type { TailGains } from '../../sim/moments/measures/tail-book.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';

type Measured = Pick<ExperimentSpec, 'scenario'>;

/** What a metric counts, and how. */
type Outcome =
  /** Mean of a value over the sides of chats; a chat belongs to the arm of each side. */
  | {
      readonly of: 'chats';
      readonly value: (seconds: number, spec: Measured, shares: number) => number;
      readonly quantile?: number;
    }
  /** Seconds of the first chat of everybody who had one this evening. */
  | { readonly of: 'firsts'; readonly quantile?: undefined }
  /** Seconds of every view of a young post. */
  | { readonly of: 'views'; readonly quantile?: undefined }
  /** Mean over the requests to the feed of a share of tail creators, or of its change. */
  | { readonly of: 'slates'; readonly value: keyof TailGains; readonly quantile?: undefined }
  /** Mean over waits. A wait that has not ended counts as unmatched, with its seconds so far. */
  | { readonly of: 'waits'; readonly value: 'matched' | 'seconds'; readonly quantile?: number }
  /** Sum per person over chats or readings, or the share of people who left that return. */
  | { readonly of: 'people'; readonly value: 'seconds' | 'chats' | 'returns' | ReadingOutcome };

/** What a person's readings add up to. */
export type ReadingOutcome = 'reading' | 'reentries' | 'revenue';

const isReadingOutcome = (value: string): value is ReadingOutcome =>
  value === 'reading' || value === 'reentries' || value === 'revenue';

/** Whether a metric belongs to the whole stay of a person, not to a moment of it. */
export const isOfStay = (metric: OutcomeName): boolean => {
  const rule = outcomeRules[metric];
  return rule.of === 'people' && rule.value !== 'seconds' && rule.value !== 'chats';
};

const seconds = (length: number) => length;

export const outcomeRules: Readonly<Record<OutcomeName, Outcome>> = {
  chat: { of: 'chats', value: seconds },
  'first-chat': { of: 'firsts' },
  long: { of: 'chats', value: (s, { scenario }) => (s > scenario.behaviour.longChatSeconds ? 1 : 0) },
  short: { of: 'chats', value: (s, { scenario }) => (s < scenario.behaviour.swipeSeconds ? 1 : 0) },
  matched: { of: 'waits', value: 'matched' },
  wait: { of: 'waits', value: 'seconds' },
  time: { of: 'people', value: 'seconds' },
  chats: { of: 'people', value: 'chats' },
  returns: { of: 'people', value: 'returns' },
  'chat-p10': { of: 'chats', value: seconds, quantile: 0.1 },
  'chat-p50': { of: 'chats', value: seconds, quantile: 0.5 },
  'chat-p90': { of: 'chats', value: seconds, quantile: 0.9 },
  'wait-p90': { of: 'waits', value: 'seconds', quantile: 0.9 },
  shares: { of: 'chats', value: (_seconds, _spec, shares) => shares },
  reading: { of: 'people', value: 'reading' },
  young: { of: 'views' },
  tail: { of: 'slates', value: 'tail' },
  'tail-retrieval': { of: 'slates', value: 'retrieval' },
  'tail-ranking': { of: 'slates', value: 'ranking' },
  'tail-reranking': { of: 'slates', value: 'reranking' },
  'tail-slate': { of: 'slates', value: 'slate' },
  reentries: { of: 'people', value: 'reentries' },
  revenue: { of: 'people', value: 'revenue' },
};

/** Observations of one metric. All columns have one entry per observation. */
export interface OutcomeRows {
  readonly value: Float64Array;
  readonly arm: Uint8Array;
  /** Index of the person. */
  readonly person: Uint32Array;
  /** When it began, simulated seconds. Sums of people have no time: NaN. */
  readonly time: Float64Array;
  /** Observations 2k and 2k + 1 are the two sides of a chat. */
  readonly areSides: boolean;
}

/**
 * Observations of a period: those that begin at `from` or later, and before `until`. Waits must
 * also end by then: what happens later must not reach a pre-period.
 */
export function observationsOf(
  log: EveningLog,
  spec: Measured,
  metric: OutcomeName,
  from: number,
  until = Infinity,
): OutcomeRows {
  const outcome = outcomeRules[metric];
  if (outcome.of === 'chats') return sides(log, (s, shares) => outcome.value(s, spec, shares), from, until);
  if (outcome.of === 'firsts') return firsts(log, from, until);
  if (outcome.of === 'views') return moments(log.youngViews, log.youngViews.seconds, from, until);
  if (outcome.of === 'slates') return moments(log.slates, log.slates[outcome.value], from, until);
  return outcome.of === 'waits'
    ? waits(log, outcome.value === 'matched', from, until)
    : people(log, outcome.value, from, until);
}

function sides(
  { chats }: EveningLog,
  value: (seconds: number, shares: number) => number,
  from: number,
  until: number,
): OutcomeRows {
  const kept = rowsWithin(chats.start, from, until);
  const rows = {
    ...{ value: new Float64Array(2 * kept.length), arm: new Uint8Array(2 * kept.length) },
    ...{ person: new Uint32Array(2 * kept.length), time: new Float64Array(2 * kept.length) },
    areSides: true,
  };
  kept.forEach((k, row) => {
    for (const side of [0, 1]) {
      const at = 2 * row + side;
      rows.value[at] = value(chats.seconds[k], chats.shares[k]);
      rows.arm[at] = (side === 0 ? chats.armA : chats.armB)[k];
      rows.person[at] = (side === 0 ? chats.a : chats.b)[k];
      rows.time[at] = chats.start[k];
    }
  });
  return rows;
}

/** Rows of one person each that begin in the period, with a value of their own. */
function moments(
  { person, begin, arm }: Pick<EveningLog['slates'], 'person' | 'begin' | 'arm'>,
  value: Float64Array,
  from: number,
  until: number,
): OutcomeRows {
  const kept = rowsWithin(begin, from, until);
  return {
    ...{ value: Float64Array.from(kept, (k) => value[k]), arm: Uint8Array.from(kept, (k) => arm[k]) },
    ...{ person: Uint32Array.from(kept, (k) => person[k]), areSides: false },
    time: Float64Array.from(kept, (k) => begin[k]),
  };
}

/** First chats of people that begin in the period, one row per person. */
function firsts({ chats, people: known }: EveningLog, from: number, until: number): OutcomeRows {
  const met = new Uint8Array(known.count);
  const rows: { k: number; person: number; arm: number }[] = [];
  for (let k = 0; k < chats.count; k++)
    for (const [person, arm] of [
      [chats.a[k], chats.armA[k]],
      [chats.b[k], chats.armB[k]],
    ]) {
      if (met[person] === 0 && chats.start[k] >= from && chats.start[k] < until)
        rows.push({ k, person, arm });
      met[person] = 1;
    }
  return {
    value: Float64Array.from(rows, ({ k }) => chats.seconds[k]),
    arm: Uint8Array.from(rows, ({ arm }) => arm),
    person: Uint32Array.from(rows, ({ person }) => person),
    time: Float64Array.from(rows, ({ k }) => chats.start[k]),
    areSides: false,
  };
}

function waits({ waits: all }: EveningLog, isMatched: boolean, from: number, until: number): OutcomeRows {
  const kept = rowsWithin(all.begin, from, until).filter((k) => all.begin[k] + all.seconds[k] <= until);
  return {
    value: Float64Array.from(kept, (k) => (isMatched ? (all.ended[k] === 1 ? 1 : 0) : all.seconds[k])),
    arm: Uint8Array.from(kept, (k) => all.arm[k]),
    person: Uint32Array.from(kept, (k) => all.person[k]),
    time: Float64Array.from(kept, (k) => all.begin[k]),
    areSides: false,
  };
}

/** Everyone who began a wait or a chat in the period, with the arm of the first one. */
function people(
  log: EveningLog,
  value: 'seconds' | 'chats' | 'returns' | ReadingOutcome,
  from: number,
  until: number,
): OutcomeRows {
  const { waits: all, chats, readings, people: known } = log;
  const arm = new Int8Array(known.count).fill(-1);
  const first = new Float64Array(known.count).fill(Infinity);
  const begins = (person: number, time: number, own: number) => {
    if (time >= first[person]) return;
    first[person] = time;
    arm[person] = own;
  };
  for (const k of rowsWithin(all.begin, from, until)) begins(all.person[k], all.begin[k], all.arm[k]);
  for (const k of rowsWithin(chats.start, from, until)) {
    begins(chats.a[k], chats.start[k], chats.armA[k]);
    begins(chats.b[k], chats.start[k], chats.armB[k]);
  }
  for (const k of rowsWithin(readings.begin, from, until))
    begins(readings.person[k], readings.begin[k], readings.arm[k]);
  const sums = new Float64Array(known.count);
  for (const k of rowsWithin(chats.start, from, until))
    for (const person of [chats.a[k], chats.b[k]])
      if (!isReadingOutcome(value)) sums[person] += value === 'seconds' ? chats.seconds[k] : 1;
  if (isReadingOutcome(value))
    for (const k of rowsWithin(readings.begin, from, until)) sums[readings.person[k]] += readings[value][k];
  const kept = [...arm.keys()].filter((p) => arm[p] >= 0 && (value !== 'returns' || known.returns[p] >= 0));
  return {
    value: Float64Array.from(kept, (p) => (value === 'returns' ? known.returns[p] : sums[p])),
    arm: Uint8Array.from(kept, (p) => arm[p]),
    person: Uint32Array.from(kept),
    time: new Float64Array(kept.length).fill(NaN),
    areSides: false,
  };
}

/** Rows whose time lies in the period. */
function rowsWithin(times: Float64Array, from: number, until: number): number[] {
  const kept: number[] = [];
  for (let k = 0; k < times.length; k++) if (times[k] >= from && times[k] < until) kept.push(k);
  return kept;
}
