import { create } from 'zustand';
import type { EffectRow } from '../../../src/experiment/market-effect.ts';
import type { TwoPhaseCost } from '../../../src/model/study/cost.ts';
import type { TrainingCost } from '../../../src/model/train/family/fit-family.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import type { Study } from '../../../src/model/study/compare-models.ts';
import { percent } from '../../state/format.ts';
import type { CancelReport } from '../worker/job.ts';
import {
  eveningDefaults,
  judgeOrder,
  trainDefaults,
  type DeviceWish,
  type Evenings,
  type FitOrder,
  type JudgeOrder,
  type LatencyResult,
  type LogFacts,
  type Place,
  type TrainKnobs,
  type Weights,
} from '../worker/orders.ts';
import { useTrainNews } from '../TrainEntry.tsx';

/** A model in the room: shipped, or trained here. */
export interface ModelEntry {
  /** Unique in the room; a shipped one has the name that its header has. */
  readonly name: string;
  readonly origin: 'shipped' | 'trained';
  readonly weights: Weights;
  /** Of what was trained here: where, what work it was, and milliseconds per step of either phase. */
  readonly trained?: {
    readonly place: Place;
    readonly cost?: TrainingCost;
    readonly stepMs: readonly [number, number];
  };
}

/** A training's loss at a step; steps of phase 2 count on after those of phase 1. */
export interface LivePoint {
  readonly phase: 1 | 2;
  readonly step: number;
  readonly loss: number;
}

export interface Task {
  readonly kind: 'training' | 'judging' | 'latency' | 'market' | 'cost';
  /** What is being done, in words. */
  readonly text: string;
  /** From 0 to 1, null where it is not known. */
  readonly share: number | null;
  /** Seconds, null where it is not known yet. */
  readonly left: number | null;
  /** It is asked to stand still; and does. */
  readonly held: boolean;
  readonly still: boolean;
}

/** What two-phase training saves, with the passes over the data that it was measured for. */
export interface MeasuredCost {
  readonly epochs: number;
  readonly cost: TwoPhaseCost;
}

export interface TrainState {
  readonly knobs: TrainKnobs;
  readonly evenings: Evenings;
  readonly wish: DeviceWish;
  readonly judging: JudgeOrder;
  readonly task: Task | null;
  readonly place: Place | null;
  readonly live: readonly LivePoint[];
  readonly points: readonly CurvePoint[];
  /** Name of what the curve shows. */
  readonly curveOf: string;
  readonly facts: LogFacts | null;
  readonly models: readonly ModelEntry[];
  /** Models side by side on the later chats; null: nothing was judged on these evenings. */
  readonly study: Study | null;
  /** What session vectors cost, on what adapter; null: not measured. */
  readonly latency: LatencyResult | null;
  /** What each model makes of the same evenings, against Wide&Deep; null: not lived through. */
  readonly effect: readonly EffectRow[] | null;
  /** What happened last, in words; and what went wrong. */
  readonly said: string;
  readonly problem: string | null;
  /** Lost devices and workers of this training. */
  readonly losses: readonly string[];
  /** Either way of training timed; null: not measured. */
  readonly cost: MeasuredCost | null;
  /** What is being trained, or was last. */
  readonly order: FitOrder | null;
  /** Step at which a cancelled training would go on. */
  readonly resumable: { readonly phase: 1 | 2; readonly step: number } | null;
  readonly lastCancel: CancelReport | null;
}

const initial: TrainState = {
  knobs: trainDefaults,
  evenings: eveningDefaults,
  wish: 'auto',
  judging: judgeOrder,
  task: null,
  place: null,
  live: [],
  points: [],
  curveOf: '',
  facts: null,
  models: [],
  study: null,
  latency: null,
  effect: null,
  said: '',
  problem: null,
  losses: [],
  cost: null,
  order: null,
  resumable: null,
  lastCancel: null,
};

/** The state of the room. It outlives the room: a training goes on when the room is closed. */
export const useTrain = create<TrainState>(() => initial);
useTrain.subscribe(({ task }) => {
  const text = task === null ? '' : task.held ? 'held' : task.share === null ? '…' : percent(task.share);
  if (text !== useTrainNews.getState().text) useTrainNews.setState({ text });
});
