/*
 * Lists of the scoring kernel: which pairs enter them, and in which order. A list takes entries
 * without order, twice as many as it keeps, and then drops the surplus.
 */
import { anyRecent, col, cut, dense, floor, forth, ids, is16, key, law, Laws, lengths, limit, more } from './layout.as';
import { paid, unrounded, recent, room, span, stride, weights } from './layout.as';
import { before, drop } from './select.as';

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
    if (exact > cut && !(anyRecent && met(i, other))) offerNet(list, i, other, r, exact);
  }
}

/** Offers one pair to the list of row i by net value, as `pickNet`. */
export function offerNet(list: usize, i: usize, j: usize, r: usize, w: f64): void {
  const value = w - load<f64>(paid + 2 * j);
  if (!(<f32>value >= load<f32>(floor + list))) return;
  store<f64>(dense + r * 2 * stride + 2 * j, w);
  offer(list, i, j, unrounded ? value : <f64>(<f32>value));
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
  if (size + 1 === limit) drop(list, i, cols, keys);
}
