/*
 * Dot products and weights of the scoring kernel, with the bits of `dot` and `combiner`.
 */
import { back, bias, bonus, bytes, formula, forth, ids, law, Laws, scale, seed, stride, is16, formulaTerms } from './layout.as';

/** Scores are clamped to this size before exp, as in `score/combine.ts`. */
const MAX_LOG_SCORE: f32 = 80;

/** Dot products of the 4 rows x with the 8 columns y, [row][column]. */
@inline
export function dots(x: usize, y: usize, out: usize): void {
  if (is16) dots16(x, y, out);
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
  if (is16) return f32x4.convert_i32x4_s(v128.load(tile + part));
  return narrow(v128.load(tile + 2 * part, 0), v128.load(tile + 2 * part, 16));
}

/** f32 of two and two f64. */
@inline
function narrow(a: v128, b: v128): v128 {
  const low = f32x4.demote_f64x2_zero(a);
  const high = f32x4.demote_f64x2_zero(b);
  return v128.shuffle<i32>(low, high, 0, 1, 4, 5);
}

/**
 * The weights of person i (bytes) with four people from j on, as `combiner` computes them; or
 * -Infinity where a bound shows that all of them are below `least`.
 */
@inline
export function weigh(i: usize, j: usize, part: usize, least: v128): v128 {
  if (law === Laws.single) return rounded(forth, part);
  const extra = f32x4.add(v128.load32_splat(bonus + i), v128.load(bonus + j));
  let w: v128;
  if (law === Laws.hash || law === Laws.formulaOfHash) {
    const half = f32x4.splat(2.3283064365386963e-10); // 2^-32
    w = f32x4.mul(f32x4.convert_i32x4_u(hashes(load<i32>(ids + i), v128.load(ids + j))), half);
    if (law === Laws.formulaOfHash) w = own(i, j, w, w);
  } else {
    const scaled = f32x4.mul(v128.load32_splat(scale + i), rounded(forth, part));
    const scaledBack = f32x4.mul(v128.load(scale + j), rounded(back, part));
    const a = f32x4.add(scaled, v128.load32_splat(bias + i));
    const b = f32x4.add(scaledBack, v128.load(bias + j));
    if (law === Laws.formula) return f32x4.add(own(i, j, a, b), extra);
    if (law > Laws.smaller) {
      const most = f32x4.mul(combine(a, b, true), f32x4.splat(NEAR_MARGIN));
      if (!v128.any_true(f32x4.ge(f32x4.add(most, extra), least))) return f32x4.splat(-Infinity);
    }
    w = combine(a, b, false);
  }
  return f32x4.add(w, extra);
}

/** The weight of persons i and j (bytes) from their two dot products, as `weigh`. */
@inline
export function weightOf(i: usize, j: usize, d: i32, e: i32): f32 {
  const a = load<f32>(scale + i) * <f32>d + load<f32>(bias + i);
  const b = load<f32>(scale + j) * <f32>e + load<f32>(bias + j);
  const extra = load<f32>(bonus + i) + load<f32>(bonus + j);
  if (law === Laws.mean) return (a + b) * 0.5 + extra;
  return f32x4.extract_lane(combine(f32x4.splat(a), f32x4.splat(b), false), 0) + extra;
}

/** The policy's own formula of both scores, by the module that `formulaModule` makes. */
@inline
function own(i: usize, j: usize, a: v128, b: v128): v128 {
  return call_indirect<v128>(formula, formulaTerms + i, formulaTerms + j, stride, a, b);
}

/** @param near whether exponentials may be wrong by NEAR_ERROR. */
@inline
function combine(a: v128, b: v128, near: bool): v128 {
  const half = f32x4.splat(0.5);
  if (law === Laws.mean) return f32x4.mul(f32x4.add(a, b), half);
  if (law === Laws.smaller) return f32x4.min(a, b);
  const limit = f32x4.splat(MAX_LOG_SCORE);
  const least = f32x4.splat(-MAX_LOG_SCORE);
  a = f32x4.max(least, f32x4.min(limit, a));
  b = f32x4.max(least, f32x4.min(limit, b));
  if (law === Laws.product) return power(f32x4.mul(f32x4.add(a, b), half), near);
  if (law === Laws.minimum) return power(f32x4.min(a, b), near);
  if (law === Laws.sum) return f32x4.mul(f32x4.add(power(a, near), power(b, near)), half);
  return f32x4.div(f32x4.splat(2), f32x4.add(power(f32x4.neg(a), near), power(f32x4.neg(b), near)));
}

