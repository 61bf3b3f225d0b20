/*
 * Order and selection of the entries of a list.
 */
import { col, ids, key, lengths, limit, more, room, span, unrounded } from './layout.as';
import { setFloor } from './floors.as';
import { hashes } from './weigh.as';

/** Finishes the lists from..to - 1 of the people with these numbers. */
export function finishLists(from: i32, to: i32): void {
  for (let list = from; list < to; list++) finishList(list, list);
}

/** Sorts a list of person i, best first, and drops the surplus. Returns its length. */
export function finishList(list: i32, i: i32): i32 {
  const at = (<usize>list) << 2;
  const first = <usize>(list * span);
  const cols = col + (first << 2);
  const keys = key + (first << 3);
  const own = (<usize>i) << 2;
  if (load<i32>(lengths + at) > room) thin(at, own, cols, keys);
  sort(own, cols, keys, 0, load<i32>(lengths + at) - 1);
  return load<i32>(lengths + at);
}

/** Drops all but the first `room` entries of a list of person i. */
export function shorten(list: i32, i: i32): void {
  const first = <usize>(list * span);
  thin((<usize>list) << 2, (<usize>i) << 2, col + (first << 2), key + (first << 3));
}

/** Attempts to find a key that about `room` entries exceed. */
const GUESSES: i32 = 6;

/**
 * Drops the surplus of a full list soon: keeps the entries above a key that somewhat more than
 * `room` of them exceed. The last of those is at position room - 1.
 */
export function drop(list: usize, i: usize, cols: usize, keys: usize): void {
  const end = keys + ((<usize>limit) << 3);
  let sums = v128.load(keys);
  let least = sums;
  for (let at = keys + 16; at < end; at += 16) {
    const two = v128.load(at);
    sums = f64x2.add(sums, two);
    least = f64x2.pmin(two, least);
  }
  const low = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
  const mean = (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) / <f64>limit;
  // Keys of the far end of a distribution are nearly exponential.
  const step = mean - low;
  let cut = low + 0.58 * step;
  for (let guess = 0; guess < GUESSES; guess++) {
    const cuts = f64x2.splat(cut);
    let counts = i64x2.splat(0);
    for (let at = keys; at < end; at += 16) counts = i64x2.sub(counts, f64x2.gt(v128.load(at), cuts));
    const count = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
    const surplus = count - room;
    if (surplus >= 0 && surplus <= room >> 2) {
      keepAbove(list, i, cols, keys, cut);
      return;
    }
    cut += step * (<f64>surplus - <f64>room * 0.1) / <f64>max(count, 1);
  }
  thin(list, i, cols, keys);
}

/** Keeps the entries with a key above `cut`, at least `room`. */
function keepAbove(list: usize, i: usize, cols: usize, keys: usize, cut: f64): void {
  let place: usize = 0;
  let last: usize = 0;
  let least: f64 = Infinity;
  let equals: i32 = 0;
  for (let e: usize = 0; e < <usize>limit; e++) {
    const c = load<i32>(cols + (e << 2));
    const k = load<f64>(keys + (e << 3));
    store<i32>(cols + (place << 2), c);
    store<f64>(keys + (place << 3), k);
    const stays = k > cut;
    equals |= <i32>stays & <i32>(k === least);
    const isLess = <bool>(<i32>stays & <i32>(k < least));
    last = select(place, last, isLess);
    least = select(k, least, isLess);
    place += <usize>stays;
  }
  if (equals !== 0)
    for (let e: usize = 0; e < place; e++)
      if (load<f64>(keys + (e << 3)) === least && before(i, (<usize>load<i32>(cols + (last << 2))) << 2, least, load<i32>(cols + (e << 2)), least))
        last = e;
  swap(cols, keys, <i32>last, room - 1);
  store<i32>(lengths + list, <i32>place);
  store<i32>(more + list, 3);
  setFloor(list, i, <f32>least);
}

/** Keeps the first `room` entries, the last of them at the end, by Hoare's selection (1961). */
function thin(list: usize, i: usize, cols: usize, keys: usize): void {
  let from = 0;
  let to = load<i32>(lengths + list) - 1;
  while (from < to) {
    divide(i, cols, keys, from, to);
    if (room - 1 <= right) to = right;
    else if (room - 1 >= left) from = left;
    else break;
  }
  store<i32>(lengths + list, room);
  store<i32>(more + list, 3);
  setFloor(list, i, <f32>load<f64>(keys + ((<usize>(room - 1)) << 3)));
}

