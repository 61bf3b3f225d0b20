import { orNull } from '../../base/or-null.ts';
import { ALPHA } from '../../metrics/inference/evidence.ts';
import { meanInterval } from '../../metrics/inference/student.ts';
import { meanOf, sampleVariance } from '../inference/moments.ts';
import { minimumEffect, powerOf } from '../inference/power.ts';
import { biasCauses, causeSentences, type BiasCause } from './bias-cause.ts';
import { rowsByStudy, type EveningResult, type EveningRow, type Harm } from './rows.ts';
import { excludesZero, shareOf, verdictsOf, type Share, type PairedVerdicts } from './verdicts.ts';
import type { DesignName, OutcomeName } from './names.ts';

const POWER = 0.8;

/** Everybody under B minus everybody under A, mean over paired evenings; 95 % t interval. */
export interface Truth {
  readonly effect: number | null;
  readonly standard_error: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** How a design did over many evenings, held to the truth. A figure that does not exist is null. */
export interface DesignFigures {
  /** Mean over the evenings that have an estimate. */
  readonly estimate: number | null;
  /** Its 95 % t interval over evenings. */
  readonly estimate_low: number | null;
  readonly estimate_high: number | null;
  /**
   * The interval of the truth excludes 0 and that of the estimate contains it: even so many
   * evenings of this design cannot tell an effect from none.
   */
  readonly misses: boolean;
  /** Mean of estimate minus truth of the same evening, and its standard error. */
  readonly bias: number | null;
  readonly bias_error: number | null;
  /** 95 % t interval of the bias over evenings. */
  readonly bias_low: number | null;
  readonly bias_high: number | null;
  /** Standard deviation of the estimates; mean of the standard errors that the design reports. */
  readonly sd: number | null;
  readonly reported_error: number | null;
  /** Root of the mean squared distance of an estimate to the truth. */
  readonly rmse: number | null;
  /** Evenings whose interval contains the truth, among those with an interval. */
  readonly coverage: Share | null;
  readonly intervals: number;
  /** Chance that a two-sided 5 % z test with error `sd` finds the true effect; null without one. */
  readonly power: number | null;
  /** The smallest effect that such a test finds with 80 % power. */
  readonly mde: number | null;
  /** Share of evenings whose interval excludes 0. */
  readonly claims: number | null;
  /** The same with A in both arms, which should be 5 %; null without A/A evenings. */
  readonly aa_rate: Share | null;
  /**
   * People per evening who spent less or more time in chats than under A. Chance moves people both
   * ways.
   */
  readonly worse_off: number | null;
  readonly better_off: number | null;
  /** Where the bias comes from, and the same in one sentence. */
  readonly cause: BiasCause;
  readonly reason: string;
}

export interface ExperimentReport {
  readonly evenings: number;
  readonly first_seed: number;
  /** Evenings whose event logs under A and under B are the same. */
  readonly identical: number;
  readonly truth: Readonly<Partial<Record<OutcomeName, Truth>>>;
  readonly designs: Readonly<
    Partial<Record<DesignName, Readonly<Partial<Record<OutcomeName, DesignFigures>>>>>
  >;
  /** What the paired markets claim, beside what chance alone would. */
  readonly verdicts: Readonly<Partial<Record<OutcomeName, PairedVerdicts>>>;
  readonly rows: readonly EveningRow[];
}

/** Holds every design to the truth, over all evenings. */
export function reportOf(evenings: readonly EveningResult[]): ExperimentReport {
  const rows = evenings.flatMap((e) => e.rows);
  const byStudy = rowsByStudy(rows);
  const aa = rowsByStudy(evenings.flatMap((e) => e.aa));
  const paired = byStudy.get('paired') ?? new Map<OutcomeName, EveningRow[]>();
  const truths = new Map([...paired].map(([metric, own]) => [metric, truthOf(own)]));
  const effects = new Map([...paired].map(([metric, own]) => [metric, effectsOf(own)]));
  const studies = [...byStudy].flatMap(([design, metrics]) =>
    [...metrics].map(([metric, own]): Study => ({
      ...{ design, metric, rows: own, aa: aa.get(design)?.get(metric) ?? [] },
      truth: truths.get(metric)!,
      errors: errorsOf(own, effects.get(metric)!),
    })),
  );
  const held = studies.filter((s) => s.design !== 'paired');
  const causes = biasCauses(
    held.map((s) => ({ ...s, truth: s.truth.effect ?? NaN, misses: missesTruth(s) })),
  );
  const causeOf = new Map(held.map((study, k) => [study, causes[k]]));
  const harm = harmByDesign(evenings);
  const designs: Record<string, Record<string, DesignFigures>> = {};
  for (const study of studies) {
    const cause = causeOf.get(study) ?? 'none';
    designs[study.design] ??= {};
    designs[study.design][study.metric] = {
      ...figuresOf(study),
      ...(harm.get(study.design) ?? { worse_off: null, better_off: null }),
      cause,
      reason: study.design === 'paired' ? 'This is the truth itself.' : causeSentences[cause],
    };
  }
  return {
    evenings: evenings.length,
    first_seed: Math.min(...evenings.map((e) => e.seed)),
    identical: evenings.filter((e) => e.identical).length,
    truth: Object.fromEntries(truths),
    designs,
    verdicts: verdictsOf(paired),
    rows,
  };
}

/** One design and one metric. */
interface Study {
  readonly design: DesignName;
  readonly metric: OutcomeName;
  readonly truth: Truth;
  readonly rows: readonly EveningRow[];
  /** Of the same design and metric with policy A in both arms. */
  readonly aa: readonly EveningRow[];
  /** Estimate minus truth of the same evening. */
  readonly errors: readonly number[];
}

const known = (values: readonly (number | null)[]): number[] => values.filter((x) => x !== null);

function truthOf(paired: readonly EveningRow[]): Truth {
  const effects = known(paired.map((r) => r.estimate));
  return {
    effect: orNull(meanOf(effects)),
    standard_error: orNull(Math.sqrt(sampleVariance(effects) / effects.length)),
    ...limitsOf(effects),
  };
}

const effectsOf = (paired: readonly EveningRow[]) => new Map(paired.map((r) => [r.seed, r.estimate]));

function errorsOf(rows: readonly EveningRow[], effects: ReadonlyMap<number, number | null>): number[] {
  return known(
    rows.map(({ seed, estimate }) => {
      const effect = effects.get(seed) ?? null;
      return estimate === null || effect === null ? null : estimate - effect;
    }),
  );
}

/** The truth is beyond 0, and the mean estimate cannot be told from 0. */
function missesTruth({ design, rows, truth }: Study): boolean {
  const own = limitsOf(known(rows.map((r) => r.estimate)));
  return design !== 'paired' && excludesZero(truth) && own.low !== null && !excludesZero(own);
}

function figuresOf(study: Study) {
  const {
    rows,
    truth: { effect: truth },
    errors,
    aa,
  } = study;
  const estimates = known(rows.map((r) => r.estimate));
  const sd = estimates.length < 2 ? NaN : Math.sqrt(sampleVariance(estimates));
  const intervals = rows.flatMap(({ low, high }) => (low === null || high === null ? [] : [{ low, high }]));
  const [own, bias] = [limitsOf(estimates), limitsOf(errors)];
  return {
    estimate: orNull(meanOf(estimates)),
    ...{ estimate_low: own.low, estimate_high: own.high },
    misses: missesTruth(study),
    bias: orNull(meanOf(errors)),
    bias_error: orNull(Math.sqrt(sampleVariance(errors) / errors.length)),
    ...{ bias_low: bias.low, bias_high: bias.high },
    sd: orNull(sd),
    reported_error: orNull(meanOf(known(rows.map((r) => r.standard_error)))),
    rmse: truth === null ? null : orNull(Math.sqrt(meanOf(estimates.map((x) => (x - truth) ** 2)))),
    coverage: truth === null ? null : shareOf(intervals.map((i) => i.low <= truth && truth <= i.high)),
    intervals: intervals.length,
    power: sd > 0 && truth !== null && truth !== 0 ? powerOf(truth, sd, ALPHA) : null,
    mde: sd > 0 ? minimumEffect(sd, ALPHA, POWER) : null,
    claims: shareOf(intervals.map(excludesZero))?.share ?? null,
    aa_rate: shareOf(aa.filter((r) => r.low !== null).map(excludesZero)),
  };
}

/** Means over the evenings. */
function harmByDesign(evenings: readonly EveningResult[]) {
  const all = new Map<DesignName, Harm[]>();
  for (const harm of evenings.flatMap((e) => e.harm)) {
    const own = all.get(harm.design);
    if (own === undefined) all.set(harm.design, [harm]);
    else own.push(harm);
  }
  const means = (own: readonly Harm[]) => ({
    worse_off: orNull(meanOf(own.map((h) => h.worse))),
    better_off: orNull(meanOf(own.map((h) => h.better))),
  });
  return new Map([...all].map(([design, own]) => [design, means(own)]));
}

/** 95 % t interval of a mean over evenings. */
function limitsOf(values: readonly number[]) {
  const variance = sampleVariance(values);
  const { low, high } = meanInterval({ count: values.length, mean: meanOf(values), variance });
  return { low: orNull(low), high: orNull(high) };
}
