/*
 * The scoring kernel of the CPU backend, in AssemblyScript: weights of pairs in tiles of 4 rows and
 * 8 columns, and the lists of the heaviest. Only candidates leave it.
 */
import { avoid, bytes, blocks, copyVector, cut32, forth, back, have, key, law, Laws, live, masks } from './layout.as';
import { peer, rows, rowPeer, rowUser, speaks, stride, used, user, Mode, writeTo } from './layout.as';
import { keep, pickBoth, pickOne } from './pick.as';
import { dots, weigh } from './weigh.as';

export { clearLists, keepLive, setup, summarise } from './layout.as';

/** Each pair among all people once, for both lists. Rows and columns that stay in the caches. */
export function halfSquare(panelRows: i32, stripBlocks: i32): void {
  const groups = used << 1;
  const all = used;
  for (let panel = 0; panel < groups; panel += panelRows)
    for (let strip = panel >> 1; strip < all; strip += stripBlocks) {
      const to = min(groups, panel + panelRows);
      for (let g = panel; g < to; g++) {
        const first = max(strip, g >> 1);
        const last = min(all, strip + stripBlocks);
        if (first >= last) continue;
        for (let r = 0; r < 4; r++) store<i32>(rows + (r << 2), 4 * g + r);
        const at = (<usize>g) * bytes;
        tiles(Mode.half, user + at, peer + at, first, last);
      }
    }
}

/** The best live partners of 4 rows, in lists 0 to 3. */
export function bestOfRows(a: i32, b: i32, c: i32, d: i32): void {
  gather(a, b, c, d);
  tiles(Mode.best, rowUser, rowPeer, 0, used);
}

/** All weights of 4 rows, f64[4][columns] at `out`; -Infinity where not eligible. */
export function denseRows(a: i32, b: i32, c: i32, d: i32, out: usize): void {
  writeTo(out);
  const none = f64x2.splat(-Infinity);
  for (let at = out; at < out + 8 * stride; at += 16) v128.store(at, none);
  gather(a, b, c, d);
  tiles(Mode.dense, rowUser, rowPeer, 0, used);
}

function gather(a: i32, b: i32, c: i32, d: i32): void {
  store<i32>(rows, a, 0);
  store<i32>(rows, b, 4);
  store<i32>(rows, c, 8);
  store<i32>(rows, d, 12);
  for (let r = 0; r < 4; r++) {
    const i = load<i32>(rows + ((<usize>r) << 2));
    copyVector(user, i, rowUser, r);
    copyVector(peer, i, rowPeer, r);
  }
}

/** The rows `rows` against columns in blocks of 8. */
function tiles(mode: i32, ofUser: usize, ofPeer: usize, block: i32, end: i32): void {
  let has = -1;
  let avoids = -1;
  let any = 0;
  for (let r: usize = 0; r < 16; r += 4) {
    const i = (<usize>load<i32>(rows + r)) << 2;
    const tongues = load<i32>(speaks + i);
    if (tongues === 0) continue;
    has &= load<i32>(have + i);
    avoids &= load<i32>(avoid + i);
    any |= tongues;
  }
  for (; block < end; block++) {
    const j = (<usize>block) << 5;
    if ((any & load<i32>(blocks + j, 8)) === 0) continue;
    if ((avoids & load<i32>(blocks + j, 0)) !== 0 || (has & load<i32>(blocks + j, 4)) !== 0) continue;
    if (!eligible(mode, j)) continue;
    if (law !== Laws.hash) {
      const at = (<usize>block << 1) * bytes;
      dots(ofUser, peer + at, forth);
      if (law !== Laws.single) dots(ofPeer, user + at, back);
    }
    for (let r: usize = 0; r < 4; r++)
      for (let h: usize = 0; h < 2; h++) {
        const part = (r << 5) + (h << 4);
        const mask = v128.load(masks + part);
        if (!v128.any_true(mask)) continue;
        const i = (<usize>load<i32>(rows + (r << 2))) << 2;
        const w = weigh(i, j + (h << 4), part);
        const limit = f32x4.splat(cut32);
        // A dot product in f64 may lie above the threshold and round to it. `exactly` decides.
        const above = law === Laws.single ? f32x4.ge(w, limit) : f32x4.gt(w, limit);
        const ok = v128.and(mask, above);
        if (mode === Mode.dense) keep(w, ok, key + r * 2 * stride + 2 * (j + (h << 4)), part);
        else if (mode === Mode.half) pickBoth(w, ok, i, j + (h << 4), part);
        else pickOne(w, ok, i, r << 2, j + (h << 4), part);
      }
  }
}

/** Writes the masks of the tile; false where no pair is eligible. */
@inline
function eligible(mode: i32, j: usize): bool {
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
      const twice = mode === Mode.half ? i32x4.le_s(position, own) : i32x4.eq(position, own);
      const bad = v128.or(v128.or(alike, twice), none);
      const mask = v128.andnot(i32x4.eq(unwanted, i32x4.splat(0)), bad);
      v128.store(masks + (r << 5) + (h << 4), mask);
      any = v128.or(any, mask);
    }
  }
  return v128.any_true(any);
}

