import type { Loss } from '../train/adam.ts';
import { train } from '../train/trainer.ts';
import type { Tensors } from '../layout/tensors.ts';
import { type FamilyConfig, passesSaved } from '../layout/config.ts';
import { targetMeans, type TimeSplit } from '../train/family/fit-family.ts';
import type { StoredEmbeddings } from '../train/family/stored-embeddings.ts';
import { initFamily, initHeads } from '../train/family/net.ts';
import { measureOnePhase, medianStep, type Stepped } from '../train/family/one-phase.ts';
import { phase1Loss, sessionBatch, windowOrder } from '../train/family/phase1.ts';
import { memoryBatch, phase2Loss, phase2Steps } from '../train/family/phase2.ts';
import type { PersonSessions } from '../train/family/person-sessions.ts';

/** What two-phase training takes against training in one phase: passes counted, times measured on some steps (their median) and multiplied. */
export interface TwoPhaseCost {
  /** Sessions (windows) that train, chats among them, mean matches per session. */
  readonly sessions: number;
  readonly chats: number;
  readonly matchesPerSession: number;
  /** 2 N |S| / (N1 + 2). */
  readonly passesSavedByFormula: number;
  /**
   * Passes of one-phase training with as many epochs, and of two-phase training: phase 1, and storing every vector once. Their ratio is about
   * half the formula's: both directions of a chat share their two passes here, where the formula counts two for every side's match;
   * and windows of later chats are stored as well.
   */
  readonly passesOnePhase: number;
  readonly passesTwoPhase: number;
  /** Those of passesTwoPhase that store. */
  readonly passesMemory: number;
  readonly passesSaved: number;
  /** Measured: seconds per pass of one-phase training and of phase 1; per step of phase 2; of storing all vectors. */
  readonly onePhaseSecondsPerPass: number;
  readonly phase1SecondsPerPass: number;
  readonly phase2SecondsPerStep: number;
  readonly memorySeconds: number;
  /** All of either training, and how many times faster two phases are. */
  readonly onePhaseSeconds: number;
  readonly twoPhaseSeconds: number;
  readonly timesFaster: number;
}

/** Measures either way on the chats that train. `memory`: the stored vectors of this member; `memorySeconds`: how long storing took.
 * `stepped`: called between the measured steps, three times `steps` + 1. */
export async function measureTwoPhaseCost(
  config: FamilyConfig,
  s: PersonSessions,
  split: TimeSplit,
  memory: StoredEmbeddings,
  memorySeconds: number,
  steps = 8,
  stepped?: Stepped,
): Promise<TwoPhaseCost> {
  const { train: rows } = split;
  const trains = new Set(rows);
  const counts = (row: number): boolean => trains.has(row);
  const { windows } = memory;
  const order = windowOrder(s, windows, counts, config.batch1, config.seed);
  const means = targetMeans(config, s, rows);
  const measure = (params: Tensors, loss: Loss, batch: (step: number) => Tensors): Promise<number> =>
    medianStep(
      train({ params, loss, steps: steps + 1, rate: config.rate1, batch, validation: batch(0), every: 1 }),
      stepped,
    );
  const phase1 = await measure(initFamily(config, means), phase1Loss(config), (step) =>
    sessionBatch(config, s, windows, order.at(step), counts),
  );
  const { batch, steps: steps2 } = phase2Steps(config, rows.length);
  const phase2 = await measure(initHeads(config, means), phase2Loss(config), (step) =>
    memoryBatch(
      config,
      s,
      memory,
      Array.from({ length: batch }, (_, k) => rows[(step * batch + k) % rows.length]),
    ),
  );
  const one = await measureOnePhase(config, s, rows, { steps, ...(stepped && { stepped }) });
  const passesPhase1 = config.epochs1 * order.steps * config.batch1;
  const passesOnePhase = 2 * config.epochs1 * rows.length;
  const phase1SecondsPerPass = phase1 / config.batch1;
  const onePhaseSeconds = one.secondsPerPass * passesOnePhase;
  const twoPhaseSeconds = phase1SecondsPerPass * passesPhase1 + memorySeconds + phase2 * steps2;
  const matchesPerSession = (2 * rows.length) / order.windows;
  return {
    sessions: order.windows,
    chats: rows.length,
    matchesPerSession,
    passesSavedByFormula: passesSaved(config.epochs1, matchesPerSession, config.epochs1),
    passesOnePhase,
    passesTwoPhase: passesPhase1 + memory.passes,
    passesMemory: memory.passes,
    passesSaved: passesOnePhase / (passesPhase1 + memory.passes),
    onePhaseSecondsPerPass: one.secondsPerPass,
    phase1SecondsPerPass,
    phase2SecondsPerStep: phase2,
    memorySeconds,
    onePhaseSeconds,
    twoPhaseSeconds,
    timesFaster: onePhaseSeconds / twoPhaseSeconds,
  };
}
