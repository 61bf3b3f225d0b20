import { create } from 'zustand';
import type { EffectRow } from '../../src/experiment/market-effect.ts';
import type { Cost } from '../../src/model/family/fit.ts';
import type { CurvePoint } from '../../src/model/family/save.ts';
import type { Study } from '../../src/model/family/study.ts';
import { Cancelled, TrainingClient, type CancelReport, type Job } from './client.ts';
import { nameOf, nameText, problemOf } from './knobs.ts';
import {
  configOf,
  members,
  scorerOf,
  eveningDefaults,
  judgeOrder,
  trainDefaults,
  type DeviceWish,
  type EffectOrder,
  type LatencyOrder,
  type LatencyResult,
  type Evenings,
  type FitOrder,
  type JudgeOrder,
  type LogFacts,
  type Candidate,
  type News,
  type Place,
  type TrainKnobs,
  type Weights,
} from './orders.ts';
import { percent } from '../state/format.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { loadShipped } from './shipped.ts';
import { useTrainNews } from './TrainEntry.tsx';
import { OWN } from './verdicts.ts';

/** A model in the room: shipped, or trained here. */
export interface ModelEntry {
  /** Unique in the room; a shipped one has the name that its header has. */
  readonly name: string;
  readonly origin: 'shipped' | 'trained';
  readonly weights: Weights;
  /** Of what was trained here: where, what work it was, and milliseconds per step of either phase. */
  readonly trained?: {
    readonly place: Place;
    readonly cost: Cost;
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
  readonly kind: 'training' | 'judging' | 'latency' | 'market';
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
  resumable: null,
  lastCancel: null,
};

/** The state of the room. It outlives the room: a training goes on when the room is closed. */
export const useTrain = create<TrainState>(() => initial);
const set = useTrain.setState;
useTrain.subscribe(({ task }) => {
  const text = task === null ? '' : task.held ? 'held' : task.share === null ? '…' : percent(task.share);
  if (text !== useTrainNews.getState().text) useTrainNews.setState({ text });
});
const get = useTrain.getState;

let client: TrainingClient | null = null;
let current: Job<unknown> | null = null;
/** The evenings of the log that the client keeps. */
let recorded = '';
let lastOrder: FitOrder | null = null;
let clock: TimeLeft | null = null;
let trained = 0;

const trainer = (): TrainingClient => (client ??= new TrainingClient());

/** Seconds left, by the share done since the first news of a task; pauses are left out. */
class TimeLeft {
  #began: number | null = null;
  #from = 0;
  #paused = 0;
  #heldAt: number | null = null;

