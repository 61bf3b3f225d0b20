import type { LatencyRow } from '../../../src/experiment/tick-latency.ts';
import type { FamilyConfig } from '../../../src/model/layout/config.ts';
import type { FactorHeader } from '../../../src/model/layout/save-factors.ts';
import type { FamilyHeader } from '../../../src/model/layout/save-family.ts';
import type { TowerHeader } from '../../../src/model/layout/save-towers.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import type { FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import type { DeviceWish, Evenings, Plan, TrainedMember } from '../settings.ts';

/** What the page and the training worker exchange. Only data: nothing here loads the trainer. */

/** Where a training computes, and why there. */
export interface TrainingDevice {
  readonly device: 'webgpu' | 'wasm' | 'cpu';
  readonly why: string;
}

/** A model as two files: the weights and their header. */
export interface Weights<Header = FamilyHeader | TowerHeader | FactorHeader> {
  readonly bytes: Uint8Array;
  readonly header: Header;
}

export type FitOrder = Plan & {
  readonly name: string;
  readonly evenings: Evenings;
  readonly wish: DeviceWish;
};

/** Where a training goes on: its last checkpoint, and the curve until then. */
export interface TrainingState {
  readonly checkpoint: FamilyCheckpoint;
  readonly curve: readonly CurvePoint[];
}

export interface FitResult extends Weights {
  /** Mean milliseconds of a step, by phase, without the first one. */
  readonly stepMs: readonly [number, number];
}

/** A model to judge: weights under a unique name, or matrix factorisation, fitted first. */
export type Candidate = ({ readonly name: string } & { readonly weights: Weights }) | 'factors';

export interface JudgeOrder {
  readonly candidates: readonly Candidate[];
  readonly evenings: Evenings;
  /** A person is cold below so many chats in their life. */
  readonly coldBelow: number;
  /** A chat is long above so many seconds. */
  readonly longSeconds: number;
  /** Resamples of the bootstrap. */
  readonly replicates: number;
  /** Delays of the session vectors to judge, seconds. */
  readonly delays: readonly number[];
  /** Further pairs [better, worse] to compare, by name. */
  readonly pairs: readonly (readonly [string, string])[];
}

export interface CostOrder {
  readonly config: FamilyConfig;
  readonly evenings: Evenings;
}

export interface LatencyOrder {
  /** The backend of the market. */
  readonly backend: 'cpu' | 'gpu';
  /** People who wait in every tick. */
  readonly people: number;
  readonly ticks: number;
  /** Lengths of history to measure, matches. */
  readonly lengths: readonly number[];
}

export interface LatencyResult {
  readonly adapter: string;
  readonly people: number;
  /** Ticks of either kind, per length of history. */
  readonly ticks: number;
  readonly rows: readonly LatencyRow[];
}

export interface EffectOrder {
  /** Weights by scorer. */
  readonly contestants: Partial<Readonly<Record<TrainedMember, Weights<FamilyHeader>>>>;
  readonly evenings: number;
  readonly ticks: number;
  readonly seed: number;
  readonly coldBelow: number;
  readonly longSeconds: number;
}

/** Numbers of chats and people in a log. */
export interface LogFacts {
  readonly chats: number;
  readonly people: number;
  /** Chats that train, later ones that validate, and still later ones that judge. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** What the worker reports while it works. */
export type News =
  | { readonly kind: 'share'; readonly what: string; readonly share: number }
  | { readonly kind: 'place'; readonly place: TrainingDevice }
  | {
      readonly kind: 'steps';
      readonly phase: 1 | 2;
      /** Steps done, of all steps of this phase. */
      readonly step: number;
      readonly steps: number;
      /** Losses of the steps since the last news, oldest first. */
      readonly losses: readonly number[];
    }
  | {
      /** A point of the curve and its checkpoint; null for trainings too short to resume. */
      readonly kind: 'report';
      readonly point: CurvePoint;
      readonly checkpoint: FamilyCheckpoint | null;
    };

/** Reports news. In the worker it returns a promise that resolves when the page handled them. */
export type Tell = (news: News) => unknown;

/** Error name for a lost GPU. comlink keeps the names of errors, but not their classes. */
export const DEVICE_LOST = 'TrainingDeviceLost';
