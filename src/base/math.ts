/**
 * exp, log, cos and tanh with the same bits in every engine. ECMAScript leaves the rounding of
 * `Math.exp` and its like to the engine, and browsers differ from each other and from Node in the
 * last bit. An evening would then depend on where it runs. The method is that of fdlibm 5.3 (Sun
 * Microsystems, netlib.org/fdlibm, freely usable); errors are below one unit in the last place.
 */

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Index of the word with sign and exponent. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

function highWord(x: number): number {
  float[0] = x;
  return words[HIGH];
}

/** 2^k for the exponents of normal numbers, -1022 to 1023. */
function powerOfTwo(k: number): number {
  words[HIGH] = (1023 + k) << 20;
  words[1 - HIGH] = 0;
  return float[0];
}

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** e^x. */
export function exp(x: number): number {
  const magnitude = Math.abs(x);
  // Overflow, underflow, subnormal results, NaN: no digits that could differ matter there.
  if (!(magnitude < 708)) return x > 709.782712893384 ? Infinity : x < -745.2 ? 0 : Math.exp(x);
  if (x === 1) return Math.E;
  if (magnitude < 2 ** -28) return 1 + x;
  let k = 0;
  let high = x;
  let low = 0;
  const top = highWord(magnitude);
  if (top > 0x3fd62e42) {
    if (top < 0x3ff0a2b2) k = x < 0 ? -1 : 1;
    else k = Math.trunc(1.442695040888963387 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  return (1 - (low - (r * c) / (2 - c) - high)) * powerOfTwo(k);
}

/** Natural logarithm; -Infinity for 0, NaN below. */
export function log(x: number): number {
  if (!(x >= 2 ** -1022 && x < Infinity)) return Math.log(x);
  float[0] = x;
  let top = words[HIGH];
  let k = (top >>> 20) - 1023;
  top &= 0xfffff;
  const half = (top + 0x95f64) & 0x100000;
  words[HIGH] = top | (half ^ 0x3ff00000);
  k += half >>> 20;
  const f = float[0] - 1;
  if ((0xfffff & (2 + top)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const r = odd + even;
  if (((top - 0x6147a) | (0x6b851 - top)) > 0) {
    const square = 0.5 * f * f;
    if (k === 0) return f - (square - s * (square + r));
    return k * LN2_HIGH - (square - (s * (square + r) + k * LN2_LOW) - f);
  }
  if (k === 0) return f - s * (f - r);
  return k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

/** Hyperbolic tangent, to a few units in the last place. */
export function tanh(x: number): number {
  if (Math.abs(x) < 1e-5) return x - (x * x * x) / 3;
  return 1 - 2 / (exp(2 * x) + 1);
}

/** Parts of pi / 2: 33 bits each, and what is left. */
const PIO2_1 = 1.57079632673412561417;
const PIO2_1T = 6.07710050650619224932e-11;
const PIO2_2 = 6.0771005063039659766e-11;
const PIO2_2T = 2.02226624879595063154e-21;

/** Cosine of an angle of at most 10^5 radians in magnitude. */
export function cos(angle: number): number {
  const x = Math.abs(angle);
  if (!(x < 1e5)) return Math.cos(angle);
  if (x <= Math.PI / 4) return kernelCos(x, 0);
  const n = Math.trunc(x * 6.36619772367581382433e-1 + 0.5);
  let r = x - n * PIO2_1;
  let w = n * PIO2_1T;
  let high = r - w;
  // Near a multiple of pi / 2 the first 33 bits cancel.
  if ((highWord(x) >>> 20) - ((highWord(high) >>> 20) & 0x7ff) > 16) {
    const t = r;
    w = n * PIO2_2;
    r = t - w;
    w = n * PIO2_2T - (t - r - w);
    high = r - w;
  }
  const low = r - high - w;
  const quarter = n & 3;
  if (quarter === 0) return kernelCos(high, low);
  if (quarter === 1) return -kernelSin(high, low);
  return quarter === 2 ? -kernelCos(high, low) : kernelSin(high, low);
}

/** Cosine of high + low, within pi / 4 of 0. */
function kernelCos(x: number, y: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 2 ** -27) return 1;
  const z = x * x;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const top = highWord(magnitude);
  if (top < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  let quarter = 0.28125;
  if (top <= 0x3fe90000) {
    words[HIGH] = top - 0x200000;
    words[1 - HIGH] = 0;
    quarter = float[0];
  }
  return 1 - quarter - (0.5 * z - quarter - (z * r - x * y));
}

/** Sine of high + low, within pi / 4 of 0. */
function kernelSin(x: number, y: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  const z = x * x;
  const v = z * x;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}
