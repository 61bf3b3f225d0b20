/*
 * The scoring kernel of the CPU backend, in AssemblyScript: weights of pairs in tiles of 4 rows and
 * 8 columns, and the lists of the heaviest. Only candidates leave it.
 */
import { bias, bonus, bytes, blocks, col, copyVector, cut32, dense, floor, forth, back, is16, key, law, Laws } from './layout.as';
import { live, masks, paid, peer, per, room, rows, rowBias, rowBonus, rowPeer, rowScale, rowUser, same, scale, span, stride, used, user, Mode } from './layout.as';
import { allMeet, eligible, meetRows, noneMeets } from './kinds.as';
import { boundTiles } from './bound.as';
import { finishList } from './select.as';
import { keep, pickBoth, pickNet, pickOne } from './pick.as';
import { dots, weigh } from './weigh.as';

export { exp4, log4 } from './weigh.as';
export { clearLists } from './floors.as';
export { keepLive, scratch, setup, summarise, useBlocks, useLists, writeTo } from './layout.as';
export { finishLists } from './pick.as';

/** Columns of 8 people in a block of the partition: with both vectors 32 kB at 64 components. */
const BLOCK: i32 = 16;

/** How many tasks `halfSquare` has. */
export function taskCount(): i32 {
  return (used + BLOCK - 1) / BLOCK;
}

/**
 * Task `row` of those that score each pair of people once, for both lists: a block of rows with
 * every other block of columns, so that each pair of blocks belongs to one task and tasks are of
 * the same size.
 */
export function halfSquare(row: i32): void {
  const end = min(used, (row + 1) * BLOCK) << 1;
  for (let c = 0; c < taskCount(); c++) {
    const odd = ((row + c) & 1) === 1;
    if (c < row ? !odd : odd) continue;
    const first = c * BLOCK;
    const last = min(used, first + BLOCK);
    for (let g = (row * BLOCK) << 1; g < end; g++) {
      for (let r = 0; r < 4; r++) store<i32>(rows + (r << 2), 4 * g + r);
      const at = (<usize>g) * bytes;
      const lists = (<usize>g) << 4;
      if (per > 0) {
        if (c === row) boundTiles(true, at, g >> 1, last, lists);
        else boundTiles(false, at, first, last, lists);
      } else if (c === row) tiles(Mode.diagonal, user + at, peer + at, g >> 1, last, lists);
      else tiles(Mode.half, user + at, peer + at, first, last, lists);
    }
  }
}

/** The best live partners of 4 people, whose positions are at `who`, in lists from `list` on. */
export function bestOfRows(who: usize, list: i32): void {
  gather(who);
  tiles(Mode.best, rowUser, rowPeer, 0, used, (<usize>list) << 2);
  for (let r = 0; r < 4; r++) finishList(list + r, load<i32>(rows + ((<usize>r) << 2)));
}

/**
 * The partners of 4 people of best net value, whose positions are at `who`, in lists from `list`
 * on. Behind the net values that a list keeps lie the weights.
 */
export function netOfRows(who: usize, list: i32): void {
  gather(who);
  const first = (<usize>list) << 2;
  tiles(Mode.net, rowUser, rowPeer, 0, used, first);
  for (let r = 0; r < 4; r++) {
    const count = finishList(list + r, load<i32>(rows + ((<usize>r) << 2)));
    const weights = dense + (<usize>r) * 2 * stride;
    for (let e = <usize>((list + r) * span), end = e + count; e < end; e++)
      store<f64>(key + ((e + room) << 3), load<f64>(weights + ((<usize>load<i32>(col + (e << 2))) << 3)));
  }
}

/** All weights of 4 people, whose positions are at `who`; -Infinity where not eligible. */
export function denseRows(who: usize): void {
  const none = f64x2.splat(-Infinity);
  for (let at = dense; at < dense + 8 * stride; at += 16) v128.store(at, none);
  gather(who);
  tiles(Mode.dense, rowUser, rowPeer, 0, used, 0);
}

function gather(who: usize): void {
  v128.store(rows, v128.load(who));
  for (let r = 0; r < 4; r++) {
    const i = load<i32>(rows + ((<usize>r) << 2));
    copyVector(user, i, rowUser, r);
    copyVector(peer, i, rowPeer, r);
  }
}

