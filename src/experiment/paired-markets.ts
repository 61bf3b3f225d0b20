import { LabError } from '../base/errors.ts';
import type { Table } from '../base/table.ts';
import type { Market } from '../sim/types.ts';
import { effectMetrics, type EffectMetric, type EffectMetricName } from './effect-metrics.ts';
import type { PairedMeans } from './paired-sums.ts';
import { intervalOf, pValueOf, type Evidence, type Moment } from '../metrics/inference/evidence.ts';
import { dimensions, Observed, watchMarket } from './paired/observe.ts';
import { tableOfSlices } from './paired/slices-table.ts';
import { flagged, mixShift, reversal, type MixShift, type NamedSlice } from './mix-shift.ts';
import type { Verdict } from '../metrics/inference/slices.ts';

/** All slices in table order: 0 is everyone, then dimension by dimension. */
const allSlices: readonly { readonly dimension: string; readonly slice: string }[] = [
  { dimension: 'all', slice: 'all' },
  ...dimensions.flatMap(([dimension, names]) => names.map((slice) => ({ dimension, slice }))),
];

/** Index of the shares of short and of long chats among the outcomes of `Observed.chats`. */
const LONG = 1;
const SHORT = 2;

export interface PairedMarketsOptions {
  /** Of the random signs that estimate the variance; default 1. */
  readonly seed?: number;
  /** The initial metric; default 'chat'. */
  readonly metric?: EffectMetricName;
  /**
   * Chats and waits that begin earlier are left out, and people who began none later; default 0.
   */
  readonly warmUpSeconds?: number;
}

/**
 * Means of both markets and the effect b - a with its 95 % interval (NaN where none is claimed).
 */
export interface PairedFigures extends PairedMeans {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** NaN where no interval is claimed. */
  readonly standardError: number;
  /** Name of the interval's method. */
  readonly method: string;
}

/** Two markets under two policies through the same evening. */
export interface PairedMarkets {
  metric: EffectMetricName;
  readonly warmUpSeconds: number;
  /** Everyone, with the interval for a moment that was fixed in advance. */
  figures(metric?: EffectMetricName): PairedFigures;
  /** Everyone, at this moment, with an interval that is valid however often it is asked for. */
  look(metric?: EffectMetricName): PairedFigures;
  /** All slices with observations, each with its own interval. The first is everyone. */
  slices(metric?: EffectMetricName, moment?: Moment): NamedSlice[];
  /** What is claimed of slices that go against everyone, after correction for all slices. */
  reversal(metric?: EffectMetricName, moment?: Moment): Verdict;
  /** The always-valid table 'slices' of a metric (default: the current one). All arrays are new. */
  table(metric?: EffectMetricName): Table;
  /** Stops observing both markets. Collected data stays readable. */
  dispose(): void;
}

/**
 * Observes two markets of the same scenario (same seed, so the same people and draws) from now on,
 * and keeps the effect of policy b (`other`) against policy a (`main`), overall and by group. A
 * chat counts when it begins, with its final length (among finished chats, long ones are missing),
 * once for each side in the side's own group. A wait counts from its beginning on: while it lasts,
 * as not matched so far, with the seconds so far. The memory does not grow with time. Throws
 * LabError if the two markets are not of the same evening.
 */
