import type { TakeNet } from '../kernel-input.ts';
import { goesBefore } from '../source.ts';
import type { PairSource } from '../source.ts';
import { Foremost } from './select.ts';

/**
 * The `room` partners of each row of best net value: weight less price, rounded to f32, with ties
 * in the order of pairs.
 *
 * @param price f64[n], of values that are exact in f32.
 */
export function bestNet(
  source: PairSource,
  rows: readonly number[],
  price: Float64Array,
  room: number,
  take: TakeNet,
): void {
  const kernel = source.kernel?.();
  if (kernel !== undefined) {
    kernel.bestNet(Int32Array.from(rows), price, room, false, take);
    return;
  }
  const { n } = source;
  const out = new Float64Array(n);
  let row = 0;
  const best = new Foremost(room, (a, b) => goesBefore(source, 0, row, a, 0, row, b));
  const weights = new Float64Array(room);
  for (row of rows) {
    source.row(row, 0, out);
    best.clear();
    let floor = -Infinity;
    for (let j = 0; j < n; j++) {
      if (out[j] === -Infinity) continue;
      const net = Math.fround(out[j] - price[j]);
      if (net >= floor && source.admits(row, j)) floor = best.offer(j, net);
    }
    const count = best.finish();
    for (let e = 0; e < count; e++) weights[e] = out[best.col[e]];
    take(row, count, best.col, best.key, weights);
  }
}
