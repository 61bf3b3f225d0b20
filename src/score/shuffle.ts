import { hash4 } from '../base/hash.ts';

let shuffled: Uint32Array = new Uint32Array(0);

/** A shuffle of 0 to n - 1, the same for the same n (Fisher and Yates; Durstenfeld 1964). */
export function shuffle(n: number): Uint32Array {
  if (shuffled.length === n) return shuffled;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(hash4(0x51ab1e, i, 0, 0) * 2 ** -32 * (i + 1));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  shuffled = order;
  return order;
}
