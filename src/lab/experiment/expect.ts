import { lognormalQuantiles } from '../../experiment/inference/quantiles.ts';
import { differenceInQ } from '../../experiment/interference/difference-in-q.ts';
import { dilution, displacement, rationing, thickness } from '../../experiment/interference/displacement.ts';
import { multipleRandomisation } from '../../experiment/interference/multiple-randomisation.ts';
import { shadowPriceFluid } from '../../experiment/interference/shadow-prices.ts';
import { twoSidedMarket } from '../../experiment/interference/two-sided-market.ts';
import { autocorrelation, measuredShare } from '../../experiment/switchback/carry-over.ts';
import { outcomeNames, type OutcomeName } from '../../experiment/run/names.ts';
import { defineCommand } from '../cli/command.ts';
import { choice, integer, number, text, UsageError } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { readReport } from './read-experiment.ts';

/** What a design reports on average where one mechanism is at work. Effects relative to A. */
interface Expectation {
  readonly mechanism: string;
  readonly design: string;
  readonly truth: number;
  readonly reported: number;
}

interface Comparison extends Expectation {
  /** With --report: what the design of that name reported, and the true effect there. */
  readonly measured: number | null;
  readonly measured_truth: number | null;
}

interface Expected {
  readonly rows: readonly Comparison[];
  readonly spread: SpreadEffects;
  /** False positives of a 5 % test by rows, where neighbouring seconds resemble each other. */
  readonly rows_false_positive: number;
}

/** Who loses although the mean rises, where outcomes are log-normal; effects relative to A. */
interface SpreadEffects {
  /** Below this quantile people lose, or above it where B narrows; null where all gain or lose. */
  readonly crossing_quantile: number | null;
  readonly quantiles: readonly { readonly quantile: number; readonly effect: number }[];
}

/** Windows of either arm in the textbook switchback. */
const WINDOWS = 10;

