import { family, type FamilyName } from './config.ts';

/** The evenings that train the shipped members of the family. Their later chats judge. */
export const familyRecipe = {
  /** One world per seed. */
  seeds: [3001, 3002, 3003, 3004, 3005, 3006],
  ticks: 2400,
  /** Share of the evenings, by time, that trains (its last tenth validates). The rest judges. */
  share: 0.75,
} as const;

/** Members whose weights ship. "cupid, no session" is the same as Wide&Deep. */
export const shippedNames = (Object.keys(family) as FamilyName[]).filter(
  (name) => name !== 'cupid, no session',
);

/** Base name of a member's files, public/models/<file>.bin and .json. */
export const fileOf = (name: string): string => name.replace(/[, ]+/g, '-');

/** How a two-tower scorer is trained. The header repeats it, so that anyone can reproduce it. */
export interface TowerRecipe {
  readonly dim: number;
  readonly embed: number;
  readonly hidden: readonly number[];
  readonly steps: number;
  /** Chats per step; each gives two samples, one per direction. */
  readonly batch: number;
  readonly rate: number;
  /** Weight decay of tables and layers, and of the hashed id's rows. */
  readonly decay: number;
  readonly idDecay: number;
  readonly seed: number;
}

export const towerRecipe: TowerRecipe = {
  dim: 32,
  embed: 8,
  hidden: [64],
  steps: 600,
  batch: 512,
  rate: 0.01,
  decay: 0.05,
  idDecay: 1,
  seed: 7,
};
