/*
 * The scoring kernel of the CPU backend, in AssemblyScript: dot products, weights, eligibility and
 * the lists of the heaviest, for tiles of 4 rows and 8 columns. People are in blocks of 4,
 * [block][k][person]: two components of 16 bits at a time, or one f64. `score/kernel.ts` lays the
 * memory out. Addresses are in bytes.
 */

/** What makes a weight of two dot products; `Law` in `score/kernel.ts` has the same numbers. */
// prettier-ignore
const enum Law { hash, single, mean, smaller, product, minimum, sum, harmonic }
/** What becomes of weights; `best` and `dense` read whole rows. */
const enum Mode {
  half,
  best,
  dense,
}
/** Scores are clamped to this size before exp, as in `score/combine.ts`. */
const MAX_LOG_SCORE: f32 = 80;

let law: i32 = 0;
let whole: bool = false;
/** Bytes of a block of 4 people. */
let bytes: usize = 0;
/** Bytes of one attribute of all people. */
let stride: usize = 0;
let user: usize = 0;
let peer: usize = 0;
/** Attributes, i32 or f32 by person. */
let avoid: usize = 0;
let have: usize = 0;
let speaks: usize = 0;
let scale: usize = 0;
let bias: usize = 0;
let bonus: usize = 0;
let ids: usize = 0;
let live: usize = 0;
/** Lists: the weight that an entry must reach, whether others follow, length. */
let floor: usize = 0;
let more: usize = 0;
let count: usize = 0;
/** i32[8] of each block of 8 people: what all have, what all avoid, what any speaks. */
let blocks: usize = 0;
let recent: usize = 0;
/** Positions of the 4 rows, their vectors, and what they have in common. */
let rows: usize = 0;
let rowUser: usize = 0;
let rowPeer: usize = 0;
/** Results of a tile: masks, dot products of both directions, weights. */
let masks: usize = 0;
let forth: usize = 0;
let back: usize = 0;
let weights: usize = 0;
/** Entries of lists, or f64[4][columns] of weights. */
let col: usize = 0;
let key: usize = 0;
let room: i32 = 0;
let seed: i32 = 0;
let cut: f64 = 0;
let cut32: f32 = 0;

/**
 * @param at where attributes begin, in the order of the variables above, up to the tile's results.
 * @param columns a multiple of 8, above the number of people.
 * @param cutBelow the largest f32 that is not above the threshold; -Infinity lets all pass.
 */
export function setup(
  at: usize,
  columns: i32,
  givenLaw: i32,
  is16: bool,
  blockBytes: usize,
  givenSeed: i32,
  threshold: f64,
  cutBelow: f32,
): usize {
  law = givenLaw;
  whole = is16;
  bytes = blockBytes;
  seed = givenSeed;
  cut = threshold;
  cut32 = cutBelow;
  stride = (<usize>columns) << 2;
  avoid = at;
  have = avoid + stride;
  speaks = have + stride;
  scale = speaks + stride;
  bias = scale + stride;
  bonus = bias + stride;
  ids = bonus + stride;
  live = ids + stride;
  floor = live + stride;
  more = floor + stride;
  count = more + stride;
  blocks = count + stride;
  recent = blocks + stride;
  user = recent + 8 * stride;
  peer = user + (stride >> 4) * bytes;
  rowUser = peer + (stride >> 4) * bytes;
  rowPeer = rowUser + bytes;
  rows = rowPeer + bytes;
  masks = rows + 16;
  forth = masks + 128;
  back = forth + 256;
  weights = back + 256;
  return weights + 128;
}

/** Summarises each block of 8 people for {@link mayMeet}. */
export function summarise(): void {
  for (let at: usize = 0; at < stride; at += 32) {
    let has = -1;
    let avoids = -1;
    let any = 0;
    for (let j = at; j < at + 32; j += 4) {
      // Nobody is eligible who speaks nothing.
      const tongues = load<i32>(speaks + j);
      if (tongues === 0) continue;
      has &= load<i32>(have + j);
      avoids &= load<i32>(avoid + j);
      any |= tongues;
    }
    store<i32>(blocks + at, has, 0);
    store<i32>(blocks + at, avoids, 4);
    store<i32>(blocks + at, any, 8);
  }
}

