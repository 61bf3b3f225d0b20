import { passesSaved, type FamilyConfig } from '../layout/config.ts';
import type { Tensors } from '../layout/tensors.ts';
import type { Loss } from '../train/adam.ts';
import { targetMeans, type TimeSplit } from '../train/family/fit-family.ts';
import { initFamily, initHeads } from '../train/family/net.ts';
import type { PersonSessions } from '../train/family/person-sessions.ts';
import { phase1Loss, sessionBatch, windowBatches } from '../train/family/phase1.ts';
import { memoryBatch, phase2Loss, phase2Steps } from '../train/family/phase2.ts';
import type { StoredEmbeddings } from '../train/family/stored-embeddings.ts';
import { train } from '../train/trainer.ts';
import { onePhaseBatch, onePhaseLoss } from './one-phase.ts';

/** Cost of training in two phases and in one. Times follow from the median of some steps. */
export interface TwoPhaseCost {
  /** Sessions (windows) that train, chats among them, mean matches per session. */
  readonly sessions: number;
  readonly chats: number;
  readonly matchesPerSession: number;
  /** 2 N |S| / (N1 + 2). */
  readonly passesSavedByFormula: number;
  /**
   * Passes of one-phase training with as many epochs, and of two-phase training: phase 1, and
   * storing every vector once. Their ratio is about half the formula's: both directions of a chat
   * share two passes here, and the formula counts two for every side's match; also, windows of
   * later chats are stored.
   */
  readonly passesOnePhase: number;
  readonly passesTwoPhase: number;
  /** Those passes of passesTwoPhase that store vectors. */
  readonly passesMemory: number;
  readonly passesSaved: number;
  /** Measured seconds: per pass of one-phase training, of phase 1; per step of phase 2. */
  readonly onePhaseSecondsPerPass: number;
  readonly phase1SecondsPerPass: number;
  readonly phase2SecondsPerStep: number;
  readonly memorySeconds: number;
  /** Seconds of a whole training, and how many times faster two phases are. */
  readonly onePhaseSeconds: number;
  readonly twoPhaseSeconds: number;
  readonly timesFaster: number;
}

/** Chats per measured step of one-phase training. */
const ONE_PHASE_CHATS = 16;

/**
 * Measures both ways on the chats that train. `memory`: the stored vectors of this member, and
 * `memorySeconds` how long storing took. `stepped` is called three times `steps` + 1 times, between
 * the measured steps; a returned promise is awaited, and an error ends the measurement.
 */
export async function measureTwoPhaseCost(
  config: FamilyConfig,
  s: PersonSessions,
  split: TimeSplit,
  memory: StoredEmbeddings,
  memorySeconds: number,
  steps = 8,
  stepped?: () => Promise<void> | void,
): Promise<TwoPhaseCost> {
  const { train: rows } = split;
  const trainRows = new Set(rows);
  const trains = (row: number): boolean => trainRows.has(row);
  const { windows } = memory;
  const order = windowBatches(s, windows, trains, config.batch1, config.seed);
  const means = targetMeans(config, s, rows);
  const measure = (params: Tensors, loss: Loss, batch: (step: number) => Tensors): Promise<number> =>
    medianStep(
      train({ params, loss, steps: steps + 1, rate: config.rate1, batch, validation: batch(0), every: 1 }),
      stepped,
    );
  /** `count` chats that train, from a different place in every step. */
  const chats = (step: number, count: number): number[] =>
    Array.from({ length: count }, (_, k) => rows[(step * count + k) % rows.length]);
  const phase1 = await measure(initFamily(config, means), phase1Loss(config), (step) =>
    sessionBatch(config, s, windows, order.at(step), trains),
  );
  const { batch, steps: steps2 } = phase2Steps(config, rows.length);
  const phase2 = await measure(initHeads(config, means), phase2Loss(config), (step) =>
    memoryBatch(config, s, memory, chats(step, batch)),
  );
  const onePhase = await measure(initFamily(config, means), onePhaseLoss(config), (step) =>
    onePhaseBatch(config, s, windows, chats(step, ONE_PHASE_CHATS)),
  );
  const passesPhase1 = config.epochs1 * order.steps * config.batch1;
  const passesOnePhase = 2 * config.epochs1 * rows.length;
  const passesTwoPhase = passesPhase1 + memory.passes;
  const onePhaseSecondsPerPass = onePhase / (2 * ONE_PHASE_CHATS);
  const phase1SecondsPerPass = phase1 / config.batch1;
  const onePhaseSeconds = onePhaseSecondsPerPass * passesOnePhase;
  const twoPhaseSeconds = phase1SecondsPerPass * passesPhase1 + memorySeconds + phase2 * steps2;
  const matchesPerSession = (2 * rows.length) / order.windows;
  return {
    sessions: order.windows,
    chats: rows.length,
    matchesPerSession,
    passesSavedByFormula: passesSaved(config.epochs1, matchesPerSession, config.epochs1),
    passesOnePhase,
    passesTwoPhase,
    passesMemory: memory.passes,
    passesSaved: passesOnePhase / passesTwoPhase,
    onePhaseSecondsPerPass,
    phase1SecondsPerPass,
    phase2SecondsPerStep: phase2,
    memorySeconds,
    onePhaseSeconds,
    twoPhaseSeconds,
    timesFaster: onePhaseSeconds / twoPhaseSeconds,
  };
}

/**
 * Median seconds of the steps of a training that reports every step. The first step compiles and is
 * left out; the median is robust to other load on the machine.
 */
async function medianStep(
  run: AsyncGenerator<unknown, unknown>,
  stepped?: () => Promise<void> | void,
): Promise<number> {
  await run.next();
  const times: number[] = [];
  try {
    for (;;) {
      await stepped?.();
      const began = performance.now();
      const { done } = await run.next();
      if (done) break;
      times.push((performance.now() - began) / 1000);
    }
  } finally {
    // Frees the arrays of a measurement that was ended early.
    await run.return(undefined);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
