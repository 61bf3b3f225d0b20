/*
 * The dot products of the scoring kernel alone, in its order and from its memory, for the bench:
 * what is left of `halfSquare` without weights, tests and lists.
 */
import { back, bytes, forth, peer, same, user } from './layout.as';
import { dots } from './weigh.as';

export { scratch, setup } from './layout.as';

/** Task `row` of `halfSquare`, with `used` blocks of 8 people, `block` of them in a task. */
export function bareTask(row: i32, used: i32, block: i32): void {
  const end = min(used, (row + 1) * block) << 1;
  for (let c = 0; c * block < used; c++) {
    const odd = ((row + c) & 1) === 1;
    if (c < row ? !odd : odd) continue;
    const last = min(used, (c + 1) * block);
    for (let g = (row * block) << 1; g < end; g++)
      for (let b = c === row ? g >> 1 : c * block; b < last; b++) {
        const x = (<usize>g) * bytes;
        const y = ((<usize>b) << 1) * bytes;
        dots(user + x, peer + y, forth);
        if (!same) dots(peer + x, user + y, back);
      }
  }
}
