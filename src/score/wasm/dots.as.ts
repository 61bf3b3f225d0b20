/*
 * The dot-product kernels of the CPU backend, in AssemblyScript. A vector of 128 bits holds 2
 * columns of f64 or 4 of f32. Columns lie in blocks of 8 vectors, [block][k][column]. Every sum
 * runs from left to right, so that it has the same bits as a plain loop. Addresses and lengths are
 * in bytes, and all counts are at least 1.
 */

/**
 * One row x, `bytes` long, against `blocks` blocks of y: out[column] = sum over k of x[k] *
 * y[k][column].
 */
@inline
function oneRow<T>(x: usize, y: usize, blocks: i32, bytes: usize, out: usize): void {
  const end = x + bytes;
  do {
    let s0 = i64x2(0, 0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    let p = x;
    do {
      const v = v128.load_splat<T>(p);
      s0 = v128.add<T>(s0, v128.mul<T>(v, v128.load(y, 0)));
      s1 = v128.add<T>(s1, v128.mul<T>(v, v128.load(y, 16)));
      s2 = v128.add<T>(s2, v128.mul<T>(v, v128.load(y, 32)));
      s3 = v128.add<T>(s3, v128.mul<T>(v, v128.load(y, 48)));
      s4 = v128.add<T>(s4, v128.mul<T>(v, v128.load(y, 64)));
      s5 = v128.add<T>(s5, v128.mul<T>(v, v128.load(y, 80)));
      s6 = v128.add<T>(s6, v128.mul<T>(v, v128.load(y, 96)));
      s7 = v128.add<T>(s7, v128.mul<T>(v, v128.load(y, 112)));
      y += 128;
      p += sizeof<T>();
    } while (p < end);
    v128.store(out, s0, 0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    v128.store(out, s4, 64);
    v128.store(out, s5, 80);
    v128.store(out, s6, 96);
    v128.store(out, s7, 112);
    out += 128;
  } while (--blocks);
}

/**
 * Four rows at once, which reads the columns a quarter as often. x is [k][row], `bytes` long; the
 * results of row r begin at out + r * stride. Two vectors of columns at a time keep all eight sums
 * in registers.
 */
@inline
function fourRows<T>(x: usize, y: usize, blocks: i32, bytes: usize, out: usize, stride: usize): void {
  const end = x + bytes;
  let out1 = out + stride;
  let out2 = out1 + stride;
  let out3 = out2 + stride;
  do {
    let q = y;
    for (let part: usize = 0; part < 128; part += 32) {
      let a0 = i64x2(0, 0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      let p = x;
      q = y + part;
      do {
        const a = v128.load(q, 0);
        const b = v128.load(q, 16);
        let v = v128.load_splat<T>(p, 0);
        a0 = v128.add<T>(a0, v128.mul<T>(v, a));
        b0 = v128.add<T>(b0, v128.mul<T>(v, b));
        v = v128.load_splat<T>(p, sizeof<T>());
        a1 = v128.add<T>(a1, v128.mul<T>(v, a));
        b1 = v128.add<T>(b1, v128.mul<T>(v, b));
        v = v128.load_splat<T>(p, 2 * sizeof<T>());
        a2 = v128.add<T>(a2, v128.mul<T>(v, a));
        b2 = v128.add<T>(b2, v128.mul<T>(v, b));
        v = v128.load_splat<T>(p, 3 * sizeof<T>());
        a3 = v128.add<T>(a3, v128.mul<T>(v, a));
        b3 = v128.add<T>(b3, v128.mul<T>(v, b));
        q += 128;
        p += 4 * sizeof<T>();
      } while (p < end);
      v128.store(out + part, a0, 0);
      v128.store(out + part, b0, 16);
      v128.store(out1 + part, a1, 0);
      v128.store(out1 + part, b1, 16);
      v128.store(out2 + part, a2, 0);
      v128.store(out2 + part, b2, 16);
      v128.store(out3 + part, a3, 0);
      v128.store(out3 + part, b3, 16);
    }
    y = q - 96;
    out += 128;
    out1 += 128;
    out2 += 128;
    out3 += 128;
  } while (--blocks);
}

export function oneRowF64(x: usize, y: usize, blocks: i32, bytes: usize, out: usize): void {
  oneRow<f64>(x, y, blocks, bytes, out);
}

export function oneRowF32(x: usize, y: usize, blocks: i32, bytes: usize, out: usize): void {
  oneRow<f32>(x, y, blocks, bytes, out);
}

export function fourRowsF64(x: usize, y: usize, blocks: i32, bytes: usize, out: usize, stride: usize): void {
  fourRows<f64>(x, y, blocks, bytes, out, stride);
}

export function fourRowsF32(x: usize, y: usize, blocks: i32, bytes: usize, out: usize, stride: usize): void {
  fourRows<f32>(x, y, blocks, bytes, out, stride);
}

/** One bit for each of four columns for which v - low > y or v - high > reach. */
@inline
function bits(v: v128, y: v128, reach: v128, low: v128, high: v128): i32 {
  const overY = v128.gt<f32>(v128.sub<f32>(v, low), y);
  const overReach = v128.gt<f32>(v128.sub<f32>(v, high), reach);
  return v128.bitmask<i32>(v128.or(overY, overReach));
}

/**
 * Finds the f32 columns c with v[c] - low > y[c] or v[c] - high > reach[c]. For every block that
 * has one, writes the block's number and 32 bits, one per column, to `list`.
 *
 * @returns the address after the last entry of the list.
 */
export function above(v: usize, y: usize, reach: usize, blocks: i32, list: usize, low: f32, high: f32): usize {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let block = 0;
  do {
    let found = bits(v128.load(v, 0), v128.load(y, 0), v128.load(reach, 0), lows, highs);
    found |= bits(v128.load(v, 16), v128.load(y, 16), v128.load(reach, 16), lows, highs) << 4;
    found |= bits(v128.load(v, 32), v128.load(y, 32), v128.load(reach, 32), lows, highs) << 8;
    found |= bits(v128.load(v, 48), v128.load(y, 48), v128.load(reach, 48), lows, highs) << 12;
    found |= bits(v128.load(v, 64), v128.load(y, 64), v128.load(reach, 64), lows, highs) << 16;
    found |= bits(v128.load(v, 80), v128.load(y, 80), v128.load(reach, 80), lows, highs) << 20;
    found |= bits(v128.load(v, 96), v128.load(y, 96), v128.load(reach, 96), lows, highs) << 24;
    found |= bits(v128.load(v, 112), v128.load(y, 112), v128.load(reach, 112), lows, highs) << 28;
    if (found) {
      store<i32>(list, block, 0);
      store<i32>(list, found, 4);
      list += 8;
    }
    v += 128;
    y += 128;
    reach += 128;
    block++;
  } while (--blocks);
  return list;
}

/**
 * Packs vectors of `dim` components for the scoring kernel: those of the n rows whose numbers are
 * at `who`, into blocks of four people of `block` bytes at `to`. Rows are at `from`, one behind the
 * other. Whole numbers of 16 bits come as f32 and are packed in twos.
 */
export function pack16(from: usize, who: usize, n: i32, dim: usize, block: usize, to: usize): void {
  const row = dim << 2;
  for (let p = 0; p < n; p += 4, who += 16, to += block) {
    let e: usize = 0;
    if (p + 4 <= n) {
      const a = from + (<usize>load<i32>(who, 0)) * row;
      const b = from + (<usize>load<i32>(who, 4)) * row;
      const c = from + (<usize>load<i32>(who, 8)) * row;
      const d = from + (<usize>load<i32>(who, 12)) * row;
      for (; e < (dim & ~3); e += 4) {
        const at = e << 2;
        const ab = i16x8.narrow_i32x4_s(whole(a + at), whole(b + at));
        const cd = i16x8.narrow_i32x4_s(whole(c + at), whole(d + at));
        v128.store(to + 2 * at, v128.shuffle<i32>(ab, cd, 0, 2, 4, 6));
        v128.store(to + 2 * at, v128.shuffle<i32>(ab, cd, 1, 3, 5, 7), 16);
      }
    }
    for (; e < dim; e++)
      for (let r = 0; r < min(4, n - p); r++) {
        const v = load<f32>(from + (<usize>load<i32>(who + (r << 2))) * row + (e << 2));
        store<i16>(to + ((e >> 1) << 4) + (r << 2) + ((e & 1) << 1), <i16>v);
      }
  }
}

@inline
function whole(at: usize): v128 {
  return i32x4.trunc_sat_f32x4_s(v128.load(at));
}

/** As `pack16`, for vectors of f64. */
export function pack64(from: usize, who: usize, n: i32, dim: usize, block: usize, to: usize): void {
  for (let p = 0; p < n; p++, who += 4) {
    const own = from + (((<usize>load<i32>(who)) * dim) << 3);
    const at = to + (<usize>(p >> 2)) * block + ((<usize>(p & 3)) << 3);
    for (let e: usize = 0; e < dim; e++) store<f64>(at + (e << 5), load<f64>(own + (e << 3)));
  }
}

/**
 * Writes squared lengths of n vectors, one behind the other, to `out`: f64 of the components before
 * `cut`, and f64 of the others.
 *
 * @returns whether all components are whole numbers of 16 bits.
 */
@inline
function squares<T>(from: usize, n: i32, dim: usize, cut: usize, out: usize): bool {
  allWhole = i32x4.splat(-1);
  for (; n > 0; n--, out += 16) {
    const middle = from + cut * sizeof<T>();
    const end = from + dim * sizeof<T>();
    store<f64>(out, square<T>(from, middle), 0);
    store<f64>(out, square<T>(middle, end), 8);
    from = end;
  }
  return i32x4.all_true(allWhole);
}

let allWhole: v128 = i32x4.splat(0);

@inline
function square<T>(from: usize, end: usize): f64 {
  let sums = f64x2.splat(0);
  for (; from + 16 <= end; from += 16) sums = f64x2.add(sums, squaresOf<T>(v128.load(from)));
  for (; from < end; from += sizeof<T>())
    sums = f64x2.add(sums, squaresOf<T>(sizeof<T>() === 4 ? v128.load32_zero(from) : v128.load64_zero(from)));
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

@inline
function squaresOf<T>(v: v128): v128 {
  const near = sizeof<T>() === 4 ? i32x4.trunc_sat_f32x4_s(v) : i32x4.trunc_sat_f64x2_s_zero(v);
  const narrow = i32x4.shr_s(i32x4.shl(near, 16), 16);
  const isWhole =
    sizeof<T>() === 4
      ? f32x4.eq(f32x4.convert_i32x4_s(narrow), v)
      : f64x2.eq(f64x2.convert_low_i32x4_s(narrow), v);
  allWhole = v128.and(allWhole, isWhole);
  const twice = i16x8.narrow_i32x4_s(narrow, narrow);
  // The sum of two squares may be 2^31.
  return f64x2.convert_low_i32x4_u(i32x4.dot_i16x8_s(twice, twice));
}

export function squaresF32(from: usize, n: i32, dim: usize, cut: usize, out: usize): bool {
  return squares<f32>(from, n, dim, cut, out);
}

export function squaresF64(from: usize, n: i32, dim: usize, cut: usize, out: usize): bool {
  return squares<f64>(from, n, dim, cut, out);
}
