/*
 * Who may meet whom: what the 4 rows of a tile have in common, against a block of 8 people.
 */
import { avoid, blocks, have, live, masks, Mode, rows, speaks } from './layout.as';

/** Of the rows, as `blocks` has it of others. */
let has: i32 = 0;
let avoids: i32 = 0;
let any: i32 = 0;
let anyHas: i32 = 0;
let anyAvoids: i32 = 0;
let all: i32 = 0;

/** Summarises the rows. */
export function meetRows(): void {
  has = -1;
  avoids = -1;
  any = 0;
  anyHas = 0;
  anyAvoids = 0;
  all = -1;
  for (let r: usize = 0; r < 16; r += 4) {
    const i = (<usize>load<i32>(rows + r)) << 2;
    const tongues = load<i32>(speaks + i);
    all &= tongues;
    if (tongues === 0) continue;
    has &= load<i32>(have + i);
    avoids &= load<i32>(avoid + i);
    any |= tongues;
    anyHas |= load<i32>(have + i);
    anyAvoids |= load<i32>(avoid + i);
  }
}

/** Whether nobody of the rows may meet anybody of the 8 people from j (bytes) on. */
@inline
export function noneMeets(j: usize): bool {
  const its = blocks + j;
  return (any & load<i32>(its, 8)) === 0 || ((avoids & load<i32>(its, 0)) | (has & load<i32>(its, 4))) !== 0;
}

/** Whether attributes let each of the rows meet each of the 8 people. */
@inline
export function allMeet(j: usize): bool {
  const its = blocks + j;
  return (all & load<i32>(its, 20)) !== 0 && ((anyAvoids & load<i32>(its, 12)) | (anyHas & load<i32>(its, 16))) === 0;
}

/** Whether attributes let two people (bytes) meet. */
@inline
export function mayMeet(i: usize, j: usize): bool {
  const unwanted = (load<i32>(avoid + i) & load<i32>(have + j)) | (load<i32>(have + i) & load<i32>(avoid + j));
  return unwanted === 0 && (load<i32>(speaks + i) & load<i32>(speaks + j)) !== 0;
}

/** Whether a pair is looked for: each once, those with somebody live, or all of two people. */
@inline
export function isWanted(mode: i32, i: usize, j: usize): bool {
  if (mode === Mode.half) return true;
  if (mode === Mode.diagonal) return j > i;
  return j !== i && (mode !== Mode.best || load<i32>(live + j) !== 0);
}

/** Writes the masks of the tile; false where no pair is eligible. */
export function eligible(mode: i32, j: usize): bool {
  let any = i64x2.splat(0);
  for (let h: usize = 0; h < 2; h++) {
    const at = j + (h << 4);
    const position = i32x4.add(i32x4.splat(<i32>(at >> 2)), i32x4(0, 1, 2, 3));
    const has = v128.load(have + at);
    const avoids = v128.load(avoid + at);
    const tongues = v128.load(speaks + at);
    const none = mode === Mode.best ? v128.not(v128.load(live + at)) : i64x2.splat(0);
    for (let r: usize = 0; r < 4; r++) {
      const row = load<i32>(rows + (r << 2));
      const i = (<usize>row) << 2;
      const own = i32x4.splat(row);
      const unwanted = v128.or(
        v128.and(v128.load32_splat(avoid + i), has),
        v128.and(v128.load32_splat(have + i), avoids),
      );
      const alike = i32x4.eq(v128.and(v128.load32_splat(speaks + i), tongues), i32x4.splat(0));
      // Pairs that another tile scores, or a person with themselves.
      const twice = mode === Mode.diagonal ? i32x4.le_s(position, own) : i32x4.eq(position, own);
      const bad = v128.or(v128.or(alike, twice), none);
      const mask = v128.andnot(i32x4.eq(unwanted, i32x4.splat(0)), bad);
      v128.store(masks + (r << 5) + (h << 4), mask);
      any = v128.or(any, mask);
    }
  }
  return v128.any_true(any);
}
