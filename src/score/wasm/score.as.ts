/*
 * The scoring kernel of the CPU backend, in AssemblyScript: weights of pairs in tiles of 4 rows and
 * 8 columns, and the lists of the heaviest. Only candidates leave it.
 */
import { PART, bytes, blocks, col, copyVector, cut32, dense, floor, forth, guesses, back, key, keepOnly, law, Laws, lengths, live, masks, more } from './layout.as';
import { peer, per, room, rows, rowPeer, rowUser, same, span, stride, used, user, Mode } from './layout.as';
import { allMeet, eligible, meetRows, noneMeets } from './kinds.as';
import { boundTiles } from './bound.as';
import { clearLists, setFloor } from './floors.as';
import { finishList, shorten } from './select.as';
import { keep, pickBoth, pickNet, pickOne } from './pick.as';
import { dots, weigh } from './weigh.as';

export { exp4, log4 } from './weigh.as';
export { clearLists } from './floors.as';
export { keepLive, scratch, setup, summarise, useBlocks, useLists, writeTo } from './layout.as';
export { finishLists } from './select.as';

/** How many blocks of the partition hold any. */
export function blockCount(): i32 {
  return (used + PART - 1) / PART;
}

/**
 * Scores each pair of people of two groups once, for the lists of both. Groups have `size` blocks
 * of the partition; each pair of groups, and each group with itself, is a task of the same size.
 */
export function groupPairs(group: i32, other: i32, size: i32): void {
  const count = blockCount();
  const end = min(count, (group + 1) * size);
  const last = min(count, (other + 1) * size);
  for (let row = group * size; row < end; row++)
    for (let c = group === other ? row : other * size; c < last; c++) blockPairs(row, c);
}

/** Block by block, because the vectors of two blocks stay in the cache. */
function blockPairs(row: i32, c: i32): void {
  const end = min(used, (row + 1) * PART) << 1;
  const mode = c === row ? Mode.diagonal : Mode.half;
  const first = c * PART;
  const last = min(used, first + PART);
  for (let g = (row * PART) << 1; g < end; g++) {
    for (let r = 0; r < 4; r++) store<i32>(rows + (r << 2), 4 * g + r);
    const at = (<usize>g) * bytes;
    const lists = (<usize>g) << 4;
    const from = c === row ? g >> 1 : first;
    if (per > 0) boundTiles(mode, user + at, peer + at, from, last, lists);
    else tiles(mode, user + at, peer + at, from, last, lists);
  }
}

/** The best live partners of 4 people, whose positions are at `who`, in lists from `list` on. */
export function bestOfRows(who: usize, list: i32): void {
  gather(who);
  search(Mode.best, list);
  for (let r = 0; r < 4; r++) finishList(list + r, load<i32>(rows + ((<usize>r) << 2)));
}

/**
 * The partners of 4 people of best net value, whose positions are at `who`, in lists from `list`
 * on. Behind the net values that a list keeps lie the weights.
 */
export function netOfRows(who: usize, list: i32): void {
  gather(who);
  if (!searchBySample(list)) {
    clearLists(list, list + 4, true);
    search(Mode.net, list);
  }
  for (let r = 0; r < 4; r++) {
    const count = finishList(list + r, load<i32>(rows + ((<usize>r) << 2)));
    const weights = dense + (<usize>r) * 2 * stride;
    for (let e = <usize>((list + r) * span), end = e + count; e < end; e++)
      store<f64>(key + ((e + room) << 3), load<f64>(weights + ((<usize>load<i32>(col + (e << 2))) << 3)));
  }
}

/** Of each so many blocks of 8 people, the first few are the sample. */
const PERIOD: i32 = 64;
const SAMPLED: i32 = 8;
/** A sample of fewer blocks, or for shorter lists, says little. */
const LEAST_SAMPLE: i32 = 32;
const LEAST_ROOM: i32 = 64;

/**
 * The net values of the rows. A sample of the columns tells which net value somewhat more than
 * `room` partners exceed; only those are offered to the list. False where the lists may lack some:
 * where no more than `room` entries exceed it after all.
 */
function searchBySample(list: i32): bool {
  if (room < LEAST_ROOM || used * SAMPLED < LEAST_SAMPLE * PERIOD) {
    search(Mode.net, list);
    return true;
  }
  const all = room;
  openRows(list);
  // 1.75 times the share of `room`, so that few samples mislead.
  keepOnly((all * 7 * SAMPLED) / (4 * PERIOD));
  for (let b = 0; b < used; b += PERIOD) sweep(Mode.net, b, min(used, b + SAMPLED), list);
  for (let r = 0; r < 4; r++) {
    const at = (<usize>(list + r)) << 2;
    const isFull = load<i32>(lengths + at) > room || load<i32>(more + at) !== 0;
    if (isFull) shorten(list + r, load<i32>(rows + ((<usize>r) << 2)));
    // The list is not full any more.
    store<i32>(more + at, 0);
    store<f32>(guesses + ((<usize>r) << 2), load<f32>(floor + at));
  }
  keepOnly(all);
  for (let b = 0; b < used; b += PERIOD) sweep(Mode.net, min(used, b + SAMPLED), min(used, b + PERIOD), list);
  for (let r = 0; r < 4; r++) {
    const guess = load<f32>(guesses + ((<usize>r) << 2));
    if (guess === -Infinity) continue;
    const at = (<usize>(list + r)) << 2;
    const size = load<i32>(lengths + at);
    if (size < room) return false;
    if (load<i32>(more + at) !== 0 && load<f32>(floor + at) > guess) continue;
    // Of equal net values the sample may have dropped one.
    let above = 0;
    for (let e = <usize>((list + r) * span), end = e + size; e < end; e++)
      above += <i32>(<f32>load<f64>(key + (e << 3)) > guess);
    if (above < room) return false;
  }
  return true;
}

/** The rows that were gathered, against everybody, in lists from `list` on. */
function search(mode: i32, list: i32): void {
  openRows(list);
  sweep(mode, 0, used, list);
}

function openRows(list: i32): void {
  const lists = (<usize>list) << 2;
  for (let r: usize = 0; r < 16; r += 4)
    setFloor(lists + r, (<usize>load<i32>(rows + r)) << 2, load<f32>(floor + lists + r));
}

/** The rows that were gathered, against blocks of 8 people. */
function sweep(mode: i32, block: i32, end: i32, list: i32): void {
  const lists = (<usize>list) << 2;
  // A price is no part of the bound of an exponential.
  if (per === 0 || (mode === Mode.net && law !== Laws.mean)) tiles(mode, rowUser, rowPeer, block, end, lists);
  else boundTiles(mode, rowUser, rowPeer, block, end, lists);
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
  meetRows();
  const limit = f32x4.splat(cut32);
  const none = f32x4.splat(-Infinity);
  const everyone = i32x4.splat(-1);
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
    for (let part: usize = 0; part < 128; part += 16) {
      const mask = clean ? everyone : v128.load(masks + part);
      if (!clean && !v128.any_true(mask)) continue;
      const at = j + (part & 16);
      const r = part >> 5;
      const list = lists + (r << 2);
      const i = (<usize>load<i32>(rows + (r << 2))) << 2;
      let least = none;
      if (mode <= Mode.diagonal) least = f32x4.pmin(v128.load32_splat(floor + list), v128.load(floor + at));
      else if (mode === Mode.best) least = v128.load32_splat(floor + list);
      const w = weigh(i, at, part, least);
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
