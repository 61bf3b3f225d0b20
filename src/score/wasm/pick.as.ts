/*
 * Lists of the scoring kernel: which pairs enter them, and in which order. A list takes entries
 * without order, twice as many as it keeps, and then drops the surplus.
 */
import { setFloor } from './floors.as';
import { anyRecent, col, cut, dense, floor, forth, ids, is16, key, law, Laws, lengths, more } from './layout.as';
import { paid, unrounded, recent, room, span, stride, weights } from './layout.as';
import { hashes } from './weigh.as';

/** Writes four weights as f64 to the row of weights at `out`, where `ok`. */
@inline
export function keep(w: v128, ok: v128, out: usize, part: usize): void {
  let bits = v128.bitmask<i32>(ok);
  v128.store(weights, w);
  for (; bits !== 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits);
    const exact = exactly(part, lane);
    if (exact > cut) store<f64>(out + (lane << 3), exact);
  }
}

/** The weight in f64: a single dot product as it is. */
@inline
function exactly(part: usize, lane: usize): f64 {
  if (law !== Laws.single) return <f64>load<f32>(weights + (lane << 2));
  if (is16) return <f64>load<i32>(forth + part + (lane << 2));
  return load<f64>(forth + 2 * part + (lane << 3));
}

/** Offers four pairs to both lists. Comparisons in f32 drop none that f64 would not. */
@inline
export function pickBoth(w: v128, ok: v128, i: usize, j: usize, part: usize): void {
  const toI = f32x4.ge(w, v128.load32_splat(floor + i));
  const toJ = f32x4.ge(w, v128.load(floor + j));
  const taken = v128.and(ok, v128.or(toI, toJ));
  if (v128.any_true(taken)) addBoth(w, v128.bitmask<i32>(taken), v128.bitmask<i32>(toI), v128.bitmask<i32>(toJ), i, j, part);
}

function addBoth(w: v128, bits: i32, toI: i32, toJ: i32, i: usize, j: usize, part: usize): void {
  v128.store(weights, w);
  for (; bits !== 0; bits &= bits - 1) {
    const lane = ctz(bits);
    const other = j + (<usize>lane << 2);
    const exact = exactly(part, lane);
    if (law === Laws.single && !(exact > cut)) continue;
    if (anyRecent && met(i, other)) continue;
    if ((toI >> lane) & 1) offer(i, i, other, exact);
    if ((toJ >> lane) & 1) offer(other, other, i, exact);
  }
}

/** Offers four pairs to the list of row i. */
@inline
export function pickOne(w: v128, ok: v128, i: usize, list: usize, j: usize, part: usize): void {
  let bits = v128.bitmask<i32>(v128.and(ok, f32x4.ge(w, v128.load32_splat(floor + list))));
  if (bits === 0) return;
  v128.store(weights, w);
  for (; bits !== 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits);
    const other = j + (lane << 2);
    const exact = exactly(part, lane);
    if (exact > cut && !(anyRecent && met(i, other))) offer(list, i, other, exact);
  }
}

/**
 * Offers four pairs to the list of row i by net value: weight less price, rounded to f32 unless
 * `unrounded`. Writes the weights to the row's weights.
 */
@inline
export function pickNet(w: v128, ok: v128, i: usize, r: usize, list: usize, j: usize, part: usize): void {
  const out = dense + r * 2 * stride + 2 * j;
  let low: v128;
  let high: v128;
  if (law !== Laws.single) {
    low = f64x2.promote_low_f32x4(w);
    high = f64x2.promote_low_f32x4(v128.shuffle<i32>(w, w, 2, 3, 2, 3));
  } else if (is16) {
    const whole = v128.load(forth + part);
    low = f64x2.convert_low_i32x4_s(whole);
    high = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(whole, whole, 2, 3, 2, 3));
  } else {
    low = v128.load(forth + 2 * part);
    high = v128.load(forth + 2 * part, 16);
  }
  v128.store(out, low);
  v128.store(out, high, 16);
  const netLow = f64x2.sub(low, v128.load(paid + 2 * j));
  const netHigh = f64x2.sub(high, v128.load(paid + 2 * j, 16));
  const net = v128.shuffle<i32>(f32x4.demote_f64x2_zero(netLow), f32x4.demote_f64x2_zero(netHigh), 0, 1, 4, 5);
  let bits = v128.bitmask<i32>(v128.and(ok, f32x4.ge(net, v128.load32_splat(floor + list))));
  for (; bits !== 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits);
    const other = j + (lane << 2);
    const exact = load<f64>(out + (lane << 3));
    if (!(exact > cut) || (anyRecent && met(i, other))) continue;
    const value = exact - load<f64>(paid + 2 * other);
    offer(list, i, other, unrounded ? value : <f64>(<f32>value));
  }
}

/** Whether the two met recently. One side's memory suffices. */
export function met(i: usize, j: usize): bool {
  const a = v128.load32_splat(ids + i);
  const b = v128.load32_splat(ids + j);
  const mine = recent + (i << 3);
  const theirs = recent + (j << 3);
  const inMine = v128.or(i32x4.eq(v128.load(mine), b), i32x4.eq(v128.load(mine, 16), b));
  const inTheirs = v128.or(i32x4.eq(v128.load(theirs), a), i32x4.eq(v128.load(theirs, 16), a));
  return v128.any_true(v128.or(inMine, inTheirs));
}

/** Adds partner j to a list of person i unless `room` entries go before it. */
export function offer(list: usize, i: usize, j: usize, w: f64): void {
  const first = <usize>((<i32>(list >> 2)) * span);
  const cols = col + (first << 2);
  const keys = key + (first << 3);
  if (<f32>w <= load<f32>(floor + list) && (load<i32>(more + list) & 1) !== 0) {
    // Since the surplus was dropped, entry room - 1 is the last that is kept.
    const last = <usize>(room - 1);
    if (!before(i, j, w, load<i32>(cols + (last << 2)), load<f64>(keys + (last << 3)))) return;
  }
  const size = load<i32>(lengths + list);
  store<f64>(keys + ((<usize>size) << 3), w);
  store<i32>(cols + ((<usize>size) << 2), <i32>(j >> 2));
  store<i32>(lengths + list, size + 1);
  if (size + 1 === span) thin(list, i, cols, keys);
}

/**
 * Finishes the lists from..to - 1 of the people with these numbers, after it has added the entries
 * of `others` threads, which keep their lists at the addresses at `where`.
 */
export function finishLists(from: i32, to: i32, where: usize, others: i32): void {
  for (let list = from; list < to; list++) {
    for (let k = 0; k < others; k++) mergeList(list, <usize>load<u32>(where + ((<usize>k) << 2)));
    finishList(list, list);
  }
}

/** Adds the entries of list `list` of a thread that keeps its lists at `other`. */
function mergeList(list: i32, other: usize): void {
  const at = (<usize>list) << 2;
  const first = <usize>(list * span);
  const otherMore = other + more - floor;
  const otherLengths = other + lengths - floor;
  const otherKey = other + key - floor;
  const otherCol = other + col - floor;
  if (load<i32>(otherMore + at) !== 0) store<i32>(more + at, load<i32>(more + at) | 2);
  const size = <usize>load<i32>(otherLengths + at);
  for (let e: usize = first; e < first + size; e++)
    offer(at, at, (<usize>load<i32>(otherCol + (e << 2))) << 2, load<f64>(otherKey + (e << 3)));
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
function before(i: usize, j: usize, v: f64, k: i32, w: f64): bool {
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