export const command = defineCommand({
  arguments: [],
  about: `What experiment designs report on average in textbook markets, with the true effect beside it: before
any evening, which design could find out. All effects are relative to A. The market itself is
more than these formulas: \`lab experiment run\` measures it.

With --report, the measured effects of an experiment stand beside them. The lift is then the one
that the design users saw between its arms, and the supply the share of waits that end in a match.
A mechanism whose truth is far from the measured one does not explain a bias.`,
  options: {
    lift: number('L', 'what B adds, relative; default 0.1', { above: -1, max: 10 }),
    supply: number('S', 'partners per person who asks for one; default 0.8', { above: 0, max: 100 }),
    report: text('FILE.json', 'report of an experiment, or "-" for standard input'),
    metric: choice(outcomeNames, 'with --report', 'matched'),
    share: number('P', 'share of people in arm B', { min: 0.01, max: 0.99, fallback: 0.5 }),
    'one-sided': number('R', 'share of the effect if only one of two people has B', {
      ...{ min: 0, max: 1, fallback: 0.5 },
    }),
    'window-seconds': integer('W', 'length of a window', { min: 1, max: 250, fallback: 60 }),
    'burn-in': integer('B', 'seconds at the start of every window that do not count', {
      ...{ min: 0, fallback: 0 },
    }),
    'memory-seconds': number('M', 'time in which the market forgets 63 % of the window before', {
      ...{ above: 0, fallback: 20 },
    }),
    'log-sd': number('S', 'standard deviation of the natural log of an outcome under A', {
      ...{ min: 0, max: 5, fallback: 1 },
    }),
    spread: number('P', 'what B adds to that standard deviation, relative', {
      ...{ min: -1, max: 10, fallback: 0.2 },
    }),
  },
  async run({ options }): Promise<Expected> {
    const { share, report, metric, 'window-seconds': window, 'burn-in': burnIn } = options;
    const seen = report === undefined ? null : await measuredIn(report, metric);
    const lift = options.lift ?? seen?.lift(share) ?? 0.1;
    const supply = options.supply ?? seen?.supply ?? 0.8;
    if (burnIn >= window)
      throw new UsageError(`must be shorter than the window, ${window} s; it is ${burnIn}`, '--burn-in');
    const persistence = Math.exp(-1 / options['memory-seconds']);
    return {
      rows: [
        ...shortSupply(supply, lift, share),
        ...nextInLine(supply, lift, share),
        ...sides(lift, share, options['one-sided'], supply),
        ...windows(lift, measuredShare(persistence, window, burnIn)),
      ].map((expected) => ({
        ...expected,
        measured: seen?.effectOf(expected.design.split(',')[0]) ?? null,
        measured_truth: seen?.truth ?? null,
      })),
      spread: spreadOf(lift, options['log-sd'], options.spread),
      rows_false_positive: autocorrelation.formula({
        ...{ periods: 2 * WINDOWS * window, window, autocorrelation: persistence },
        schedule: 'alternating',
      }).rows_false_positive,
    };
  },
  print({ rows, spread, rows_false_positive: wrong }) {
    const percent = (x: number | null) => (x === null ? '-' : `${Number((100 * x).toPrecision(3))} %`);
    const isMeasured = rows.some((row) => row.measured_truth !== null);
    const beside = (cells: readonly string[]) => (isMeasured ? cells : []);
    return [
      ...textTable(
        [
          ['mechanism', 'design', 'truth', 'reported', ...beside(['measured', 'true there'])],
          ...rows.map((r) => [
            ...[r.mechanism, r.design, percent(r.truth), percent(r.reported)],
            ...beside([percent(r.measured), percent(r.measured_truth)]),
          ]),
        ],
        [1],
      ),
      `The mean can hide who loses. For log-normal outcomes whose spread B changes too, quantiles change by ${spread.quantiles
        .map(({ quantile, effect }) => `${effect < 0 ? '' : '+'}${percent(effect)} (p${100 * quantile})`)
        .join(
          ', ',
        )}${spread.crossing_quantile === null ? '' : `; the sign changes at p${Number((100 * spread.crossing_quantile).toPrecision(3))}`}.`,
      `A 5 % test of alternating windows that treats every second as independent claims an effect in ${percent(wrong)} of experiments without one.`,
    ].join('\n');
  },
});

/** Quantiles of two log-normal laws whose means differ by the lift. */
function spreadOf(lift: number, logSd: number, spread: number): SpreadEffects {
  const law = (mean: number, sd: number) => ({ log_mean: Math.log(mean) - sd ** 2 / 2, log_sd: sd });
  const { quantiles, crossing_quantile } = lognormalQuantiles.formula({
    ...{ a: law(1, logSd), b: law(1 + lift, logSd * (1 + spread)) },
    quantiles: [0.1, 0.25, 0.5, 0.75, 0.9],
  });
  return {
    crossing_quantile,
    quantiles: quantiles.map(({ quantile, a, effect }) => ({ quantile, effect: effect / a })),
  };
}

/** The effects in a report, relative to the mean under A. @throws LabError. */
async function measuredIn(path: string, metric: OutcomeName) {
  const { designs, truth, rows, missing } = await readReport(path);
  const means = rows.flatMap((row) =>
    row.design === 'paired' && row.metric === metric && typeof row.mean_a === 'number' ? [row.mean_a] : [],
  );
  const base = means.reduce((total, mean) => total + mean / means.length, 0);
  if (!(base > 0)) throw missing(`there is no mean of ${metric} under A in its rows`);
  const relative = (x: number | null | undefined) => (typeof x === 'number' ? x / base : null);
  const effectOf = (design: string) => relative(designs[design]?.[metric]?.estimate);
  return {
    effectOf,
    truth: relative(truth[metric]?.effect),
    supply: metric === 'matched' ? base : undefined,
    /** Treated over control, from their difference over the mean of both. */
    lift(share: number): number | undefined {
      const difference = effectOf('users');
      const lift = difference === null ? NaN : difference / (1 - share * difference);
      return Number.isFinite(lift) && lift > -1 ? lift : undefined;
    },
  };
}

