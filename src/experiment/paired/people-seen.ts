import type { SliceGrid } from './slice-grid.ts';

/** Generations of a slot that are told apart at the same time. */
const GENERATIONS = 8;

/**
 * Counts different people per slice. A person with an observation in either market counts once. A
 * person keeps their level on all axes of the first table. On the axis of the second table (the
 * hour) they count once per level.
 */
export class PeopleSeen {
  readonly #grid: SliceGrid;
  readonly #counts: Uint32Array;
  /** Per slot: a bit for each recent generation that was seen. */
  readonly #generations: Uint8Array;
  /** Per slot: bits of the levels of the second table seen, and the generation they belong to. */
  readonly #levels: Uint32Array;
  readonly #of: Uint32Array;

  constructor(grid: SliceGrid, slots: number) {
    this.#grid = grid;
    this.#counts = new Uint32Array(grid.slices);
    this.#generations = new Uint8Array(slots);
    this.#levels = new Uint32Array(grid.tables > 1 ? slots : 0);
    this.#of = new Uint32Array(grid.tables > 1 ? slots : 0);
  }

  /** Different people in a slice. */
  count(slice: number): number {
    return this.#counts[slice];
  }

  /** Records an observation. Returns whether it is the person's first one. */
  see(slot: number, generation: number, levels: ArrayLike<number>): boolean {
    const { firstSlice, tables } = this.#grid;
    const bit = 1 << (generation % GENERATIONS);
    const first = (this.#generations[slot] & bit) === 0;
    if (first) {
      // The markets may be some generations apart; one that is half a round away is long gone.
      const old = 1 << ((generation + GENERATIONS / 2) % GENERATIONS);
      this.#generations[slot] = (this.#generations[slot] | bit) & ~old;
      this.#counts[0]++;
      const own = firstSlice.length - (tables > 1 ? 1 : 0);
      for (let d = 0; d < own; d++) this.#counts[firstSlice[d] + levels[d]]++;
    }
    if (tables > 1 && generation >= this.#of[slot]) {
      if (generation > this.#of[slot]) {
        this.#of[slot] = generation;
        this.#levels[slot] = 0;
      }
      const d = firstSlice.length - 1;
      const here = (1 << levels[d]) >>> 0;
      if ((this.#levels[slot] & here) === 0) {
        this.#levels[slot] |= here;
        this.#counts[firstSlice[d] + levels[d]]++;
      }
    }
    return first;
  }
}