/** Empties lists 0 to n - 1, of `length` entries each. */
export function begin(n: i32, length: i32, columns: usize, keys: usize): void {
  room = length;
  col = columns;
  key = keys;
  for (let at: usize = 0; at < (<usize>n) << 2; at += 4) {
    store<f32>(floor + at, -Infinity);
    store<i32>(more + at, 0);
    store<i32>(count + at, 0);
  }
}

/** Each pair among all people once, for both lists. Rows and columns that stay in the caches. */
export function halfSquare(panelRows: i32, stripBlocks: i32): void {
  const groups = <i32>(stride >> 4);
  const all = groups >> 1;
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
  tiles(Mode.best, rowUser, rowPeer, 0, <i32>(stride >> 5));
}

/** All weights of 4 rows, f64[4][columns] at `out`; -Infinity where not eligible. */
export function denseRows(a: i32, b: i32, c: i32, d: i32, out: usize): void {
  key = out;
  const none = f64x2.splat(-Infinity);
  for (let at = out; at < out + 8 * stride; at += 16) v128.store(at, none);
  gather(a, b, c, d);
  tiles(Mode.dense, rowUser, rowPeer, 0, <i32>(stride >> 5));
}

function gather(a: i32, b: i32, c: i32, d: i32): void {
  store<i32>(rows, a, 0);
  store<i32>(rows, b, 4);
  store<i32>(rows, c, 8);
  store<i32>(rows, d, 12);
  const width: usize = whole ? 4 : 8;
  for (let r: usize = 0; r < 4; r++) {
    const i = load<i32>(rows + (r << 2));
    let from = (<usize>(i >> 2)) * bytes + (<usize>(i & 3)) * width;
    for (let to = r * width; to < bytes; to += 4 * width, from += 4 * width)
      if (whole) {
        store<i32>(rowUser + to, load<i32>(user + from));
        store<i32>(rowPeer + to, load<i32>(peer + from));
      } else {
        store<i64>(rowUser + to, load<i64>(user + from));
        store<i64>(rowPeer + to, load<i64>(peer + from));
      }
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
    if (law !== Law.hash) {
      const at = (<usize>block << 1) * bytes;
      dots(ofUser, peer + at, forth);
      if (law !== Law.single) dots(ofPeer, user + at, back);
    }
    for (let r: usize = 0; r < 4; r++)
      for (let h: usize = 0; h < 2; h++) {
        const part = (r << 5) + (h << 4);
        const mask = v128.load(masks + part);
        if (!v128.any_true(mask)) continue;
        const i = (<usize>load<i32>(rows + (r << 2))) << 2;
        const w = weigh(i, j + (h << 4), part);
        const ok = v128.and(mask, f32x4.gt(w, f32x4.splat(cut32)));
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

/** Dot products of the 4 rows x with the 8 columns y, [row][column]. */
@inline
function dots(x: usize, y: usize, out: usize): void {
  if (whole) dots16(x, y, out);
  else {
    dots64(x, y, out);
    dots64(x, y + bytes, out + 32);
  }
}

/** Whole numbers of 16 bits with sums below 2^31: exact. i32[4][8]. */
@inline
function dots16(x: usize, y: usize, out: usize): void {
  let a0 = i64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const end = x + bytes;
  let z = y + bytes;
  do {
    const a = v128.load(y);
    const b = v128.load(z);
    let v = v128.load32_splat(x, 0);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, a));
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, b));
    v = v128.load32_splat(x, 4);
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, a));
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, b));
    v = v128.load32_splat(x, 8);
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, a));
    b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, b));
    v = v128.load32_splat(x, 12);
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, a));
    b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v, b));
    x += 16;
    y += 16;
    z += 16;
  } while (x < end);
  v128.store(out, a0, 0);
  v128.store(out, b0, 16);
  v128.store(out, a1, 32);
  v128.store(out, b1, 48);
  v128.store(out, a2, 64);
  v128.store(out, b2, 80);
  v128.store(out, a3, 96);
  v128.store(out, b3, 112);
}

