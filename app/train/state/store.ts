import { create } from 'zustand';
import type { EffectRow } from '../../../src/experiment/market-effect.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import type { Study } from '../../../src/model/study/compare-models.ts';
import type { TwoPhaseCost } from '../../../src/model/study/cost.ts';
import { percent } from '../../state/format.ts';
import { knobsOf, withValue, type Knob } from '../../state/knobs.ts';
import { groupOf, settingsDefaults, settingsSchema, type Ablation, type Settings } from '../settings.ts';
import type { FitOrder, LatencyResult, LogFacts, TrainingDevice, Weights } from '../worker/protocol.ts';
import { useProgressText } from './progress-text.ts';

/** A model in the room: shipped, or trained here. */
export interface ModelEntry {
  /** Unique in the room. A shipped model has the name that its header has. */
  readonly name: string;
  readonly origin: 'shipped' | 'trained';
  readonly weights: Weights;
  /** Of a model trained here: mean milliseconds per step, by phase. */
  readonly stepMs?: readonly [number, number];
}

/** The loss at a step, counted within its phase. */
export interface LivePoint {
  readonly phase: 1 | 2;
  readonly step: number;
  readonly loss: number;
}

export interface RunningTask {
  readonly kind: 'training' | 'judging' | 'latency' | 'market' | 'cost';
  /** What is being done, in words. */
  readonly text: string;
  /** From 0 to 1; null if unknown. */
  readonly share: number | null;
  /** Seconds left; null if unknown. */
  readonly left: number | null;
  /** It was asked to stand still, and it does. */
  readonly held: boolean;
  readonly still: boolean;
}

/** What two-phase training saves, and the number of epochs of that measurement. */
export interface MeasuredCost {
  readonly epochs: number;
  readonly cost: TwoPhaseCost;
}

export interface TrainState {
  readonly settings: Settings;
  /** What is wrong with the values that were typed last, by the path of the knob. */
  readonly problems: Readonly<Record<string, string>>;
  /** Parts of the model that are left out. */
  readonly without: readonly Ablation[];
  readonly task: RunningTask | null;
  readonly place: TrainingDevice | null;
  readonly live: readonly LivePoint[];
  readonly points: readonly CurvePoint[];
  readonly facts: LogFacts | null;
  readonly models: readonly ModelEntry[];
  /** All models on the later chats; null until these evenings are judged. */
  readonly study: Study | null;
  readonly latency: LatencyResult | null;
  readonly effect: readonly EffectRow[] | null;
  readonly cost: MeasuredCost | null;
  /** What happened last, and what went wrong, in words. */
  readonly said: string;
  readonly problem: string | null;
  /** Lost devices and workers of this training, in words. */
  readonly losses: readonly string[];
  /** The training that runs or ran last. */
  readonly order: FitOrder | null;
  /** The step from which a cancelled training would go on. */
  readonly resumable: { readonly phase: 1 | 2; readonly step: number } | null;
}

const initial: TrainState = {
  settings: settingsDefaults,
  problems: {},
  without: [],
  task: null,
  place: null,
  live: [],
  points: [],
  facts: null,
  models: [],
  study: null,
  latency: null,
  effect: null,
  cost: null,
  said: '',
  problem: null,
  losses: [],
  order: null,
  resumable: null,
};

/** The state of the room. It outlives the dialog: a training goes on while the dialog is closed. */
export const useTrain = create<TrainState>(() => initial);
useTrain.subscribe(({ task }) => {
  const text = task === null ? '' : task.held ? 'held' : task.share === null ? '…' : percent(task.share);
  if (text !== useProgressText.getState().text) useProgressText.setState({ text });
});

/** The knobs of the room, in the order of the schema. */
export const roomKnobs: readonly Knob[] = knobsOf(settingsSchema);

export function roomKnob(path: string): Knob {
  const knob = roomKnobs.find((k) => k.path === path);
  if (knob === undefined) throw new Error(`The training room has no knob ${path}.`);
  return knob;
}

/** Sets a knob. A value that is not allowed changes nothing; its problem is shown at the knob. */
export function setTrainingKnob(path: string, value: number | string): void {
  const { settings, problems } = useTrain.getState();
  const { [path]: _, ...others } = problems;
  const problem = roomKnob(path).check(value);
  if (problem !== null) {
    useTrain.setState({ problems: { ...others, [path]: problem } });
    return;
  }
  useTrain.setState({
    settings: withValue(settings, path, value),
    problems: others,
    // What was judged by other rules is no longer comparable.
    ...(path.startsWith('judging.') && { study: null }),
  });
}

/** What is wrong with the settings of a training, or null. */
export function problemOfSettings({ settings, problems }: TrainState): string | null {
  const { model, family } = settings;
  const own = Object.keys(problems).find(
    (path) => /^(evenings|seed)\b/.test(path) || path.startsWith(groupOf(model)),
  );
  if (own !== undefined) return problems[own];
  const { size, heads } = family.sizes;
  if (model === 'cupid' && size % heads !== 0)
    return `Heads must divide the embedding of ${size}; there are ${heads}.`;
  return null;
}