@inline
function power(x: v128, near: bool): v128 {
  return near ? exp4Near(x) : exp4(x);
}

/** Relative error of `exp4Near`, rounding included; and a factor that makes a bound of a mean. */
const NEAR_ERROR: f32 = 0.0018;
const NEAR_MARGIN: f32 = 1 + 2.2 * NEAR_ERROR;

/** exp(x) of four f32 of at most 80 in magnitude, within NEAR_ERROR. */
@inline
function exp4Near(x: v128): v128 {
  // x = (k + f) ln 2 with |f| <= 1/2: k in the lowest bits of k + 1.5 x 2^23, 2^f by the parabola
  // of least relative error.
  const y = f32x4.mul(x, f32x4.splat(1.4426950408889634));
  const shifted = f32x4.add(y, f32x4.splat(12582912));
  const f = f32x4.sub(y, f32x4.sub(shifted, f32x4.splat(12582912)));
  const line = f32x4.add(f32x4.mul(f, f32x4.splat(0.2384276)), f32x4.splat(0.7034491));
  return i32x4.add(f32x4.add(f32x4.mul(f, line), f32x4.splat(1.0004433)), i32x4.shl(shifted, 23));
}

/** f(exp(x)) of four f32. */
export function exp4(x: v128): v128 {
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

/** f(log(x)) of four f32 that are positive and normal. */
export function log4(x: v128): v128 {
  const high = v128.shuffle<i32>(x, x, 2, 3, 2, 3);
  return narrow(log2(f64x2.promote_low_f32x4(x)), log2(f64x2.promote_low_f32x4(high)));
}

/**
 * log of f64 that are exact normal f32, by the algorithm of fdlibm (e_log.c, Sun Microsystems
 * 1993), which is the one of Math.log. x = 2^k (1 + f) with sqrt(1/2) < 1 + f < sqrt(2); the
 * branches of the original give the same, or differ far below the last bit of an f32.
 */
@inline
function log2(x: v128): v128 {
  const top = i64x2.shr_u(x, 32);
  // fdlibm moves values from 0x3ff6a09e on to the next exponent.
  const moved = i64x2.add(top, i64x2.splat(0x3ff00000 - 0x3fe6a09e));
  const k64 = i64x2.sub(i64x2.shr_u(moved, 20), i64x2.splat(0x3ff));
  const scaled = i64x2.sub(x, i64x2.shl(k64, 52));
  const k = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(k64, k64, 0, 2, 0, 2));
  const f = f64x2.sub(scaled, f64x2.splat(1));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  let odd = f64x2.add(f64x2.splat(2.222219843214978396e-1), f64x2.mul(w, f64x2.splat(1.531383769920937332e-1)));
  odd = f64x2.mul(w, f64x2.add(f64x2.splat(3.999999999940941908e-1), f64x2.mul(w, odd)));
  let even = f64x2.add(f64x2.splat(1.818357216161805012e-1), f64x2.mul(w, f64x2.splat(1.479819860511658591e-1)));
  even = f64x2.add(f64x2.splat(2.857142874366239149e-1), f64x2.mul(w, even));
  even = f64x2.mul(z, f64x2.add(f64x2.splat(6.666666666666735130e-1), f64x2.mul(w, even)));
  const r = f64x2.add(odd, even);
  const low = f64x2.add(f64x2.mul(s, f64x2.add(half, r)), f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10)));
  const high = f64x2.mul(k, f64x2.splat(6.93147180369123816490e-1));
  return f64x2.sub(high, f64x2.sub(f64x2.sub(half, low), f));
}

/** `pairHash` of one person with four. */
export function hashes(id: i32, others: v128): v128 {
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
