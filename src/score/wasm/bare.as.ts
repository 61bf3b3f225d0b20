/*
 * The dot products of the scoring kernel alone, in its order and from its memory, for the bench:
 * what is left of `groupPairs` without weights, tests and lists.
 */
import { back, PART, bytes, forth, peer, same, user } from './layout.as';
import { dots } from './weigh.as';

export { scratch, setup } from './layout.as';

/** As `groupPairs`, with `used` blocks of 8 people. */
export function bareGroups(group: i32, other: i32, size: i32, used: i32): void {
  const count = (used + PART - 1) / PART;
  const end = min(count, (group + 1) * size);
  const last = min(count, (other + 1) * size);
  for (let row = group * size; row < end; row++)
    for (let c = group === other ? row : other * size; c < last; c++) bareBlocks(row, c, used);
}

function bareBlocks(row: i32, c: i32, used: i32): void {
  const end = min(used, (row + 1) * PART) << 1;
  const last = min(used, (c + 1) * PART);
  for (let g = (row * PART) << 1; g < end; g++)
    for (let b = c === row ? g >> 1 : c * PART; b < last; b++) {
      const x = (<usize>g) * bytes;
      const y = ((<usize>b) << 1) * bytes;
      dots(user + x, peer + y, forth);
      if (!same) dots(peer + x, user + y, back);
    }
}
