/*
 * Lists of the scoring kernel: which pairs enter them, and in which order.
 */
import { col, lengths, cut, floor, forth, ids, key, law, Laws, more, recent, room, weights, is16 } from './layout.as';
import { hashes } from './weigh.as';

/** Writes four weights as f64, where `ok`. */
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
  const least = f32x4.min(v128.load32_splat(floor + i), v128.load(floor + j));
  const taken = v128.and(ok, f32x4.ge(w, least));
  const dropped = v128.andnot(ok, taken);
  v128.store(more + j, v128.or(v128.load(more + j), dropped));
  if (v128.any_true(dropped)) store<i32>(more + i, -1);
  let bits = v128.bitmask<i32>(taken);
  if (bits === 0) return;
  v128.store(weights, w);
  for (; bits !== 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits);
    const other = j + (lane << 2);
    const exact = exactly(part, lane);
    if (!(exact > cut)) continue;
    const near = <f32>exact;
    const toI = near >= load<f32>(floor + i);
    const toJ = near >= load<f32>(floor + other);
    if (!toI) store<i32>(more + i, -1);
    if (!toJ) store<i32>(more + other, -1);
    if (met(i, other)) continue;
    if (toI) offer(i, i, other, exact);
    if (toJ) offer(other, other, i, exact);
  }
}

/** Offers four pairs to the list of row i. */
@inline
export function pickOne(w: v128, ok: v128, i: usize, list: usize, j: usize, part: usize): void {
  const taken = v128.and(ok, f32x4.ge(w, v128.load32_splat(floor + list)));
  if (v128.any_true(v128.andnot(ok, taken))) store<i32>(more + list, -1);
  let bits = v128.bitmask<i32>(taken);
  if (bits === 0) return;
  v128.store(weights, w);
  for (; bits !== 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits);
    const other = j + (lane << 2);
    const exact = exactly(part, lane);
    if (exact > cut && !met(i, other)) offer(list, i, other, exact);
  }
}

/** Whether the two met recently. One side's memory suffices. */
function met(i: usize, j: usize): bool {
  const a = v128.load32_splat(ids + i);
  const b = v128.load32_splat(ids + j);
  const mine = recent + (i << 3);
  const theirs = recent + (j << 3);
  const inMine = v128.or(i32x4.eq(v128.load(mine), b), i32x4.eq(v128.load(mine, 16), b));
  const inTheirs = v128.or(i32x4.eq(v128.load(theirs), a), i32x4.eq(v128.load(theirs, 16), a));
  return v128.any_true(v128.or(inMine, inTheirs));
}

/** Inserts partner j into a short sorted list of person i. What drops off its end is noted. */
function offer(list: usize, i: usize, j: usize, w: f64): void {
  const first = (list >> 2) * room;
  const cols = col + (first << 2);
  const keys = key + (first << 3);
  const used = load<i32>(lengths + list);
  let at = used;
  if (used === room) {
    store<i32>(more + list, -1);
    at--;
    if (!before(i, j, w, load<i32>(cols + ((<usize>at) << 2)), load<f64>(keys + ((<usize>at) << 3)))) return;
  } else store<i32>(lengths + list, used + 1);
  while (at > 0) {
    const p = <usize>(at - 1);
    const k = load<f64>(keys + (p << 3));
    const c = load<i32>(cols + (p << 2));
    if (!before(i, j, w, c, k)) break;
    store<f64>(keys + (p << 3), k, 8);
    store<i32>(cols + (p << 2), c, 4);
    at--;
  }
  store<f64>(keys + ((<usize>at) << 3), w);
  store<i32>(cols + ((<usize>at) << 2), <i32>(j >> 2));
  if (used >= room - 1) store<f32>(floor + list, <f32>load<f64>(keys + ((<usize>(room - 1)) << 3)));
}

/** Whether (i, j) of weight v goes before (i, k) of weight w, as `goesBefore`. */
@inline
function before(i: usize, j: usize, v: f64, k: i32, w: f64): bool {
  return v !== w ? v > w : firstOfEqual(load<i32>(ids + i), load<i32>(ids + j), load<i32>(ids + ((<usize>k) << 2)));
}

function firstOfEqual(own: u32, a: u32, b: u32): bool {
  const s = <u32>i32x4.extract_lane(hashes(own, i32x4.splat(a)), 0);
  const t = <u32>i32x4.extract_lane(hashes(own, i32x4.splat(b)), 0);
  if (s !== t) return s < t;
  const low = min(own, a);
  const other = min(own, b);
  return low !== other ? low < other : max(own, a) < max(own, b);
}