/** Sums from left to right in f64, with the bits of a plain loop. f64[4][8], one half of it. */
@inline
function dots64(x: usize, y: usize, out: usize): void {
  let a0 = i64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const end = x + bytes;
  do {
    const a = v128.load(y, 0);
    const b = v128.load(y, 16);
    let v = v128.load64_splat(x, 0);
    a0 = f64x2.add(a0, f64x2.mul(v, a));
    b0 = f64x2.add(b0, f64x2.mul(v, b));
    v = v128.load64_splat(x, 8);
    a1 = f64x2.add(a1, f64x2.mul(v, a));
    b1 = f64x2.add(b1, f64x2.mul(v, b));
    v = v128.load64_splat(x, 16);
    a2 = f64x2.add(a2, f64x2.mul(v, a));
    b2 = f64x2.add(b2, f64x2.mul(v, b));
    v = v128.load64_splat(x, 24);
    a3 = f64x2.add(a3, f64x2.mul(v, a));
    b3 = f64x2.add(b3, f64x2.mul(v, b));
    x += 32;
    y += 32;
  } while (x < end);
  v128.store(out, a0, 0);
  v128.store(out, b0, 16);
  v128.store(out, a1, 64);
  v128.store(out, b1, 80);
  v128.store(out, a2, 128);
  v128.store(out, b2, 144);
  v128.store(out, a3, 192);
  v128.store(out, b3, 208);
}

/** Four dot products, rounded to f32. `part` is where they would be in a tile of 32-bit numbers. */
@inline
function rounded(tile: usize, part: usize): v128 {
  if (whole) return f32x4.convert_i32x4_s(v128.load(tile + part));
  return narrow(v128.load(tile + 2 * part, 0), v128.load(tile + 2 * part, 16));
}

/** f32 of two and two f64. */
@inline
function narrow(a: v128, b: v128): v128 {
  const low = f32x4.demote_f64x2_zero(a);
  const high = f32x4.demote_f64x2_zero(b);
  return v128.shuffle<i32>(low, high, 0, 1, 4, 5);
}

/** The weights of person i (bytes) with four people from j on, as `combiner` computes them. */
@inline
function weigh(i: usize, j: usize, part: usize): v128 {
  if (law === Law.single) return rounded(forth, part);
  let w: v128;
  if (law === Law.hash) {
    const half = f32x4.splat(2.3283064365386963e-10); // 2^-32
    w = f32x4.mul(f32x4.convert_i32x4_u(hashes(load<i32>(ids + i), v128.load(ids + j))), half);
  } else {
    const scaled = f32x4.mul(v128.load32_splat(scale + i), rounded(forth, part));
    const scaledBack = f32x4.mul(v128.load(scale + j), rounded(back, part));
    const a = f32x4.add(scaled, v128.load32_splat(bias + i));
    w = combine(a, f32x4.add(scaledBack, v128.load(bias + j)));
  }
  return f32x4.add(w, f32x4.add(v128.load32_splat(bonus + i), v128.load(bonus + j)));
}

@inline
function combine(a: v128, b: v128): v128 {
  const half = f32x4.splat(0.5);
  if (law === Law.mean) return f32x4.mul(f32x4.add(a, b), half);
  if (law === Law.smaller) return f32x4.min(a, b);
  const limit = f32x4.splat(MAX_LOG_SCORE);
  const least = f32x4.splat(-MAX_LOG_SCORE);
  a = f32x4.max(least, f32x4.min(limit, a));
  b = f32x4.max(least, f32x4.min(limit, b));
  if (law === Law.product) return exp4(f32x4.mul(f32x4.add(a, b), half));
  if (law === Law.minimum) return exp4(f32x4.min(a, b));
  if (law === Law.sum) return f32x4.mul(f32x4.add(exp4(a), exp4(b)), half);
  return f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.neg(a)), exp4(f32x4.neg(b))));
}

/** f(exp(x)) of four f32. */
function exp4(x: v128): v128 {
  const high = v128.shuffle<i32>(x, x, 2, 3, 2, 3);
  return narrow(exp2(f64x2.promote_low_f32x4(x)), exp2(f64x2.promote_low_f32x4(high)));
}

