import { must } from '../base/errors.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { meanInterval, type Interval } from '../metrics/inference/student.ts';
import type { TowerModel } from '../model/layout/save-towers.ts';
import { createFactorScorer } from '../model/serve/factor-scorer.ts';
import { isFamilyScorer, type FamilyModels } from '../model/serve/families.ts';
import { embedTower } from '../model/serve/tower.ts';
import { ChatRecorder } from '../model/train/chat-log.ts';
import { fitFactors } from '../model/train/family/factors.ts';
import { recordMarket, sampleScenario } from '../model/train/record.ts';
import { scenario as complete } from '../scenario/parse.ts';
import type { ScenarioInput, ScorerName } from '../scenario/schema.ts';
import { createMarket, type MarketOptions } from '../sim/market.ts';

/** A scorer, or 'factors': matrix factorisation, trained on random matches of the same people. */
export type Contender = ScorerName | 'factors';

export interface EffectOptions {
  readonly contenders: readonly Contender[];
  /** The contender that the others are compared with. */
  readonly baseline: Contender;
  /** One world per seed. All contenders live through the same evening (common random numbers). */
  readonly seeds: readonly number[];
  readonly ticks: number;
  /** Replaces parts of the training evenings' scenario; the policy's scorer is the contender. */
  readonly scenario?: ScenarioInput;
  readonly families: FamilyModels;
  readonly towers?: TowerModel;
  /** A chat above this length is long, a chat below `shortSeconds` is short, seconds. */
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** A person with fewer chats than this before the evening is cold. */
  readonly coldBelow: number;
  /** Warm-up without counting, while the market fills and sessions are empty. Default 120 s. */
  readonly warmUpSeconds?: number;
}

export const effectSegments = ['all', 'warm', 'cold'] as const;
export type EffectSegment = (typeof effectSegments)[number];
export const effectFigures = ['duration', 'long', 'short'] as const;
export type EffectFigure = (typeof effectFigures)[number];

/** Published effects of CUPID against Wide&Deep in a switchback test, % (arXiv 2410.18087). */
export const publishedEffects: Readonly<Record<EffectSegment, Readonly<Record<EffectFigure, number>>>> = {
  all: { duration: 6.8, long: 12.6, short: -2.4 },
  warm: { duration: 6.8, long: 12.9, short: -2.3 },
  cold: { duration: 5.9, long: 9.7, short: -4.1 },
};

/** Change against the baseline, percent: mean over seeds, 95 % t interval of paired differences. */
export interface RelativeEffect extends Interval {
  readonly mean: number;
}

/** A contender's evenings in one segment. A chat counts once for each side, in its segment. */
export interface EffectRow {
  readonly contender: Contender;
  readonly segment: EffectSegment;
  /** Chat sides over all seeds. */
  readonly sides: number;
  /** Means over seeds: seconds; shares. */
  readonly duration: number;
  readonly long: number;
  readonly short: number;
  /** Undefined for the baseline itself. */
  readonly effect?: Readonly<Record<EffectFigure, RelativeEffect>>;
}

export interface EffectProgress {
  readonly seed: number;
  readonly contender: Contender;
  readonly done: number;
  readonly of: number;
}

/** Of one evening and segment: the count of chat sides and the sums of their figures. */
type SegmentSums = Record<EffectFigure | 'sides', number>;
type Evening = Record<EffectSegment, SegmentSums>;

/**
 * Runs the same evenings under every contender and compares the chats. A chat counts when it
 * begins, with the length that it will have: otherwise long chats would be missing at the end.
 * Yields before every evening; `return()` stops it.
 */
export async function* marketEffect(options: EffectOptions): AsyncGenerator<EffectProgress, EffectRow[]> {
  const { contenders, baseline, seeds } = options;
  must(seeds.length >= 2, `an interval over evenings needs at least two seeds; there are ${seeds.length}`);
  must(contenders.includes(baseline), `the baseline ${baseline} must be among the contenders`);
  const evenings = new Map<Contender, Evening[]>(contenders.map((c) => [c, []]));
  let done = 0;
  for (const seed of seeds)
    for (const contender of contenders) {
      yield { seed, contender, done: done++, of: seeds.length * contenders.length };
      evenings.get(contender)!.push(await runEvening(contender, seed, options));
    }
  const base = evenings.get(baseline)!;
  return contenders.flatMap((contender) =>
    effectSegments.map((segment) => {
      const own = evenings.get(contender)!.map((evening) => evening[segment]);
      return effectRow(contender, segment, own, contender === baseline ? undefined : base);
    }),
  );
}