/** The rows `rows` against columns in blocks of 8. */
function tiles(mode: i32, ofUser: usize, ofPeer: usize, block: i32, end: i32, lists: usize): void {
  for (let r: usize = 0; r < 16; r += 4) {
    const i = (<usize>load<i32>(rows + r)) << 2;
    store<i32>(rowScale + r, load<i32>(scale + i));
    store<i32>(rowBias + r, load<i32>(bias + i));
    store<i32>(rowBonus + r, load<i32>(bonus + i));
  }
  meetRows();
  const limit = f32x4.splat(cut32);
  const none = f32x4.splat(-Infinity);
  const everyone = i32x4.splat(-1);
  const linear = is16 && mode !== Mode.dense && (law === Laws.mean || law === Laws.smaller);
  for (; block < end; block++) {
    const j = (<usize>block) << 5;
    if (noneMeets(j)) continue;
    // Most tiles off the diagonal hold eligible pairs only.
    const clean = mode === Mode.half && allMeet(j);
    if (!clean && !eligible(mode, j)) continue;
    if (law !== Laws.hash && law !== Laws.formulaOfHash) {
      const at = (<usize>block << 1) * bytes;
      dots(ofUser, peer + at, forth);
      if (law !== Laws.single && !same) dots(ofPeer, user + at, back);
    }
    for (let left = linear ? entering(mode, j, lists) : -1; left !== 0; ) {
      const first = ctz(left) & ~3;
      left &= ~(15 << first);
      const part = (<usize>first) << 2;
      const mask = clean ? everyone : v128.load(masks + part);
      if (!clean && !v128.any_true(mask)) continue;
      const at = j + (part & 16);
      const r = part >> 5;
      const list = lists + (r << 2);
      const i = (<usize>load<i32>(rows + (r << 2))) << 2;
      let least = none;
      if (mode <= Mode.diagonal) least = f32x4.pmin(v128.load32_splat(floor + list), v128.load(floor + at));
      else if (mode === Mode.best) least = v128.load32_splat(floor + list);
      const w = linear ? v128.load(forth + part) : weigh(i, at, part, least);
      // A dot product in f64 may lie above the threshold and round to it. `exactly` decides.
      const above = law === Laws.single ? f32x4.ge(w, limit) : f32x4.gt(w, limit);
      const ok = v128.and(mask, above);
      if (mode <= Mode.diagonal) pickBoth(w, ok, i, at, part);
      else if (mode === Mode.best) pickOne(w, ok, i, list, at, part);
      else if (mode === Mode.net) pickNet(w, ok, i, r, list, at, part);
      else keep(w, ok, dense + r * 2 * stride + 2 * at, part);
    }
  }
}

/** Relative; above the rounding errors of net values in f32. */
const SLACK: f32 = 2.4e-7; // 2^-22

/**
 * Replaces the dot products of a tile by weights that are linear in them, as `weigh`. Returns which
 * pairs may enter a list, one bit for each: most do not, and this finds them soon.
 */
@inline
function entering(mode: i32, j: usize, lists: usize): i32 {
  const tile = forth;
  const other = back;
  const own = rows;
  const list = floor + lists;
  const mean = law === Laws.mean;
  const half = f32x4.splat(0.5);
  let pairs = 0;
  for (let h: usize = 0; h < 32; h += 16) {
    const scales = v128.load(scale + j + h);
    const biases = v128.load(bias + j + h);
    const extras = v128.load(bonus + j + h);
    let floors = f32x4.splat(Infinity);
    let prices = floors;
    if (mode <= Mode.diagonal) floors = v128.load(floor + j + h);
    else if (mode === Mode.net) prices = lowPrices(j + h);
    for (let r: usize = 0; r < 4; r++) {
      const four = own + (r << 2);
      const part = h + (r << 5);
      const d = f32x4.convert_i32x4_s(v128.load(tile + part));
      const e = f32x4.convert_i32x4_s(v128.load(other + part));
      const a = f32x4.add(f32x4.mul(v128.load32_splat(four, 16), d), v128.load32_splat(four, 32));
      const b = f32x4.add(f32x4.mul(scales, e), biases);
      let w = f32x4.mul(f32x4.add(a, b), half);
      if (!mean) w = f32x4.min(a, b);
      w = f32x4.add(w, f32x4.add(v128.load32_splat(four, 48), extras));
      v128.store(tile + part, w);
      if (mode === Mode.net) w = f32x4.sub(f32x4.add(w, f32x4.mul(f32x4.abs(w), f32x4.splat(SLACK))), prices);
      const least = f32x4.pmin(v128.load32_splat(list + (r << 2)), floors);
      pairs |= i32x4.bitmask(f32x4.ge(w, least)) << <i32>(part >> 2);
    }
  }
  return pairs;
}

/** Prices of four people in f32, with slack. */
@inline
function lowPrices(j: usize): v128 {
  const low = f32x4.demote_f64x2_zero(v128.load(paid + 2 * j));
  const price = v128.shuffle<i32>(low, f32x4.demote_f64x2_zero(v128.load(paid + 2 * j, 16)), 0, 1, 4, 5);
  return f32x4.sub(price, f32x4.mul(f32x4.abs(price), f32x4.splat(SLACK)));
}
