import { LabError } from '../base/errors.ts';
import type { Table } from '../base/table.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../metrics/market/table-columns.ts';
import { ageBands, countries, genders } from '../scenario/countries.ts';
import { newcomerNames, NewcomerBook } from '../sim/collect/segments.ts';
import type { ChatStart, Market } from '../sim/types.ts';
import type { People } from '../world/types.ts';
import { effectMetrics, policyNames, type EffectMetricName } from './effect-metrics.ts';
import { explain } from './explain.ts';
import { isReversed, mixShift, mostTelling, type NamedSlice } from './mix-shift.ts';
import { PairedSums, type SliceFigures } from './paired-sums.ts';

/** Dimensions and their slices, in table order. */
const dimensions = [
  ['country', countries.map((c) => c.code as string)],
  ['gender', genders],
  ['age', ageBands],
  ['newcomer', newcomerNames],
  ['filter', ['with a filter', 'without a filter']],
  ['hour', Array.from({ length: 24 }, (_, h) => `${h}:00`)],
] as const satisfies readonly (readonly [string, readonly string[]])[];

/** All slices in table order: 0 is everyone, then dimension by dimension. */
const allSlices: readonly { readonly dimension: string; readonly slice: string }[] = [
  { dimension: 'all', slice: 'all' },
  ...dimensions.flatMap(([dimension, names]) => names.map((slice) => ({ dimension, slice }))),
];
/** Axes of `PairedSums`: the person's attributes crossed, the hour apart. */
const levels = dimensions.map(([, names]) => names.length);
const axes = [levels.slice(0, -1), levels.slice(-1)];

export interface PairedMarketsOptions {
  /** Of the random signs that estimate the variance; default 1. */
  readonly seed?: number;
  /** The initial metric; default 'chat'. */
  readonly metric?: EffectMetricName;
}

/** Two markets under two policies through the same evening. */
export interface PairedMarkets {
  metric: EffectMetricName;
  /** The table 'slices' of a metric (default: the current one). All arrays are new. */
  table(metric?: EffectMetricName): Table;
  /** All slices with observations. The first is everyone. */
  slices(metric?: EffectMetricName): NamedSlice[];
  /** Stops observing both markets. Collected data stays readable. */
  dispose(): void;
}

/**
 * Observes two markets of the same scenario (same seed, so the same people and draws) from now on,
 * and keeps the effect of policy b (`other`) against policy a (`main`), overall and by group. A
 * chat counts when it begins, with its final length (among finished chats, long ones are missing),
 * once for each side in the side's own group. A wait counts when it ends, by a match or by giving
 * up. The memory does not grow with time. Throws LabError if the two markets are not of the same
 * evening.
 */
export function createPairedMarkets(
  main: Market,
  other: Market,
  options: PairedMarketsOptions = {},
): PairedMarkets {
  if (main === other) throw new LabError('a comparison needs two markets; both are the same one');
  const { scenario: a } = main;
  const { scenario: b } = other;
  if (a.seed !== b.seed || main.world.people.count !== other.world.people.count)
    throw new LabError(
      `both markets must live through the same evening; their seeds are ${a.seed} and ${b.seed}, their people ${main.world.people.count} and ${other.world.people.count}`,
    );
  const seed = options.seed ?? 1;
  const chats = new PairedSums(axes, 3, seed);
  const waits = new PairedSums(axes, 2, seed);
  const stops = ([main, other] as const).map((market, m) => watch(market, m as 0 | 1, chats, waits));
  const pair: PairedMarkets = {
    metric: options.metric ?? 'chat',
    slices(name = pair.metric) {
      const { of, outcome } = effectMetrics[name];
      const sums = of === 'chats' ? chats : waits;
      return allSlices
        .map((place, p) => ({ ...place, ...sums.figures(p, outcome) }))
        .filter((s, p) => p === 0 || s.nA + s.nB > 0);
    },
    table(name = pair.metric) {
      return slicesTable(name, pair.slices(name), main, other);
    },
    dispose() {
      for (const stop of stops) stop();
    },
  };
  return pair;
}