let left: i32 = 0;
let right: i32 = 0;

/**
 * Partitions entries from..to: all of from..right go before all of left..to, and right < left. By
 * Lomuto's method, because a swap that is always made costs less than a jump that is hard to
 * predict.
 */
function divide(i: usize, cols: usize, keys: usize, from: i32, to: i32): void {
  swap(cols, keys, middle(keys, from, to), to);
  const c = load<i32>(cols + ((<usize>to) << 2));
  const w = load<f64>(keys + ((<usize>to) << 3));
  let place = <usize>from;
  for (let e = place; e < <usize>to; e++) {
    const d = load<i32>(cols + (e << 2));
    const k = load<f64>(keys + (e << 3));
    let isFirst = <usize>(k > w);
    if (k === w) isFirst = <usize>before(i, (<usize>d) << 2, k, c, w);
    store<i32>(cols + (e << 2), load<i32>(cols + (place << 2)));
    store<f64>(keys + (e << 3), load<f64>(keys + (place << 3)));
    store<i32>(cols + (place << 2), d);
    store<f64>(keys + (place << 3), k);
    place += isFirst;
  }
  swap(cols, keys, <i32>place, to);
  left = <i32>place + 1;
  right = <i32>place - 1;
}

/** The position of the median of three keys. */
@inline
function middle(keys: usize, from: i32, to: i32): i32 {
  const half = (from + to) >> 1;
  const a = load<f64>(keys + ((<usize>from) << 3));
  const b = load<f64>(keys + ((<usize>half) << 3));
  const c = load<f64>(keys + ((<usize>to) << 3));
  const between = max(min(a, b), min(max(a, b), c));
  return select(half, select(from, to, between === a), between === b);
}

@inline
function swap(cols: usize, keys: usize, a: i32, b: i32): void {
  const p = <usize>a;
  const q = <usize>b;
  const c = load<i32>(cols + (p << 2));
  const w = load<f64>(keys + (p << 3));
  store<i32>(cols + (p << 2), load<i32>(cols + (q << 2)));
  store<f64>(keys + (p << 3), load<f64>(keys + (q << 3)));
  store<i32>(cols + (q << 2), c);
  store<f64>(keys + (q << 3), w);
}

/** Sorts entries from..to of a list of person i, best first. */
function sort(i: usize, cols: usize, keys: usize, from: i32, to: i32): void {
  while (to - from > 12) {
    divide(i, cols, keys, from, to);
    const next = left;
    sort(i, cols, keys, from, right);
    from = next;
  }
  for (let e = from + 1; e <= to; e++) {
    const c = load<i32>(cols + ((<usize>e) << 2));
    const w = load<f64>(keys + ((<usize>e) << 3));
    let at = e;
    for (; at > from; at--) {
      const p = <usize>(at - 1);
      const k = load<f64>(keys + (p << 3));
      const d = load<i32>(cols + (p << 2));
      if (!before(i, (<usize>c) << 2, w, d, k)) break;
      store<f64>(keys + (p << 3), k, 8);
      store<i32>(cols + (p << 2), d, 4);
    }
    store<f64>(keys + ((<usize>at) << 3), w);
    store<i32>(cols + ((<usize>at) << 2), c);
  }
}

/** Whether (i, j) of weight v goes before (i, k) of weight w, as `goesBefore`. */
@inline
export function before(i: usize, j: usize, v: f64, k: i32, w: f64): bool {
  return v !== w ? v > w : firstOfEqual(load<i32>(ids + i), load<i32>(ids + j), load<i32>(ids + ((<usize>k) << 2)));
}

function firstOfEqual(own: u32, a: u32, b: u32): bool {
  if (unrounded) return a < b;
  const both = hashes(own, i32x4.replace_lane(i32x4.splat(a), 1, b));
  const s = <u32>i32x4.extract_lane(both, 0);
  const t = <u32>i32x4.extract_lane(both, 1);
  if (s !== t) return s < t;
  const low = min(own, a);
  const other = min(own, b);
  return low !== other ? low < other : max(own, a) < max(own, b);
}
