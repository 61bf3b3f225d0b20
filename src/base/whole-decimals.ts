const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;
/**
 * More places than this are not decimals that a person wrote, and powers of ten above 10^22 are not
 * exact.
 */
const MAX_PLACES = 22;

/** Digits of a float64 in its shortest decimal form, as digits * 10^-places. */
function digitsOf(value: number): { digits: bigint; places: number } {
  const [, sign, whole, fraction = '', exponent = '0'] = DECIMAL.exec(String(value))!;
  const digits = BigInt(sign + whole + fraction);
  return { digits, places: digits === 0n ? 0 : fraction.length - Number(exponent) };
}

/**
 * Decimals as whole numbers: 0.1, 0.2 and 0.3 as 1, 2 and 3 tenths. Sums of them are then exact, as
 * a person expects of decimals.
 *
 * @param values finite numbers, or infinite ones, which stay as they are.
 * @returns whole[k] = values[k] * times, `times` a power of ten; undefined where no such power
 *   makes every value a whole float64.
 */
export function wholeDecimals(values: Float64Array): { whole: Float64Array; times: number } | undefined {
  if (values.every((v) => Number.isInteger(v) || !Number.isFinite(v))) return { whole: values, times: 1 };
  const parts: ({ digits: bigint; places: number } | undefined)[] = [];
  let places = 0;
  for (const value of values) {
    const part = Number.isFinite(value) ? digitsOf(value) : undefined;
    places = Math.max(places, part?.places ?? 0);
    if (places > MAX_PLACES) return undefined;
    parts.push(part);
  }
  const whole = values.slice();
  for (const [k, part] of parts.entries()) {
    if (part === undefined) continue;
    const exact = part.digits * 10n ** BigInt(places - part.places);
    whole[k] = Number(exact);
    if (BigInt(whole[k]) !== exact) return undefined;
  }
  return { whole, times: 10 ** places };
}
