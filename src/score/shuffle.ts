import { hash4 } from '../base/hash.ts';

let shuffled: Uint32Array = new Uint32Array(0);
/** Random positions from 0 to i, for each i: the same for every n, and most of the work. */
let picks: Uint32Array = new Uint32Array(0);

/** A shuffle of 0 to n - 1, the same for the same n (Fisher and Yates; Durstenfeld 1964). */
export function shuffle(n: number): Uint32Array {
  if (shuffled.length === n) return shuffled;
  if (picks.length < n)
    picks = Uint32Array.from({ length: 2 * n }, (_, i) =>
      Math.floor(hash4(0x51ab1e, i, 0, 0) * 2 ** -32 * (i + 1)),
    );
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = picks[i];
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  shuffled = order;
  return order;
}