export function createPairedMarkets(
  main: Market,
  other: Market,
  options: PairedMarketsOptions = {},
): PairedMarkets {
  const { seed = 1, metric = 'chat', warmUpSeconds = 0 } = options;
  if (main === other) throw new LabError('a comparison needs two markets; both are the same one');
  const { scenario: a } = main;
  const { scenario: b } = other;
  if (a.seed !== b.seed || main.world.people.count !== other.world.people.count)
    throw new LabError(
      `both markets must live through the same evening; their seeds are ${a.seed} and ${b.seed}, their people ${main.world.people.count} and ${other.world.people.count}`,
    );
  if (!(warmUpSeconds >= 0 && warmUpSeconds < Infinity))
    throw new LabError(`a warm-up lasts 0 seconds or longer; this one lasts ${warmUpSeconds}`);
  const observed = new Observed(main.world.people.count, seed);
  const watches = ([main, other] as const).map((market, m) =>
    watchMarket(market, m as 0 | 1, observed, warmUpSeconds),
  );
  const now = () => Math.max(0, main.time - warmUpSeconds);

  const read = (name: EffectMetricName): Reading => {
    const m: EffectMetric = effectMetrics[name];
    const people = (slice: number) => observed.seen[m.of].count(slice);
    if (m.of !== 'chats' && m.of !== 'waits') {
      const sums = observed[m.of];
      return {
        people,
        means: (s) => sums.means(s, m.outcome),
        evidence: (s) => {
          const found = sums.evidence(s, m.outcome, people(s));
          // All readers get their slates from what the feed has learned from any of them.
          return m.of === 'slates' ? { ...found, error: NaN } : found;
        },
      };
    }
    if (m.quantile !== undefined) return readQuantile(m, m.quantile, people);
    return m.of === 'chats'
      ? {
          people,
          means: (s) => observed.chats.means(s, m.outcome),
          evidence: (s) => observed.chats.evidence(s, m.outcome, people(s)),
        }
      : {
          people,
          means: (s) => observed.waits.means(s, m.outcome, now()),
          evidence: (s) => observed.waits.evidence(s, m.outcome, people(s), now()),
        };
  };

  /** Design effects of quantiles: of shares in the same tail, or of the mean wait. */
  const readQuantile = (m: EffectMetric, share: number, people: (slice: number) => number): Reading => {
    const { chats, chatLengths, waits, waitLengths } = observed;
    if (m.of === 'chats') {
      const alike = share < 0.5 ? [SHORT] : share > 0.5 ? [LONG] : [SHORT, LONG];
      const designEffect = (s: number) =>
        alike
          .map((outcome) => {
            const like = chats.evidence(s, outcome, people(s));
            const { nA, nB, meanA, meanB } = chats.means(s, outcome);
            return [
              like,
              like.error ** 2 / ((meanA * (1 - meanA)) / nA + (meanB * (1 - meanB)) / nB),
            ] as const;
          })
          .reduce((p, q) => (q[1] > p[1] ? q : p));
      return {
        people,
        means: (s) => chatLengths.means(s, share),
        evidence: (s) => chatLengths.evidence(s, share, ...designEffect(s)),
      };
    }
    const lengths = watches[0].openWaits();
    for (const sums of [watches[1].openWaits(), waitLengths]) lengths.merge(sums);
    return {
      people,
      means: (s) => lengths.means(s, share),
      evidence(s) {
        const like = waits.evidence(s, m.outcome, people(s), now());
        const { nA, nB } = waits.means(s, m.outcome, now());
        const [a, b] = ([0, 1] as const).map((k) => waits.spread(k, s, m.outcome, now()));
        return lengths.evidence(s, share, like, like.error ** 2 / (a / nA + b / nB));
      },
    };
  };

  const everyone = (name: EffectMetricName, moment: Moment): PairedFigures => {
    const reading = read(name);
    const evidence = reading.evidence(0);
    const interval = intervalOf(evidence, moment);
    const known = !Number.isNaN(interval.low);
    return {
      ...reading.means(0),
      ...{ effect: evidence.effect, ...interval, standardError: known ? evidence.error : NaN },
      method: methodOf(effectMetrics[name], moment),
    };
  };

  const pair: PairedMarkets = {
    ...{ metric, warmUpSeconds },
    figures: (name = pair.metric) => everyone(name, 'fixed'),
    look: (name = pair.metric) => everyone(name, 'always'),
    slices(name = pair.metric, moment = 'fixed') {
      const reading = read(name);
      const rows = allSlices
        .map((place, s) => ({ ...place, s, ...reading.means(s), people: reading.people(s) }))
        .filter(({ s, nA, nB }) => s === 0 || nA + nB > 0)
        .map(({ s, ...row }) => {
          const evidence = reading.evidence(s);
          const { effect } = evidence;
          return { ...row, effect, ...intervalOf(evidence, moment), p: pValueOf(evidence, moment) };
        });
      return flagged(rows);
    },
    reversal: (name = pair.metric, moment = 'fixed') => reversal(pair.slices(name, moment)),
    table(name = pair.metric) {
      const slices = pair.slices(name, 'always');
      return tableOfSlices(name, slices, shiftsOf(name, slices), main, other, warmUpSeconds);
    },
    dispose() {
      for (const watch of watches) watch.stop();
    },
  };

  /** The effect by each dimension. The mix of chats is what a policy can shift. */
  const shiftsOf = (name: EffectMetricName, [overall, ...slices]: readonly NamedSlice[]): MixShift[] => {
    const m: EffectMetric = effectMetrics[name];
    const mean = m.of === 'chats' && m.quantile === undefined;
    const judge = (of: readonly NamedSlice[], values: readonly number[]): Evidence | null =>
      mean
        ? observed.chats.mixEvidence(
            of.map((s) => allSlices.findIndex((p) => p.dimension === s.dimension && p.slice === s.slice)),
            values,
            observed.seen.chats.count(0),
          )
        : null;
    return dimensions
      .map(([dimension]) => slices.filter((s) => s.dimension === dimension))
      .filter((of) => of.length > 1)
      .map((of) => mixShift(overall, of, judge));
  };
  return pair;
}

/** How the slices of a metric are read. */
interface Reading {
  people(slice: number): number;
  means(slice: number): PairedMeans;
  evidence(slice: number): Evidence;
}

function methodOf({ of, quantile }: EffectMetric, moment: Moment): string {
  if (of === 'slates')
    return 'what a feed has learned reaches all of its readers; an interval needs many evenings';
  const cluster = {
    chats: 'dyadic by person',
    waits: 'two-way by person and window, unfinished waits counted so far',
    firsts: 'by person, twice for shared chats',
    views: 'two-way by person and post',
    people: 'by person, twice for shared chats',
    leavers: 'by person',
  }[of];
  const kind = quantile === undefined ? '' : 'Woodruff, design effect ';
  return `${kind}${cluster}; ${moment === 'fixed' ? 't' : 'always valid (normal mixture)'}`;
}