function effectRow(
  contender: Contender,
  segment: EffectSegment,
  own: readonly SegmentSums[],
  base: readonly Evening[] | undefined,
): EffectRow {
  const mean = (figure: EffectFigure): number =>
    own.reduce((sum, s) => sum + s[figure] / s.sides, 0) / own.length;
  const effect = (figure: EffectFigure, baseEvenings: readonly Evening[]): RelativeEffect =>
    pairedEffect(
      own.map((s, k) => {
        const b = baseEvenings[k][segment];
        return 100 * (s[figure] / s.sides / (b[figure] / b.sides) - 1);
      }),
    );
  return {
    contender,
    segment,
    sides: own.reduce((sum, s) => sum + s.sides, 0),
    duration: mean('duration'),
    long: mean('long'),
    short: mean('short'),
    ...(base && {
      effect: {
        duration: effect('duration', base),
        long: effect('long', base),
        short: effect('short', base),
      },
    }),
  };
}

/** Student's t over paired differences. */
function pairedEffect(d: readonly number[]): RelativeEffect {
  const mean = d.reduce((a, b) => a + b, 0) / d.length;
  const variance = d.reduce((s, x) => s + (x - mean) ** 2, 0) / (d.length - 1);
  return { mean, ...meanInterval({ count: d.length, mean, variance }) };
}

async function runEvening(contender: Contender, seed: number, options: EffectOptions): Promise<Evening> {
  const { ticks, longSeconds, shortSeconds, coldBelow, families, towers, warmUpSeconds = 120 } = options;
  const scenario = complete({
    ...sampleScenario,
    ...options.scenario,
    seed,
    policy: {
      matcher: 'greedy',
      ...options.scenario?.policy,
      scorer: contender === 'factors' ? 'oracle' : contender,
    },
  });
  const backend = createCpuBackend({ embed: embedTower });
  const market = createMarket({
    scenario,
    backend,
    ...(towers && { towers }),
    ...(isFamilyScorer(contender) && { families }),
    ...(contender === 'factors' && { scorer: await trainFactorScorer(seed, options) }),
  });
  const { people } = market.world;
  const chatsBefore = Uint32Array.from(people.chats);
  const generation = Uint32Array.from(people.generation);
  const empty = (): SegmentSums => ({ sides: 0, duration: 0, long: 0, short: 0 });
  const evening: Evening = { all: empty(), warm: empty(), cold: empty() };
  market.observe({
    chatBegan({ a, b, start, duration }) {
      if (start < warmUpSeconds) return;
      for (const person of [a, b]) {
        if (generation[person] !== people.generation[person]) {
          // The slot was reborn as a newcomer.
          generation[person] = people.generation[person];
          chatsBefore[person] = 0;
        }
        for (const segment of ['all', chatsBefore[person] < coldBelow ? 'cold' : 'warm'] as const) {
          const sums = evening[segment];
          sums.sides++;
          sums.duration += duration;
          if (duration > longSeconds) sums.long++;
          if (duration < shortSeconds) sums.short++;
        }
      }
    },
  });
  for (let k = 0; k < ticks; k++) await market.tick();
  backend.dispose();
  return evening;
}

/** Matrix factorisation, trained on an evening in which the same people met at random. */
async function trainFactorScorer(
  seed: number,
  options: EffectOptions,
): Promise<NonNullable<MarketOptions['scorer']>> {
  const scenario = complete({
    ...sampleScenario,
    ...options.scenario,
    seed,
    policy: { scorer: 'random', matcher: 'random' },
  });
  const backend = createCpuBackend();
  const market = createMarket({ scenario, backend });
  const recorder = new ChatRecorder();
  recordMarket(market, recorder);
  for (let k = 0; k < options.ticks; k++) await market.tick();
  backend.dispose();
  const log = recorder.log();
  const training = fitFactors(log, [...log.duration.keys()]);
  let error = 0;
  let result = training.next();
  for (; !result.done; result = training.next()) error = result.value.loss;
  const factors = result.value;
  // People born during the training evening are strangers in the next one.
  return (world) =>
    createFactorScorer(
      world,
      factors,
      (id) => (world.people.generation[id] === 0 ? (recorder.numberOf(id, 0) ?? -1) : -1),
      error,
    );
}
