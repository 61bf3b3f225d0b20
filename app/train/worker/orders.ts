import type { LatencyRow } from '../../../src/experiment/tick-latency.ts';
import { cupid, type FamilyConfig } from '../../../src/model/layout/config.ts';
import type { TrainingCost, FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import {
  factorDefaults,
  type FactorConfig,
  type FactorHeader,
} from '../../../src/model/layout/save-factors.ts';
import type { FamilyHeader } from '../../../src/model/layout/save-family.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import { towerRecipe, type TowerRecipe } from '../../../src/model/layout/recipes.ts';
import type { TowerHeader } from '../../../src/model/layout/save-towers.ts';

/** What the page may ask of the training worker, and what it hears of it. Plain data only: nothing here loads the trainer. */

export type Member = 'factors' | TrainedMember;
/** The family, of which there are published figures. */
export type TrainedMember = 'wide-deep' | 'wide-deep-s' | 'cupid';
export const members: readonly TrainedMember[] = ['wide-deep', 'wide-deep-s', 'cupid'];
/** All that can be trained in the room, from the simplest on. */
export type Trainee = Member | 'towers';
export const trainees: readonly Trainee[] = ['factors', 'towers', ...members];
export const isMember = (trainee: Trainee): trainee is TrainedMember =>
  (members as readonly Trainee[]).includes(trainee);

/** What a person sets before a training. Sizes were never published: they are knobs with defaults of ours. */
export interface TrainKnobs {
  readonly member: Trainee;
  readonly size: number;
  readonly projection: number;
  readonly embed: number;
  readonly hidden: number;
  readonly history: number;
  readonly layers: number;
  readonly heads: number;
  readonly epochs1: number;
  readonly epochs2: number;
  readonly batch1: number;
  readonly rate: number;
  readonly decay: number;
  /** Phase 2 draws chats with a report or friend request so many times, and this share of all others. */
  readonly rare: number;
  readonly frequent: number;
  readonly seed: number;
  readonly towerSteps: number;
  readonly towerSize: number;
  readonly towerEmbed: number;
  readonly towerHidden: number;
  readonly towerBatch: number;
  readonly towerRate: number;
  readonly towerDecay: number;
  readonly factorSize: number;
  readonly factorEpochs: number;
  readonly factorRate: number;
  readonly factorDecay: number;
  /** The ablations: what is left out. */
  readonly without: readonly Ablation[];
}

export const ablations = ['session', 'second phase', 'exponential transform', 'other tasks'] as const;
export type Ablation = (typeof ablations)[number];

export const trainDefaults: TrainKnobs = {
  member: 'cupid',
  size: cupid.size,
  projection: cupid.projection,
  embed: cupid.embed,
  hidden: cupid.hidden[0],
  history: cupid.history,
  layers: cupid.layers,
  heads: cupid.heads,
  epochs1: cupid.epochs1,
  epochs2: cupid.epochs2,
  batch1: cupid.batch1,
  rate: cupid.rate1,
  decay: cupid.decay,
  rare: cupid.rare,
  frequent: cupid.frequent,
  seed: cupid.seed,
  towerSteps: towerRecipe.steps,
  towerSize: towerRecipe.dim,
  towerEmbed: towerRecipe.embed,
  towerHidden: towerRecipe.hidden[0],
  towerBatch: towerRecipe.batch,
  towerRate: towerRecipe.rate,
  towerDecay: towerRecipe.decay,
  factorSize: factorDefaults.dim,
  factorEpochs: factorDefaults.epochs,
  factorRate: factorDefaults.rate,
  factorDecay: factorDefaults.decay,
  without: [],
};

const sessionOf = { 'wide-deep': 'none', 'wide-deep-s': 'summary', cupid: 'transformer' } as const;

/** What is to be trained, as its trainer wants it. */
export type Plan =
  | { readonly kind: 'family'; readonly config: FamilyConfig }
  | { readonly kind: 'towers'; readonly config: TowerRecipe }
  | { readonly kind: 'factors'; readonly config: FactorConfig };

export function planOf(k: TrainKnobs): Plan {
  if (k.member === 'towers')
    return {
      kind: 'towers',
      config: {
        ...towerRecipe,
        steps: k.towerSteps,
        dim: k.towerSize,
        embed: k.towerEmbed,
        hidden: [k.towerHidden],
        batch: k.towerBatch,
        rate: k.towerRate,
        decay: k.towerDecay,
        seed: k.seed,
      },
    };
  if (k.member === 'factors')
    return {
      kind: 'factors',
      config: {
        dim: k.factorSize,
        epochs: k.factorEpochs,
        rate: k.factorRate,
        decay: k.factorDecay,
        seed: k.seed,
      },
    };
  return { kind: 'family', config: configOf(k) };
}

/** The configuration of a member of the family; of CUPID where the knobs ask for something else. */
export function configOf(k: TrainKnobs): FamilyConfig {
  const member = isMember(k.member) ? k.member : 'cupid';
  return {
    ...cupid,
    session: k.without.includes('session') ? 'none' : sessionOf[member],
    transform: k.without.includes('exponential transform') ? 'identity' : 'exp',
    tasks: k.without.includes('other tasks') ? ['duration'] : cupid.tasks,
    twoPhase: !k.without.includes('second phase'),
    size: k.size,
    projection: k.projection,
    embed: k.embed,
    hidden: [k.hidden],
    history: k.history,
    layers: k.layers,
    heads: k.heads,
    epochs1: k.epochs1,
    epochs2: k.epochs2,
    batch1: k.batch1,
    rate1: k.rate,
    rate2: k.rate,
    decay: k.decay,
    rare: k.rare,
    frequent: k.frequent,
    seed: k.seed,
  };
}

/** Evenings that are simulated for the log. */
export interface Evenings {
  readonly count: number;
  /** Of half a second each. */
  readonly ticks: number;
  /** World of the first evening; the next ones count up. */
  readonly seed: number;
  /** Share of the time, from the start, whose chats train; the rest judges. */
  readonly share: number;
}

export const eveningDefaults: Evenings = { count: 2, ticks: 1500, seed: 5001, share: 0.75 };

export type DeviceWish = 'auto' | 'webgpu' | 'wasm';

/** Where a training computes, and why there. */
export interface Place {
  readonly device: 'webgpu' | 'wasm' | 'cpu';
  readonly why: string;
}

export type FitOrder = Plan & {
  readonly name: string;
  readonly evenings: Evenings;
  readonly wish: DeviceWish;
};

export type AnyHeader = FamilyHeader | TowerHeader | FactorHeader;

/** A model as two files: the weights and their header. */
export interface Weights {
  readonly bytes: Uint8Array;
  readonly header: AnyHeader;
}

export interface FamilyWeights {
  readonly bytes: Uint8Array;
  readonly header: FamilyHeader;
}

export const isFamily = (weights: Weights): weights is FamilyWeights =>
  weights.header.format === 'halfsecond-family';

export interface FitResult extends Weights {
  /** Of a member of the family. */
  readonly cost?: TrainingCost;
  /** Mean milliseconds of a step, by phase, after the first. */
  readonly stepMs: readonly [number, number];
}

/** A model that is to be judged: saved weights under a name of the room, or matrix factorisation, fitted on the spot. */
export type Candidate = { readonly name: string; readonly weights: Weights } | 'factors';

export interface JudgeOrder {
  readonly coldBelow: number;
  /** AUROC's label: longer than this, seconds. */
  readonly longSeconds: number;
  /** Resamples of the bootstrap. */
  readonly replicates: number;
  /** Seconds by which the session vectors are late, each judged. */
  readonly delays: readonly number[];
  /** [better, worse], by name, to be compared beside those that were published. */
  readonly pairs: readonly (readonly [string, string])[];
}

export const judgeOrder: JudgeOrder = {
  coldBelow: 5,
  longSeconds: 30,
  replicates: 200,
  delays: [0, 2, 4, 8, 16],
  pairs: [],
};

export interface LatencyOrder {
  /** Where the market computes. */
  readonly backend: 'cpu' | 'gpu';
  /** Who waits in every tick. */
  readonly people: number;
  readonly ticks: number;
  readonly lengths: readonly number[];
}

export interface LatencyResult {
  readonly adapter: string;
  readonly people: number;
  /** Of either kind, per length. */
  readonly ticks: number;
  readonly rows: readonly LatencyRow[];
}

export interface EffectOrder {
  readonly evenings: number;
  readonly ticks: number;
  readonly seed: number;
  readonly coldBelow: number;
  readonly longSeconds: number;
}

/** Weights by scorer. */
export type Contestants = Partial<Readonly<Record<TrainedMember, FamilyWeights>>>;

/** The scorer of the policies in whose place a configuration can score. */
export function scorerOf({ session }: FamilyConfig): TrainedMember {
  return session === 'none' ? 'wide-deep' : session === 'summary' ? 'wide-deep-s' : 'cupid';
}

export interface LogFacts {
  readonly chats: number;
  readonly people: number;
  /** Chats that train, that only validate, and later ones that judge. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** What the worker tells while it works. */
export type News =
  | { readonly kind: 'share'; readonly what: string; readonly share: number }
  | { readonly kind: 'place'; readonly place: Place }
  | {
      readonly kind: 'steps';
      readonly phase: 1 | 2;
      /** Steps done, of all of this phase. */
      readonly step: number;
      readonly steps: number;
      /** Losses of the steps since the last news, oldest first. */
      readonly losses: readonly number[];
    }
  | {
      /** A point of the curve, and with it what a training goes on from; null where it takes but a moment and begins anew. */
      readonly kind: 'report';
      readonly point: CurvePoint;
      readonly checkpoint: FamilyCheckpoint | null;
    };

/** In the worker what it returns resolves when the page has heard, and done what it does about it. */
export type Tell = (news: News) => unknown;

/** Name of a comlink error that means: the GPU is gone, the checkpoint is not. */
export const DEVICE_LOST = 'TrainingDeviceLost';
export const STOPPED = 'TrainingStopped';
