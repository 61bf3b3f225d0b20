const word = new DataView(new ArrayBuffer(8));

/** A finite float64 as mantissa * 2^exponent, both whole. */
function split(value: number): { mantissa: bigint; exponent: number } {
  word.setFloat64(0, value);
  const bits = word.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: value < 0 ? -size : size, exponent: Math.max(1, biased) - 1075 };
}

/**
 * Finite float64 values as whole multiples of one power of two, without rounding: values[k] =
 * integers[k] * 2^exponent.
 */
export function toIntegers(values: ArrayLike<number>): { integers: bigint[]; exponent: number } {
  const parts = Array.from(values, split);
  let exponent = Infinity;
  for (const part of parts) if (part.mantissa !== 0n) exponent = Math.min(exponent, part.exponent);
  if (exponent === Infinity) exponent = 0;
  return {
    integers: parts.map((part) =>
      part.mantissa === 0n ? 0n : part.mantissa << BigInt(part.exponent - exponent),
    ),
    exponent,
  };
}

/** The float64 nearest to integer * 2^exponent. */
export function toNumber(integer: bigint, exponent: number): number {
  // Bits that no float64 holds become one sticky bit, so that what is left is in range and rounds
  // the same way.
  const extra = Math.max(0, integer.toString(16).length * 4 - 128);
  const high = integer >> BigInt(extra);
  const sticky = high << BigInt(extra) === integer ? 0n : 1n;
  const power = exponent + extra;
  const half = Math.trunc(power / 2);
  return Number(high | sticky) * 2 ** half * 2 ** (power - half);
}

/** The smallest float64 not below integer * 2^exponent. */
export function toNumberUp(integer: bigint, exponent: number): number {
  const nearest = toNumber(integer, exponent);
  const { mantissa, exponent: own } = split(nearest);
  const low = Math.min(own, exponent);
  if (mantissa << BigInt(own - low) >= integer << BigInt(exponent - low)) return nearest;
  word.setFloat64(0, nearest);
  word.setBigInt64(0, word.getBigInt64(0) + (nearest >= 0 ? 1n : -1n));
  return word.getFloat64(0);
}

/** Sum of finite float64 values over a whole divisor, rounded once. */
export function exactSum(values: ArrayLike<number>, divisor = 1): number {
  const { integers, exponent } = toIntegers(values);
  const sum = integers.reduce((total, v) => total + v, 0n);
  if (divisor === 1) return toNumber(sum, exponent);
  // Far more bits than float64 holds; a remainder becomes a sticky bit.
  const shifted = sum << 160n;
  const quotient = shifted / BigInt(divisor);
  const remainder = shifted - quotient * BigInt(divisor);
  const sticky = remainder === 0n || quotient % 2n !== 0n ? 0n : remainder > 0n ? 1n : -1n;
  return toNumber(quotient + sticky, exponent - 160);
}
