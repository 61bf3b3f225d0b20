import { must } from '../base/errors.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { studentQuantile } from '../metrics/inference/student.ts';
import { ChatRecorder } from '../model/train/chat-log.ts';
import { createFactorScorer } from '../model/serve/factor-scorer.ts';
import { fitFactors } from '../model/train/family/factors.ts';
import { isFamilyScorer, type FamilyModels } from '../model/serve/families.ts';
import { embedTower } from '../model/serve/tower.ts';
import type { TowerModel } from '../model/layout/save-towers.ts';
import { scenario as complete } from '../scenario/parse.ts';
import type { ScenarioInput, ScorerName } from '../scenario/schema.ts';
import { createMarket, type MarketOptions } from '../sim/market.ts';
import { createWorld } from '../world/world.ts';
import { sampleScenario } from '../model/train/record.ts';

/** A scorer of the policies, or 'factors': matrix factorisation trained on an evening of random matches of the same people. */
export type Contender = ScorerName | 'factors';

export interface EffectOptions {
  readonly contenders: readonly Contender[];
  /** What the others are measured against. */
  readonly baseline: Contender;
  /** Every seed is a world of its own, the same evening for all contenders (common random numbers). */
  readonly seeds: readonly number[];
  readonly ticks: number;
  /** Replaces parts of the training evenings' scenario; the policy's scorer is the contender. */
  readonly scenario?: ScenarioInput;
  readonly families: FamilyModels;
  readonly towers?: TowerModel;
  /** A chat longer than this is long, one shorter than that is short, seconds. */
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** Who had fewer chats in life than this before the evening is cold. */
  readonly coldBelow: number;
  /** Chats that begin earlier are not counted: the market is still filling, and nobody has a session. Default 120 s. */
  readonly warmUpSeconds?: number;
}

export const effectSegments = ['all', 'warm', 'cold'] as const;
export type EffectSegment = (typeof effectSegments)[number];
export const effectFigures = ['duration', 'long', 'short'] as const;
export type EffectFigure = (typeof effectFigures)[number];

/** Published effects of CUPID on Wide&Deep in a switchback test, percent (arXiv 2410.18087, online experiments). */
export const publishedEffects: Readonly<Record<EffectSegment, Readonly<Record<EffectFigure, number>>>> = {
  all: { duration: 6.8, long: 12.6, short: -2.4 },
  warm: { duration: 6.8, long: 12.9, short: -2.3 },
  cold: { duration: 5.9, long: 9.7, short: -4.1 },
};