  at(share: number): number | null {
    const now = performance.now();
    if (this.#began === null) {
      this.#began = now;
      this.#from = share;
      return null;
    }
    const spent = (now - this.#began - this.#paused) / 1000;
    const done = share - this.#from;
    // An estimate from less than a moment of work would jump.
    return spent < 0.8 || done <= 0 ? null : (spent * (1 - share)) / done;
  }

  hold(): void {
    this.#heldAt = performance.now();
  }

  go(): void {
    if (this.#heldAt !== null) this.#paused += performance.now() - this.#heldAt;
    this.#heldAt = null;
  }
}

function begin(kind: Task['kind'], text: string): void {
  clock = new TimeLeft();
  set({
    task: { kind, text, share: null, left: null, held: false, still: false },
    problem: null,
    said: '',
    lastCancel: null,
  });
}

function progress(text: string, share: number | null): void {
  const { task } = get();
  if (task === null) return;
  // Steps count on under the same words.
  if (text.split(',')[0] !== task.text.split(',')[0]) clock = new TimeLeft();
  const left = share === null ? null : (clock?.at(share) ?? null);
  set({ task: { ...task, text, share, left } });
}

function hear(news: News): void {
  switch (news.kind) {
    case 'share':
      progress(news.what, news.share);
      return;
    case 'place':
      set({ place: news.place });
      return;
    case 'steps': {
      const { phase, step, steps, losses } = news;
      const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
      set({ live: [...get().live, { phase, step, loss: mean }] });
      progress(
        `${phase === 1 ? 'Phase 1 of 2: embedders and heads' : 'Phase 2 of 2: heads on stored vectors'}, step ${step} of ${steps}`.replace(
          ' of 2:',
          lastOrder?.config.twoPhase === false ? ':' : ' of 2:',
        ),
        step / steps,
      );
      return;
    }
    case 'report':
      set({ points: [...get().points, news.point] });
  }
}

/** Runs a job as the room's one task; its failure is told in the room. Returns undefined where it did not end well. */
async function run<T>(job: Job<T>): Promise<T | undefined> {
  current = job;
  try {
    return await job.done;
  } catch (error) {
    if (!(error instanceof Cancelled))
      set({ problem: error instanceof Error ? error.message : String(error) });
    return undefined;
  } finally {
    current = null;
  }
}

/** Simulates the evenings that the knobs ask for, unless they are there. What was judged on others is dropped. */
async function haveEvenings(): Promise<boolean> {
  const { evenings } = get();
  const key = JSON.stringify([evenings.count, evenings.ticks, evenings.seed]);
  if (key !== recorded || !trainer().hasLog) {
    progress('Simulating evenings', 0);
    const job = trainer().record(evenings, hear);
    const done = await run({ ...job, done: job.done.then(() => true) });
    if (done !== true) return false;
    recorded = key;
    set({ study: null, facts: null });
  }
  set({ facts: await trainer().facts(evenings) });
  return true;
}

/** Trains what the knobs say, then judges it. `resume`: go on where the last training was cancelled. */
export async function startTraining(resume = false): Promise<void> {
  const { knobs, evenings, wish, task } = get();
  if (task !== null) return;
  const problem = problemOf(knobs, evenings);
  const again = resume ? lastOrder : null;
  if (problem !== null && again === null) {
    set({ problem });
    return;
  }
  begin('training', 'Getting ready');
  if (again === null) {
    set({ live: [], points: [], losses: [], place: null, curveOf: nameOf(knobs), resumable: null });
    if (!(await haveEvenings())) return finish();
    lastOrder = { name: nameOf(knobs), config: configOf(knobs), evenings, wish };
  } else {
    const from = get().resumable;
    set({ resumable: null });
    forgetAfter(from);
  }
  const order = again ?? lastOrder!;
  const lost = (what: string) => {
    set({ losses: [...get().losses, what] });
    progress('Beginning again from there', null);
    forgetAfter(trainer().checkpoint);
  };
  const result = await run(trainer().fit(order, hear, lost, again !== null));
  if (result === undefined) {
    set({ resumable: trainer().checkpoint });
    return finish();
  }
  const { bytes, header, stepMs, cost } = result;
  const name = `${order.name}${OWN}${++trained}`;
  const { place, models } = get();
  set({
    models: [
      ...models,
      {
        name,
        origin: 'trained',
        weights: { bytes, header },
        ...(place !== null && { trained: { place, cost, stepMs } }),
      },
    ],
    said: `${nameText(order.name)} is trained: ${header.bytes.toLocaleString('en')} bytes of weights, hash ${header.hash}.`,
  });
  await judgeModels([order.name, name]);
}

/** Live points after the checkpoint will be made again. */
function forgetAfter(kept: { readonly phase: 1 | 2; readonly step: number } | null): void {
  set({ live: get().live.filter((p) => kept !== null && (p.phase < kept.phase || p.step <= kept.step)) });
}

/** Judges the models of these names side by side on the later chats of the evenings; by default all, and matrix factorisation. */
export async function judgeModels(names?: readonly string[]): Promise<void> {
  const { said } = get();
  begin('judging', 'Getting ready');
  set({ said });
  if (!(await haveEvenings())) return finish();
  const { models, judging, evenings } = get();
  const wanted = models.filter((m) => names === undefined || names.includes(m.name));
  const shipped = (m: ModelEntry) => m.name.split(OWN)[0];
  const pairs = wanted
    .filter((m) => m.origin === 'trained' && wanted.some((o) => o.name === shipped(m)))
    .map((m) => [m.name, shipped(m)] as const);
  const candidates: Candidate[] = [...(names === undefined ? (['factors'] as const) : []), ...wanted];
  const job = trainer().judge(candidates, { ...judging, pairs }, evenings, hear);
  const study = await run(job);
  if (study !== undefined) set({ study });
  finish();
}

/** Measures a tick with the session vectors in it and outside it, on this adapter. */
export async function measureLatency(order: LatencyOrder): Promise<void> {
  begin('latency', 'Opening the adapter');
  const latency = await run(trainer().latency(order, hear));
  if (latency !== undefined) set({ latency });
  finish();
}

/** Lets the shipped models, or the last ones trained here in their place, live through the same evenings. */
export async function liveThrough(order: EffectOrder): Promise<void> {
  begin('market', 'Getting ready');
  const { models } = get();
  const weights = Object.fromEntries(
    members.flatMap((member) => {
      const own = models.filter((m) => m.name.split(OWN)[0] === member);
      const chosen = own.at(-1);
      return chosen === undefined ? [] : [[member, chosen.weights]];
    }),
  );
  const effect = await run(trainer().effect(weights, order, hear));
  if (effect !== undefined) set({ effect });
  finish();
}

/** Lets a model score in the market: its weights go to the engine, and the policy asks for its kind. */
export async function scoreInMarket({ name, weights: { bytes, header } }: ModelEntry): Promise<void> {
  const { engine } = useStatus.getState();
  const scorer = scorerOf(header.config);
  try {
    if (engine === null) throw new Error('There is no engine; reload the page.');
    await engine.useModel(scorer, bytes, header);
    useScenario.getState().set('policy.scorer', scorer);
    set({ problem: null, said: `The market scores with ${nameText(name)} from the next tick on.` });
  } catch (error) {
    set({ problem: error instanceof Error ? error.message : String(error) });
  }
}

function finish(): void {
  set({ task: null });
}

export function holdTraining(): void {
  const { task } = get();
  if (task === null || task.held) return;
  clock?.hold();
  set({ task: { ...task, held: true } });
  void trainer()
    .hold()
    .then(() => {
      const now = get().task;
      if (now?.held === true) set({ task: { ...now, still: true } });
    });
}

export function goOn(): void {
  const { task } = get();
  if (task === null) return;
  trainer().go();
  clock?.go();
  set({ task: { ...task, held: false, still: false } });
}

const kindText = {
  training: 'Training',
  judging: 'Judging',
  latency: 'Measuring',
  market: 'Living the evenings',
} as const;

/** Ends what is being computed. Says how long that took. */
export async function cancelTask(): Promise<void> {
  const { task } = get();
  if (task === null || current === null) return;
  const what = kindText[task.kind];
  const at = get().live.at(-1);
  const report = await current.cancel();
  const where =
    task.kind === 'training' && at !== undefined ? ` at step ${at.step} of phase ${at.phase}` : '';
  set({
    lastCancel: report,
    said: `${what} was cancelled${where}, ${report.how}; nothing computed any more after ${Math.round(report.ms)} ms.`,
  });
}

/** Fetches the shipped models, once. What cannot be loaded is said. */
export async function haveShipped(): Promise<void> {
  const have = get().models.some((m) => m.origin === 'shipped');
  if (have) return;
  const { models, problems } = await loadShipped();
  if (get().models.some((m) => m.origin === 'shipped')) return;
  set({
    models: [...models, ...get().models],
    ...(problems.length > 0 && { problem: problems.join(' ') }),
  });
}

// For the console, and for the tests of the whole page.
const page = (globalThis as { halfsecond?: object }).halfsecond;
if (page !== undefined)
  Object.assign(page, { training: () => ({ loseDevice: () => trainer().loseDevice() }) });
