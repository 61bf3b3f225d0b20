import { incompleteBeta } from '../../metrics/inference/student.ts';
import type { Policy } from '../../scenario/schema.ts';
import type { DesignName, OutcomeName } from '../run/names.ts';
import { rowsByStudy, type EveningResult } from '../run/rows.ts';
import { excludesZero, shareOf, type Share } from '../run/verdicts.ts';

/** How often a 95 % interval may exclude 0 where nothing differs. */
const LEVEL = 0.05;
/** Monte Carlo errors that a rate may be away from that. */
const ERRORS = 3;

/**
 * How often the interval of one design and metric excludes 0 although both arms have one policy.
 */
export interface FalseAlarms {
  readonly design: DesignName;
  readonly metric: OutcomeName;
  /** The interval at the end of the evening, or the always-valid ones at all looks together. */
  readonly interval: 'end' | 'any look';
  /** Evenings with an interval, and those among them that exclude 0. */
  readonly intervals: number;
  readonly claims: number;
  /** Share of claims with its Wilson interval; null without an interval in any evening. */
  readonly rate: Share | null;
  /** 5 % plus and minus three Monte Carlo errors of so many evenings. */
  readonly low: number | null;
  readonly high: number | null;
  /** Always-valid intervals are never `below`: they may claim less. */
  readonly verdict: 'within' | 'above' | 'below' | 'no interval';
  /** Why there is no interval, in the first evening without one; null if all have one. */
  readonly reason: string | null;
}

export interface FalseAlarmReport {
  readonly evenings: number;
  readonly first_seed: number;
  readonly level: number;
  readonly rates: readonly FalseAlarms[];
  /** Rates that were judged; those within; how many chance alone would leave outside. */
  readonly judged: number;
  readonly within: number;
  readonly outside_by_chance: number;
}

/**
 * Whether two policies differ in nothing but their draws, so that paired markets under both have
 * the effect 0 without having the same event log.
 */
export const areAlike = (a: Policy, b: Policy): boolean =>
  a.scorer === 'random' &&
  [a, b].every(({ matcher }) => matcher === 'greedy' || matcher === 'random') &&
  JSON.stringify({ ...a, matcher: b.matcher }) === JSON.stringify(b);

/** The false alarms of every design and metric of evenings in which nothing differs. */
export function falseAlarmsOf(evenings: readonly EveningResult[]): FalseAlarmReport {
  const identical = evenings.every((e) => e.identical);
  const studies = rowsByStudy(evenings.flatMap((e) => [...e.rows, ...e.aa]));
  const rates = [...studies].flatMap(([design, metrics]) =>
    [...metrics].flatMap(([metric, rows]) => {
      if (design === 'paired' && identical) return [];
      const looks = rows.flatMap((r) => (r.looks === undefined ? [] : [r.looks]));
      const atEnd = rows.filter((r) => r.low !== null);
      const reason = rows.find((r) => r.low === null)?.method ?? null;
      return [
        rateOf({ design, metric, interval: 'end', reason }, atEnd.map(excludesZero)),
        ...(looks.length === 0
          ? []
          : [
              rateOf(
                { design, metric, interval: 'any look', reason: null },
                looks.map((of) => of.some(excludesZero)),
              ),
            ]),
      ];
    }),
  );
  const judged = rates.filter((r) => r.verdict !== 'no interval');
  return {
    evenings: evenings.length,
    first_seed: Math.min(...evenings.map((e) => e.seed)),
    level: LEVEL,
    rates,
    judged: judged.length,
    within: judged.filter((r) => r.verdict === 'within').length,
    outside_by_chance: judged.reduce((total, r) => total + chanceOutside(r), 0),
  };
}

type Named = Pick<FalseAlarms, 'design' | 'metric' | 'interval' | 'reason'>;

function rateOf(named: Named, hits: readonly boolean[]): FalseAlarms {
  const [intervals, claims] = [hits.length, hits.filter(Boolean).length];
  const rate = shareOf(hits);
  if (rate === null)
    return { ...named, intervals, claims, rate, low: null, high: null, verdict: 'no interval' };
  const error = Math.sqrt((LEVEL * (1 - LEVEL)) / intervals);
  const low = named.interval === 'end' ? Math.max(0, LEVEL - ERRORS * error) : 0;
  const high = LEVEL + ERRORS * error;
  const verdict = rate.share > high ? 'above' : rate.share < low ? 'below' : 'within';
  return { ...named, intervals, claims, rate, low, high, verdict };
}

/** Chance that a rate of exactly 5 % lies outside its limits: two tails of the binomial law. */
function chanceOutside({ intervals: n, low, high }: FalseAlarms): number {
  /** P(X <= k). */
  const atMost = (k: number) => (k < 0 ? 0 : k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - LEVEL));
  return atMost(Math.ceil(low! * n) - 1) + 1 - atMost(Math.floor(high! * n));
}
