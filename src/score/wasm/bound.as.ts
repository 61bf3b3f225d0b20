/*
 * Tiles of 4 rows and 8 columns whose dot products are tested against the lists while they are in
 * registers, by the bound of `floors.as.ts`. Weights are computed of the few pairs that pass.
 */
import { anyRecent, back, bytes, cut32, dotFloor, dotLift, floor, forth, Mode, netLift } from './layout.as';
import { peer, rowLift, rows, same, user } from './layout.as';
import { allMeet, isWanted, mayMeet, meetRows, noneMeets } from './kinds.as';
import { met, offer, offerNet } from './pick.as';
import { weightOf } from './weigh.as';

/** Above all sums and lifts. */
const FAR: i32 = 1 << 30;

/** The rows `rows` against blocks of 8 people from `block` to `end` - 1. */
export function boundTiles(mode: i32, ofUser: usize, ofPeer: usize, block: i32, end: i32, lists: usize): void {
  meetRows();
  for (let r: usize = 0; r < 16; r += 4) store<i32>(rowLift + r, load<i32>(dotLift + ((<usize>load<i32>(rows + r)) << 2)));
  const lifts = mode === Mode.net ? netLift : dotLift;
  for (; block < end; block++) {
    const j = (<usize>block) << 5;
    if (noneMeets(j)) continue;
    const y = (<usize>block << 1) * bytes;
    let bits = within(mode <= Mode.diagonal, ofUser, ofPeer, peer + y, user + y, lists, lifts + j, j);
    if (bits === 0) continue;
    // Most tiles hold eligible pairs only.
    const clean = allMeet(j);
    for (; bits !== 0; bits &= bits - 1) {
      const bit = <usize>ctz(bits);
      const part = bit << 2;
      const r = bit >> 3;
      const i = (<usize>load<i32>(rows + (r << 2))) << 2;
      const other = j + ((bit & 7) << 2);
      if (!isWanted(mode, i, other) || !(clean || mayMeet(i, other))) continue;
      const list = lists + (r << 2);
      const d = load<i32>(forth + part);
      const w = weightOf(i, other, d, same ? d : load<i32>(back + part) - d);
      if (!(w > cut32)) continue;
      if (mode === Mode.net) {
        if (!(anyRecent && met(i, other))) offerNet(list, i, other, r, w);
        continue;
      }
      const toI = w >= load<f32>(floor + list);
      const toJ = mode <= Mode.diagonal && w >= load<f32>(floor + other);
      if (!(toI || toJ) || (anyRecent && met(i, other))) continue;
      if (toI) offer(list, i, other, w);
      if (toJ) offer(other, other, i, w);
    }
  }
}

/**
 * Dot products of the 4 rows x with the 8 columns y, and where people have two vectors, their sums
 * with those of u and v. Returns which pairs may enter a list, one bit each, row by row; writes
 * dot products and sums if there are any, i32[4][8].
 */
@inline
function within(both: bool, x: usize, u: usize, y: usize, v: usize, list: usize, lifts: usize, j: usize): i32 {
  let a0 = i64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let isFirst = true;
  for (;;) {
    const stop = x + bytes;
    let z = y + bytes;
    do {
      const a = v128.load(y);
      const b = v128.load(z);
      let w = v128.load32_splat(x, 0);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w, a));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w, b));
      w = v128.load32_splat(x, 4);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w, a));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w, b));
      w = v128.load32_splat(x, 8);
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(w, a));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w, b));
      w = v128.load32_splat(x, 12);
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(w, a));
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w, b));
      x += 16;
      y += 16;
      z += 16;
    } while (x < stop);
    if (same || !isFirst) break;
    isFirst = false;
    storeTile(forth, a0, a1, a2, a3, b0, b1, b2, b3);
    x = u;
    y = v;
  }
  const liftA = v128.load(lifts);
  const liftB = v128.load(lifts, 16);
  const floorA = both ? v128.load(dotFloor + j) : i32x4.splat(FAR);
  const floorB = both ? v128.load(dotFloor + j, 16) : floorA;
  let own = v128.load32_splat(rowLift, 0);
  let least = v128.load32_splat(dotFloor + list, 0);
  const p0 = i16x8.narrow_i32x4_s(over(a0, own, least, liftA, floorA), over(b0, own, least, liftB, floorB));
  own = v128.load32_splat(rowLift, 4);
  least = v128.load32_splat(dotFloor + list, 4);
  const p1 = i16x8.narrow_i32x4_s(over(a1, own, least, liftA, floorA), over(b1, own, least, liftB, floorB));
  own = v128.load32_splat(rowLift, 8);
  least = v128.load32_splat(dotFloor + list, 8);
  const p2 = i16x8.narrow_i32x4_s(over(a2, own, least, liftA, floorA), over(b2, own, least, liftB, floorB));
  own = v128.load32_splat(rowLift, 12);
  least = v128.load32_splat(dotFloor + list, 12);
  const p3 = i16x8.narrow_i32x4_s(over(a3, own, least, liftA, floorA), over(b3, own, least, liftB, floorB));
  const p01 = i8x16.narrow_i16x8_s(p0, p1);
  const p23 = i8x16.narrow_i16x8_s(p2, p3);
  const bits = i8x16.bitmask(p01) | (i8x16.bitmask(p23) << 16);
  if (bits !== 0) storeTile(same ? forth : back, a0, a1, a2, a3, b0, b1, b2, b3);
  return bits;
}

/** Where d + its lift > own floor, or d + own lift > its floor. */
@inline
function over(d: v128, own: v128, least: v128, lifts: v128, floors: v128): v128 {
  return i32x4.gt_s(d, i32x4.min_s(i32x4.sub(least, lifts), i32x4.sub(floors, own)));
}

@inline
function storeTile(to: usize, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): void {
  v128.store(to, a0, 0);
  v128.store(to, b0, 16);
  v128.store(to, a1, 32);
  v128.store(to, b1, 48);
  v128.store(to, a2, 64);
  v128.store(to, b2, 80);
  v128.store(to, a3, 96);
  v128.store(to, b3, 112);
}