/** Relative change against the baseline, percent: mean over seeds with its 95 % t interval of paired differences. */
export interface RelativeEffect {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What one contender's evenings looked like in a segment. Chats count once for either side, in the side's own segment. */
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

type Sums = Record<EffectSegment, { sides: number; seconds: number; long: number; short: number }>;

/**
 * Lets every contender live through the same evenings and compares what becomes of the chats. Chats count when they begin, with the length
 * that they will have, so that the long ones at the end are not missing. Yields before every evening; to stop listening stops it.
 */
export async function* marketEffect(options: EffectOptions): AsyncGenerator<EffectProgress, EffectRow[]> {
  const { contenders, baseline, seeds } = options;
  must(seeds.length >= 2, `an interval over evenings wants at least two seeds; there are ${seeds.length}`);
  must(contenders.includes(baseline), `the baseline ${baseline} must be among the contenders`);
  const evenings = new Map<Contender, Sums[]>(contenders.map((c) => [c, []]));
  let done = 0;
  for (const seed of seeds)
    for (const contender of contenders) {
      yield { seed, contender, done: done++, of: seeds.length * contenders.length };
      evenings.get(contender)!.push(await live(contender, seed, options));
    }
  const base = evenings.get(baseline)!;
  return contenders.flatMap((contender) =>
    effectSegments.map((segment) =>
      row(contender, segment, evenings.get(contender)!, contender === baseline ? undefined : base),
    ),
  );
}

const valueOf = (sums: Sums, segment: EffectSegment, figure: EffectFigure): number => {
  const { sides, seconds, long, short } = sums[segment];
  return (figure === 'duration' ? seconds : figure === 'long' ? long : short) / sides;
};

function row(
  contender: Contender,
  segment: EffectSegment,
  own: readonly Sums[],
  base: readonly Sums[] | undefined,
): EffectRow {
  const mean = (figure: EffectFigure): number =>
    own.reduce((sum, s) => sum + valueOf(s, segment, figure), 0) / own.length;
  return {
    contender,
    segment,
    sides: own.reduce((sum, s) => sum + s[segment].sides, 0),
    duration: mean('duration'),
    long: mean('long'),
    short: mean('short'),
    ...(base && {
      effect: Object.fromEntries(
        effectFigures.map((figure) => [
          figure,
          interval(
            own.map((s, k) => 100 * (valueOf(s, segment, figure) / valueOf(base[k], segment, figure) - 1)),
          ),
        ]),
      ) as Record<EffectFigure, RelativeEffect>,
    }),
  };
}

/** Student's t over paired differences. */
function interval(d: readonly number[]): RelativeEffect {
  const mean = d.reduce((a, b) => a + b, 0) / d.length;
  const variance = d.reduce((s, x) => s + (x - mean) ** 2, 0) / (d.length - 1);
  const half = studentQuantile(d.length - 1) * Math.sqrt(variance / d.length);
  return { mean, low: mean - half, high: mean + half };
}

/** One evening of one contender. */
async function live(contender: Contender, seed: number, options: EffectOptions): Promise<Sums> {
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
    ...(contender === 'factors' && { scorer: await factorsOf(seed, options) }),
  });
  const { people } = market.world;
  const before = Uint32Array.from(people.chats);
  const generation = Uint32Array.from(people.generation);
  const empty = (): Sums['all'] => ({ sides: 0, seconds: 0, long: 0, short: 0 });
  const sums: Sums = { all: empty(), warm: empty(), cold: empty() };
  market.observe({
    chatBegan({ a, b, start, duration }) {
      if (start < warmUpSeconds) return;
      for (const person of [a, b]) {
        if (generation[person] !== people.generation[person]) {
          // Somebody new in an old place.
          generation[person] = people.generation[person];
          before[person] = 0;
        }
        for (const segment of ['all', before[person] < coldBelow ? 'cold' : 'warm'] as const) {
          const s = sums[segment];
          s.sides++;
          s.seconds += duration;
          if (duration > longSeconds) s.long++;
          if (duration < shortSeconds) s.short++;
        }
      }
    },
  });
  for (let k = 0; k < ticks; k++) await market.tick();
  backend.dispose();
  return sums;
}

/** Matrix factorisation of an evening in which the same people met at random. */
async function factorsOf(
  seed: number,
  options: EffectOptions,
): Promise<NonNullable<MarketOptions['scorer']>> {
  const recorder = new ChatRecorder();
  const numbers = new Map<number, number>();
  const scenario = complete({
    ...sampleScenario,
    ...options.scenario,
    seed,
    policy: { scorer: 'random', matcher: 'random' },
  });
  const backend = createCpuBackend();
  const market = createMarket({ scenario, backend, world: createWorld(scenario) });
  const { people } = market.world;
  let next = 0;
  const seen = new Set<string>();
  market.observe({
    ticked({ matching }, pool) {
      for (let i = 0; i < pool.n; i++) {
        const j = matching.mate[i];
        if (j < i) continue;
        recorder.met(people, pool.ids[i], pool.ids[j]);
        for (const id of [pool.ids[i], pool.ids[j]]) {
          const key = `${id} ${people.generation[id]}`;
          if (seen.has(key)) continue;
          seen.add(key);
          // Whoever was born during the evening is a stranger on the next.
          if (people.generation[id] === 0) numbers.set(id, next);
          next++;
        }
      }
    },
    chatEnded: (chat) => recorder.ended(chat),
  });
  for (let k = 0; k < options.ticks; k++) await market.tick();
  backend.dispose();
  const log = recorder.log();
  const fit = fitFactors(
    log,
    Array.from({ length: log.count }, (_, k) => k),
  );
  let result = fit.next();
  let error = 0;
  for (; !result.done; result = fit.next()) error = result.value.loss;
  const factors = result.value;
  return (world) =>
    createFactorScorer(
      world,
      factors,
      (id) => (world.people.generation[id] === 0 ? (numbers.get(id) ?? -1) : -1),
      error,
    );
}
