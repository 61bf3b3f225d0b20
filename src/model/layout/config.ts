/** What a match is predicted for. */
export const tasks = ['duration', 'report', 'friend', 'swipe'] as const;
export type Task = (typeof tasks)[number];

/**
 * One member of the family. All share Wide&Deep over the profile (e_feature); they differ in what they know of the session. Sizes were
 * never published (CUPID, arXiv 2410.18087): these are ours.
 */
export interface FamilyConfig {
  /** Nothing; a plain summary (Wide&Deep-S); a causal transformer over the past matches (CUPID). */
  readonly session: 'none' | 'summary' | 'transformer';
  /** y = exp(w (u . p) + b) with squared error of log duration, or y = w (u . p) + b with squared error of seconds. */
  readonly transform: 'exp' | 'identity';
  readonly tasks: readonly Task[];
  /** Whether the prediction layers are trained anew on frozen embeddings. */
  readonly twoPhase: boolean;
  /** Past matches that the transformer reads, even. */
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
   * Phase 2 may draw chats with a report or friend request several times (a whole number from 1), and only a share of all others (above 0,
   * up to 1). Drawn chats are weighed by the inverse, so that chances stay calibrated.
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

/** The family by name; the last four are CUPID with one part taken away. */
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

/** Seconds are divided by this under the 'identity' transform, so that losses are of a size. */
export const SECONDS_UNIT = 30;

/** Names of the parameters that predict (the prediction layers, or heads); the others embed people. */
export const isHead = (name: string): boolean => /^(user|peer|scale|offset)_/.test(name);

/**
 * How many times fewer transformer passes two-phase training takes: 2 N |S| / (N1 + 2). One phase with N epochs passes once per epoch,
 * match and side; two phases pass N1 times over each session and twice more to store what it gives (CUPID, section on training cost).
 */
export function passesSaved(epochs: number, matches: number, epochs1: number): number {
  return (2 * epochs * matches) / (epochs1 + 2);
}