function watch(market: Market, m: 0 | 1, chats: PairedSums, waits: PairedSums): () => void {
  const { people } = market.world;
  const { startHour } = market.scenario.population;
  const { longChatSeconds, swipeSeconds } = market.scenario.behaviour;
  const newcomers = new NewcomerBook(people);
  const levelsA = new Uint8Array(dimensions.length);
  const levelsB = new Uint8Array(dimensions.length);
  const hour = (time: number) => Math.floor(startHour + time / 3600) % 24;
  const chat = new Float64Array(3);
  const wait = new Float64Array(2);
  const addWait = (person: number, time: number, matched: number, seconds: number) => {
    place(people, person, newcomers.isNewcomer(person), hour(time), levelsA);
    wait[0] = matched;
    wait[1] = seconds;
    waits.addSingle(m, person, levelsA, wait);
  };
  return market.observe({
    arrived: (person, _time, newcomer) => void newcomers.arrived(person, newcomer),
    chatBegan({ a, b, start, duration }: Readonly<ChatStart>) {
      place(people, a, newcomers.isNewcomer(a), hour(start), levelsA);
      place(people, b, newcomers.isNewcomer(b), hour(start), levelsB);
      chat[0] = duration;
      chat[1] = duration > longChatSeconds ? 1 : 0;
      chat[2] = duration < swipeSeconds ? 1 : 0;
      chats.addPair(m, a, b, levelsA, levelsB, chat);
    },
    ticked({ time, matching }, pool) {
      for (let i = 0; i < pool.n; i++)
        if (matching.mate[i] !== -1) addWait(pool.ids[i], time, 1, pool.waited[i]);
    },
    left(person, time, reason, waited) {
      if (reason === 'waiting') addWait(person, time, 0, waited);
    },
  });
}

/** Writes a person's level in every dimension. */
function place(people: People, id: number, newcomer: boolean, hour: number, into: Uint8Array): void {
  const filter = people.wantsGender[id] !== 3 || people.wantsOwnCountry[id] === 1;
  into[0] = people.country[id];
  into[1] = people.gender[id];
  into[2] = people.age[id];
  into[3] = newcomer ? 0 : 1;
  into[4] = filter ? 0 : 1;
  into[5] = hour;
}

function slicesTable(
  name: EffectMetricName,
  rows: readonly NamedSlice[],
  main: Market,
  other: Market,
): Table {
  const metric = effectMetrics[name];
  const [overall, ...slices] = rows;
  const shifts = dimensions
    .map(([dimension]) => slices.filter((s) => s.dimension === dimension))
    .filter((of) => of.length > 1)
    .map((of) => mixShift(overall, of));
  const shift = mostTelling(shifts);
  const [policyA, policyB] = policyNames(main.policy, other.policy);
  const figures = (column: string, label: string, pick: (s: SliceFigures) => number) =>
    numberColumnOf(rows, column, label, metric.unit, pick);
  const counted = metric.of === 'chats' ? 'chat sides' : 'waits';
  return tableOf(
    'slices',
    `What ${policyB} changes against ${policyA}, by group: ${metric.label}`,
    [
      textColumnOf(rows, 'dimension', 'Dimension', (s) => s.dimension),
      textColumnOf(rows, 'slice', 'Group', (s) => s.slice),
      numberColumnOf(rows, 'n_a', 'Count under A', counted, (s) => s.nA),
      numberColumnOf(rows, 'n_b', 'Count under B', counted, (s) => s.nB),
      figures('mean_a', 'Mean under A', (s) => s.meanA),
      figures('mean_b', 'Mean under B', (s) => s.meanB),
      figures('effect', 'Effect (B - A)', (s) => s.effect),
      figures('low', 'Low (95 %)', (s) => s.low),
      figures('high', 'High (95 %)', (s) => s.high),
      numberColumnOf(rows, 'reversed', 'Against the overall effect', '1', (s, i) =>
        i > 0 && isReversed(s, overall) ? 1 : 0,
      ),
    ],
    {
      metric: metric.label,
      verdict: shift?.verdict ?? 'none',
      explanation: explain(metric, policyB, overall, shift),
      policy_a: policyA,
      policy_b: policyB,
      ...(shift !== undefined && {
        dimension: shift.dimension,
        mix_effect: shift.mix,
        within_effect: shift.within,
      }),
    },
  );
}