/** People compete for partners. */
function shortSupply(supply: number, lift: number, share: number): Expectation[] {
  const ranked = displacement.formula({ supply_per_person: supply, weight_lift: lift, treated_share: share });
  const base = Math.min(1, supply);
  const asked = rationing.formula({
    ...{ supply_per_person: supply, demand_control: 1, demand_treated: 1 + lift, treated_share: share },
  });
  const priced = shadowPriceFluid.formula({
    ...{ supply, demand: 1, growth: lift, value: 1, treated_share: share },
  });
  const { pair_mean_half: half, ...whole } = thickness.formula({
    ...{ people: 4, pair_value: 'exponential', factor: 1 + lift },
  });
  const perPair = whole.best_matching_total / 2;
  return [
    row('displacement: B goes first', 'users', ranked.gte, ranked.naive_relative),
    row('rationing: B asks for more', 'users', asked.gte / base, asked.naive / base),
    row('rationing: B asks for more', 'shadow-price', priced.gte / base, priced.shadow_price / base),
    row('thickness: half the choice', 'budget-split', whole.gte_per_pair / perPair, (lift * half) / perPair),
  ];
}

const row = (mechanism: string, design: string, truth: number, reported: number): Expectation => ({
  ...{ mechanism, design, truth, reported },
});

/** A store of peers: who takes one leaves fewer for those who come next. */
function nextInLine(supply: number, lift: number, share: number): Expectation[] {
  const store = differenceInQ.formula({
    ...{ capacity: 10, return_probability: supply / (1 + supply), treated_share: share },
    ...{ take_probability_control: 0.5, take_probability_treated: Math.min(1, 0.5 * (1 + lift)) },
    truncate_at: [20],
  });
  const { rate_control: rate, gte, naive, dq } = store;
  const queue = 'queue: fewer peers for the next';
  return [
    row(queue, 'ticks', gte / rate, naive / rate),
    row(queue, 'difference-in-q', gte / rate, dq / rate),
  ];
}

/** Two people share an effect; customers and listings, or both, are randomised. */
function sides(lift: number, share: number, oneSided: number, supply: number): Expectation[] {
  const pairs = dilution.formula({
    ...{ people: 8, effect_both: lift, one_sided_share: oneSided, treated_share: share, baseline: 1 },
  });
  const market = twoSidedMarket.formula({
    ...{ arrival_rate: 1, listing_return_rate: supply, consideration_probability: 0.5, outside_option: 1 },
    ...{ appeal_control: 1, appeal_treated: 1 + lift, treated_customer_share: share },
    treated_listing_share: share,
  });
  const { rate_control: rate } = market;
  const both = multipleRandomisation.formula({
    baseline: Array.from({ length: 4 }, () => [1, 1, 1, 1]),
    ...{ treated_buyers: 2, treated_sellers: 2, effect_both: lift },
    ...{ buyer_spillover: lift * oneSided, seller_spillover: lift * oneSided },
  });
  const booking = 'booking: customers look for listings';
  return [
    row('dilution: both sides share the effect', 'users', pairs.gte, pairs.naive_large_sample),
    row('dilution: both sides share the effect', 'pairs', pairs.gte, pairs.dyadic_ht.mean),
    row('dilution: both sides share the effect', 'both sides at once', lift, both.total.mean),
    row(booking, 'customers', market.gte / rate, market.customer_side / rate),
    row(booking, 'listings', market.gte / rate, market.listing_side / rate),
    row(booking, 'both sides, naive', market.gte / rate, market.two_sided_naive / rate),
  ];
}

const windows = (lift: number, share: ReturnType<typeof measuredShare>): Expectation[] => [
  row('carry-over: the window before', 'switchback, Bernoulli', lift, lift * share.bernoulli),
  row('carry-over: the window before', 'switchback, alternating', lift, lift * share.alternating),
];
