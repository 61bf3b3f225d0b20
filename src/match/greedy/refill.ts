import type { TakeBest } from '../../score/kernel-input.ts';
import { Foremost } from '../../score/candidates/select.ts';
import { goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

/** Reads rows again, against the people who are still live. */
export class Refiller {
  /** Entries of the square that were read. */
  entries = 0;
  readonly #out: Float64Array;
  readonly #best: Foremost;
  #row = 0;

  constructor(
    readonly source: PairSource,
    room: number,
  ) {
    this.#out = new Float64Array(source.n);
    this.#best = new Foremost(room, (a, b) => goesBefore(source, 0, this.#row, a, 0, this.#row, b));
  }

  /** Finds the best live partners of each row. People who are not live stay so. */
  fill(rows: Int32Array, live: Uint8Array, take: TakeBest): void {
    const { source } = this;
    const kernel = source.kernel?.();
    if (kernel !== undefined) this.entries += kernel.best(rows, live, this.#best.room, take);
    else for (const row of rows.slice().sort()) this.#read(row, live, take);
  }

  #read(row: number, live: Uint8Array, take: TakeBest): void {
    const { source } = this;
    const [best, out] = [this.#best, this.#out];
    this.#row = row;
    this.entries += source.n;
    source.row(row, 0, out);
    best.clear();
    let minWeight = -Infinity;
    let missed = false;
    for (let j = 0; j < source.n; j++) {
      const w = out[j];
      if (w === -Infinity || live[j] === 0) continue;
      if (w < minWeight) missed = true;
      else if (source.admits(row, j)) minWeight = best.offer(j, w);
    }
    const count = best.finish();
    take(row, count, best.col, best.key, missed || best.dropped);
  }
}
