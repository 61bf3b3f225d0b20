/** How a two-tower scorer is trained: stands in the weights' header, so that anybody can make them again. */
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
