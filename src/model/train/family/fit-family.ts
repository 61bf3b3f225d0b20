import { must } from '../../../base/errors.ts';
import { isHead, tasks, type FamilyConfig } from '../../layout/config.ts';
import type { Tensors } from '../../layout/tensors.ts';
import {
  train,
  type Checkpoint,
  type LearningDevice,
  type Progress,
  type TrainingHooks,
} from '../trainer.ts';
import { durationTarget, initFamily, type TargetMeans } from './net.ts';
import { windowsOf, type PersonSessions } from './person-sessions.ts';
import { labelOf, phase1Loss, sessionBatch, windowBatches } from './phase1.ts';
import { phase2, phase2Steps } from './phase2.ts';
import { sampleRows } from './sampling.ts';
import { storeEmbeddings, type StoredEmbeddings } from './stored-embeddings.ts';

/**
 * Rows of a log, split by time. Chats that train have ended before those that validate begin, and
 * those before the chats that test begin.
 */
export interface TimeSplit {
  readonly cut: number;
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** Share of the chats that train which only validate. */
const VALIDATING = 0.1;

/**
 * The first `share` of the evening, by the starts of the chats, trains; the last part of it only
 * validates. Evenings of several worlds share one clock.
 */
export function splitRows({ log }: PersonSessions, share: number): TimeSplit {
  must(share > 0 && share < 1, `the share that trains must lie between 0 and 1; it is ${share}`);
  const starts = Float64Array.from(log.start).sort();
  const cut = starts[Math.floor(share * log.count)];
  const early = starts[Math.floor(share * (1 - VALIDATING) * log.count)];
  const rows = Array.from({ length: log.count }, (_, row) => row);
  return {
    cut,
    train: rows.filter((row) => log.end[row] < early),
    validation: rows.filter((row) => log.start[row] >= early && log.end[row] < cut),
    test: rows.filter((row) => log.start[row] >= cut),
  };
}

export interface FittedFamily {
  readonly embedders: Checkpoint;
  /** The prediction layers in use: of phase 2, or of phase 1 if there was no second. */
  readonly heads: Tensors;
  readonly memory: StoredEmbeddings;
}

/** Where an interrupted training resumes, in either phase. Structured-cloneable. */
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
  /**
   * Called after every step, and between the chunks in which the embeddings are stored (phase
   * 'memory', where `step` of `steps` is a share of 1). A returned promise is awaited.
   */
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

/** Means of the training targets: the starting offsets of the prediction layers. */
export function targetMeans(config: FamilyConfig, s: PersonSessions, rows: readonly number[]): TargetMeans {
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

/** Windows of the validation batch of phase 1. */
const VALIDATION_WINDOWS = 64;

/**
 * Trains a member of the family. Yields progress of both phases; it pauses, cancels and repeats as
 * `train` does. Source: CUPID, arXiv 2410.18087, two-phase training.
 */
export async function* fitFamily(
  config: FamilyConfig,
  s: PersonSessions,
  split: TimeSplit,
  { stepped, keep, resume, ...options }: FamilyFitOptions = {},
): AsyncGenerator<Progress, FittedFamily> {
  must(
    split.train.length > 0 && split.validation.length > 0,
    `chats must train and later chats validate; there are ${split.train.length} and ${split.validation.length}`,
  );
  const windows = windowsOf(s, config.history);
  const means = targetMeans(config, s, split.train);
  const trainRows = new Set(split.train);
  const validationRows = new Set(split.validation);
  const trains = (row: number): boolean => trainRows.has(row);
  const validates = (row: number): boolean => validationRows.has(row);
  const order = windowBatches(s, windows, trains, config.batch1, config.seed);
  const validation = windowBatches(s, windows, validates, VALIDATION_WINDOWS, config.seed);

  const steps1 = config.epochs1 * order.steps;
  const steps2 = phase2Steps(config, sampleRows(config, s, split.train).rows.length).steps;
  const hooks = (phase: 1 | 2, steps: number, embedders?: Checkpoint): TrainingHooks => ({
    ...options,
    ...(stepped && { stepped: (step, loss) => stepped({ phase, step, steps, loss }) }),
    ...(keep && { keep: (at) => keep({ phase, at, ...(embedders && { embedders }) }) }),
    ...(resume?.phase === phase && { resume: resume.at }),
  });

  const params = initFamily(config, means);
  const first = train({
    params,
    loss: phase1Loss(config),
    decay: Object.fromEntries(
      Object.keys(params)
        .filter((name) => !isHead(name) && !/b$/.test(name))
        .map((name) => [name, config.decay]),
    ),
    steps: steps1,
    rate: config.rate1,
    batch: (step) => sessionBatch(config, s, windows, order.at(step), trains),
    validation: sessionBatch(config, s, windows, validation.at(0), validates),
    ...hooks(1, steps1),
  });
  const embedders = resume?.embedders ?? (yield* first);
  const memory = await storeEmbeddings(config, s, windows, embedders.params, {
    ...options,
    ...(stepped && { stored: (share) => stepped({ phase: 'memory', step: share, steps: 1, loss: NaN }) }),
  });
  let heads: Tensors = Object.fromEntries(Object.entries(embedders.params).filter(([name]) => isHead(name)));
  if (config.twoPhase) {
    const second = hooks(2, steps2, embedders);
    heads = (yield* phase2(config, s, memory, split.train, split.validation, means, second)).params;
  }
  return { embedders, heads, memory };
}