/**
 * exp of f64 that are exact f32 of at most 80, by the algorithm of fdlibm (e_exp.c, Sun
 * Microsystems 1993), which is the one of V8's and SpiderMonkey's Math.exp; for such numbers the
 * branches of the original give the same as this one path.
 */
@inline
function exp2(x: v128): v128 {
  const sign = v128.and(x, f64x2.splat(-0.0));
  const k = f64x2.trunc(
    f64x2.add(f64x2.mul(f64x2.splat(1.4426950408889634), x), v128.or(f64x2.splat(0.5), sign)),
  );
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(6.9314718036912381649e-1)));
  const low = f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10));
  const r = f64x2.sub(high, low);
  const t = f64x2.mul(r, r);
  let p = f64x2.add(f64x2.splat(-1.6533902205465251539e-6), f64x2.mul(t, f64x2.splat(4.13813679705723846039e-8)));
  p = f64x2.add(f64x2.splat(6.61375632143793436117e-5), f64x2.mul(t, p));
  p = f64x2.add(f64x2.splat(-2.77777777770155933842e-3), f64x2.mul(t, p));
  p = f64x2.add(f64x2.splat(1.66666666666666019037e-1), f64x2.mul(t, p));
  const c = f64x2.sub(r, f64x2.mul(t, p));
  const q = f64x2.div(f64x2.mul(r, c), f64x2.sub(f64x2.splat(2), c));
  const y = f64x2.sub(f64x2.splat(1), f64x2.sub(f64x2.sub(low, q), high));
  // The exponent k of 2^k, from the lowest bits of k + 1.5 x 2^52.
  const bits = i64x2.shl(f64x2.add(k, f64x2.splat(6755399441055744)), 52);
  return f64x2.mul(y, i64x2.add(bits, f64x2.splat(1)));
}

/** Writes four weights as f64, where `ok`. */
@inline
function keep(w: v128, ok: v128, out: usize, part: usize): void {
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
  if (law !== Law.single) return <f64>load<f32>(weights + (lane << 2));
  if (whole) return <f64>load<i32>(forth + part + (lane << 2));
  return load<f64>(forth + 2 * part + (lane << 3));
}

/** Offers four pairs to both lists. Comparisons in f32 drop none that f64 would not. */
@inline
function pickBoth(w: v128, ok: v128, i: usize, j: usize, part: usize): void {
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
function pickOne(w: v128, ok: v128, i: usize, list: usize, j: usize, part: usize): void {
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
  const used = load<i32>(count + list);
  let at = used;
  if (used === room) {
    store<i32>(more + list, -1);
    at--;
    if (!before(i, j, w, load<i32>(cols + ((<usize>at) << 2)), load<f64>(keys + ((<usize>at) << 3)))) return;
  } else store<i32>(count + list, used + 1);
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

/** `pairHash` of one person with four. */
function hashes(id: i32, others: v128): v128 {
  const own = i32x4.splat(id);
  const times = i32x4.splat(1664525);
  const plus = i32x4.splat(1013904223);
  let x = i32x4.splat(seed * 1664525 + 1013904223);
  let y = i32x4.add(i32x4.mul(i32x4.min_u(own, others), times), plus);
  let z = i32x4.add(i32x4.mul(i32x4.max_u(own, others), times), plus);
  let w = i32x4.splat(0x9e3779b9 * 1664525 + 1013904223);
  x = i32x4.add(x, i32x4.mul(y, w));
  y = i32x4.add(y, i32x4.mul(z, x));
  z = i32x4.add(z, i32x4.mul(x, y));
  w = i32x4.add(w, i32x4.mul(y, z));
  x = v128.xor(x, i32x4.shr_u(x, 16));
  y = v128.xor(y, i32x4.shr_u(y, 16));
  z = v128.xor(z, i32x4.shr_u(z, 16));
  w = v128.xor(w, i32x4.shr_u(w, 16));
  x = i32x4.add(x, i32x4.mul(y, w));
  y = i32x4.add(y, i32x4.mul(z, x));
  return i32x4.add(z, i32x4.mul(x, y));
}
