/** Outcomes of a match that a model predicts. */
export const tasks = ['duration', 'report', 'friend', 'swipe'] as const;
export type Task = (typeof tasks)[number];

/**
 * One member of the family. All share Wide&Deep over the profile (e_feature) and differ in what
 * they know about a person's session, the sequence of their past matches. The sizes were never
 * published (CUPID, arXiv 2410.18087): these are ours.
 */
export interface FamilyConfig {
  /** Ignored; a plain summary (Wide&Deep-S); a causal transformer over the past matches (CUPID). */
  readonly session: 'none' | 'summary' | 'transformer';
  /**
   * 'exp': y = exp(w (u . p) + b) with squared error of log duration. 'identity': y = w (u . p) + b
   * with squared error of seconds.
   */
  readonly transform: 'exp' | 'identity';
  readonly tasks: readonly Task[];
  /** Whether phase 2 trains new prediction layers on frozen embeddings. */
  readonly twoPhase: boolean;
  /** Past matches that the transformer reads; an even number. */
  readonly history: number;
  /** Length of an embedding, and of its projection per side and task. */
  readonly size: number;
  readonly projection: number;
  readonly heads: number;
  readonly layers: number;
  /** Wide&Deep. */
  readonly embed: number;
  readonly hidden: readonly number[];
  /** Passes over the training sessions in phase 1, over the training chats in phase 2. */
  readonly epochs1: number;
  readonly epochs2: number;
  /** Windows per step of phase 1, chats per step of phase 2. */
  readonly batch1: number;
  readonly batch2: number;
  readonly rate1: number;
  readonly rate2: number;
  readonly decay: number;
  /**
   * Phase 2 can repeat chats with a report or friend request (`rare`: a whole number from 1) and
   * draw a share of all others (`frequent`: above 0, at most 1). Inverse weights keep chances
   * calibrated.
   */
  readonly rare: number;
  readonly frequent: number;
  readonly seed: number;
}

export const cupid: FamilyConfig = {
  session: 'transformer',
  transform: 'exp',
  tasks,
  twoPhase: true,
  history: 16,
  size: 32,
  projection: 16,
  heads: 2,
  layers: 1,
  embed: 8,
  hidden: [48],
  epochs1: 2,
  epochs2: 3,
  batch1: 16,
  batch2: 512,
  rate1: 0.006,
  rate2: 0.004,
  decay: 0.03,
  rare: 1,
  frequent: 1,
  seed: 7,
};

/** The family by name; the last four are ablations of CUPID. */
export const family = {
  'wide-deep': { ...cupid, session: 'none' },
  'wide-deep-s': { ...cupid, session: 'summary' },
  cupid,
  'cupid, no session': { ...cupid, session: 'none' },
  'cupid, no second phase': { ...cupid, twoPhase: false },
  'cupid, no exponential transform': { ...cupid, transform: 'identity' },
  'cupid, one task': { ...cupid, tasks: ['duration'] },
} as const satisfies Record<string, FamilyConfig>;
export type FamilyName = keyof typeof family;

/** Divisor of seconds under the 'identity' transform, to bring losses to one scale. */
export const SECONDS_UNIT = 30;

/** Whether a parameter belongs to the prediction layers (heads). All others embed people. */
export const isHead = (name: string): boolean => /^(user|peer|scale|offset)_/.test(name);

/**
 * The factor by which two-phase training saves transformer passes: 2 N |S| / (N1 + 2). One phase
 * with N epochs makes a pass per epoch, match and side; two phases make N1 passes over each session
 * and two more to store the embeddings. Source: CUPID, arXiv 2410.18087, training cost.
 */
export function passesSaved(epochs: number, matches: number, epochs1: number): number {
  return (2 * epochs * matches) / (epochs1 + 2);
}
