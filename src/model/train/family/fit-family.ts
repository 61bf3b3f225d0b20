import { must } from '../../../base/errors.ts';
import { train, type Checkpoint, type LearningDevice, type Progress, type TrainOptions } from '../trainer.ts';
import type { Tensors } from '../../layout/tensors.ts';
import { isHead, tasks, type FamilyConfig, type Task } from '../../layout/config.ts';
import { storeEmbeddings, type StoredEmbeddings } from './stored-embeddings.ts';
import { durationTarget, initFamily } from './net.ts';
import { labelOf, phase1Loss, sessionBatch, windowOrder } from './phase1.ts';
import { phase2, phase2Steps } from './phase2.ts';
import { sampleRows } from './sampling.ts';
import { windowsOf, type PersonSessions } from './person-sessions.ts';

/** Chats by time: those that train had ended before those that validate begin, and those before those that judge (test) begin. */
export interface TimeSplit {
  readonly cut: number;
  readonly train: readonly number[];
  /** Only looked at while training. */
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/**
 * `share` of the evening, by the starts of the chats, trains, the last part of it (`validating`, a share of it) only validates. Evenings of
 * several worlds share one clock.
 */
export function splitRows({ log }: PersonSessions, share: number, validating = 0.1): TimeSplit {
  must(share > 0 && share < 1, `the share that trains must lie between 0 and 1; it is ${share}`);
  must(
    validating > 0 && validating < 1,
    `the share that validates must lie between 0 and 1; it is ${validating}`,
  );
  const starts = Float64Array.from(log.start).sort();
  const cut = starts[Math.floor(share * log.count)];
  const early = starts[Math.floor(share * (1 - validating) * log.count)];
  const rows = Array.from({ length: log.count }, (_, row) => row);
  return {
    cut,
    train: rows.filter((row) => log.end[row] < early),
    validation: rows.filter((row) => log.start[row] >= early && log.end[row] < cut),
    test: rows.filter((row) => log.start[row] >= cut),
  };
}

export interface FamilyProgress extends Progress {
  readonly phase: 1 | 2;
}

/** How much work the training was; see {@link passesSaved}. */
export interface TrainingCost {
  /** Sessions (windows) that train, chats among them, mean matches per session. */
  readonly sessions: number;
  readonly chats: number;
  readonly matchesPerSession: number;
  readonly epochs1: number;
  readonly epochs2: number;
  /** Transformer passes over one window: phase 1, and filling the memory (once for training, its tests included). */
  readonly passesPhase1: number;
  readonly passesMemory: number;
  readonly secondsPhase1: number;
  readonly secondsMemory: number;
  readonly secondsPhase2: number;
}

export interface FittedFamily {
  readonly config: FamilyConfig;
  readonly embedders: Checkpoint;
  /** The prediction layers in use: of phase 2, or of phase 1 where there was no second. */
  readonly heads: Tensors;
  readonly memory: StoredEmbeddings;
  readonly cost: TrainingCost;
}

/** What a training goes on from, in either phase. Structured-cloneable. */
export interface FamilyCheckpoint {
  readonly phase: 1 | 2;
  readonly at: Checkpoint;
  /** The finished embedders, in phase 2. */
  readonly embedders?: Checkpoint;
}

export interface FamilyFitOptions {
  readonly signal?: AbortSignal;
  readonly every?: number;
  readonly device?: LearningDevice;
  /** Called after every step, and between the chunks in which the memory is filled (phase 'memory', `step` of `steps` is a share of 1). */
  readonly stepped?: (at: {
    readonly phase: 1 | 'memory' | 2;
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
  }) => Promise<void> | void;
  /** Called with every report. */
  readonly keep?: (checkpoint: FamilyCheckpoint) => void;
  readonly resume?: FamilyCheckpoint;
}

/** Means of the training targets, where the prediction layers start from. */
export function targetMeans(
  config: FamilyConfig,
  s: PersonSessions,
  rows: readonly number[],
): Record<Task, number> {
  const means = { duration: 0, report: 0, friend: 0, swipe: 0 };
  for (const row of rows) {
    means.duration += durationTarget(config, s.log.duration[row]) / rows.length;
    for (const task of tasks)
      if (task !== 'duration')
        for (const side of [0, 1]) means[task] += labelOf(s, row, side, task) / (2 * rows.length);
  }
  for (const task of tasks)
    if (task !== 'duration') means[task] = Math.min(0.999, Math.max(0.001, means[task]));
  return means;
}

/**
 * Trains a member of the family. Yields progress of either phase; pausing, cancelling and determinism are those of `train`.
 *
 * Source: CUPID (arXiv 2410.18087), two-phase training.
 */
export async function* fitFamily(
  config: FamilyConfig,
  s: PersonSessions,
  split: TimeSplit,
  { stepped, keep, resume, ...options }: FamilyFitOptions = {},
): AsyncGenerator<FamilyProgress, FittedFamily> {
  must(
    split.train.length > 0 && split.validation.length > 0,
    'there must be chats to train on and later ones to validate',
  );
  const windows = windowsOf(s, config.history);
  const means = targetMeans(config, s, split.train);
  const trains = new Uint8Array(s.log.count);
  for (const row of split.train) trains[row] = 1;
  const validates = new Uint8Array(s.log.count);
  for (const row of split.validation) validates[row] = 1;
  const order = windowOrder(s, windows, (row) => trains[row] === 1, config.batch1, config.seed);
  const judged = windowOrder(s, windows, (row) => validates[row] === 1, 64, config.seed);

  const steps1 = config.epochs1 * order.steps;
  const steps2 = phase2Steps(config, sampleRows(config, s, split.train).rows.length).steps;
  const hooks = (phase: 1 | 2, steps: number, done?: Checkpoint): Partial<TrainOptions> => ({
    ...(stepped && { stepped: (step, loss) => stepped({ phase, step, steps, loss }) }),
    ...(keep && { keep: (at) => keep({ phase, at, ...(done && { embedders: done }) }) }),
    ...(resume?.phase === phase && { resume: resume.at }),
  });

  const began = Date.now();
  const first = train({
    params: initFamily(config, means),
    loss: phase1Loss(config),
    decay: Object.fromEntries(
      Object.keys(initFamily(config, means))
        .filter((name) => !isHead(name) && !/b$/.test(name))
        .map((name) => [name, config.decay]),
    ),
    steps: steps1,
    rate: config.rate1,
    batch: (step) => sessionBatch(config, s, windows, order.at(step), (row) => trains[row] === 1),
    validation: sessionBatch(config, s, windows, judged.at(0), (row) => validates[row] === 1),
    ...options,
    ...hooks(1, steps1),
  });
  const embedders = resume?.embedders ?? (yield* labelled(first, 1));
  const afterPhase1 = Date.now();
  const memory = await storeEmbeddings(config, s, windows, embedders.params, options.signal, {
    device: options.device,
    ...(stepped && { filled: (share) => stepped({ phase: 'memory', step: share, steps: 1, loss: NaN }) }),
  });
  const afterMemory = Date.now();
  let heads: Tensors = Object.fromEntries(Object.entries(embedders.params).filter(([name]) => isHead(name)));
  if (config.twoPhase)
    heads = (yield* labelled(
      phase2(config, s, memory, split.train, split.validation, means, {
        ...options,
        ...hooks(2, steps2, embedders),
      }),
      2,
    )).params;
  const cost: TrainingCost = {
    sessions: order.windows,
    chats: split.train.length,
    matchesPerSession: (2 * split.train.length) / order.windows,
    epochs1: config.epochs1,
    epochs2: config.twoPhase ? config.epochs2 : 0,
    passesPhase1: config.session === 'transformer' ? config.epochs1 * order.steps * config.batch1 : 0,
    passesMemory: config.session === 'transformer' ? memory.passes : 0,
    secondsPhase1: (afterPhase1 - began) / 1000,
    secondsMemory: (afterMemory - afterPhase1) / 1000,
    secondsPhase2: (Date.now() - afterMemory) / 1000,
  };
  return { config, embedders, heads, memory, cost };
}

async function* labelled<R>(
  steps: AsyncGenerator<Progress, R>,
  phase: 1 | 2,
): AsyncGenerator<FamilyProgress, R> {
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
      yield { ...value, phase };
    }
  } finally {
    // Whoever stops listening in the middle stops the training too.
    await steps.return(undefined as never);
  }
}
