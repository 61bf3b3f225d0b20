/** Numbers as text. Every function returns an en dash for NaN and infinity. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const minus = (text: string) => text.replace('-', '\u2212');
const guarded = (format: (x: number) => string) => (x: number) =>
  Number.isFinite(x) ? minus(format(x)) : '\u2013';

/** Four significant digits: 0.01953, 1,250. */
export const fine = guarded((x) =>
  Math.abs(x) >= 1000 ? whole.format(x) : String(Number(x.toPrecision(4))),
);

/** About three significant digits: 0.31, 4.21, 18.4, 240, 12,300. */
export const figure = guarded((x) => {
  const size = Math.abs(x);
  if (size === 0) return '0';
  if (size >= 100) return whole.format(x);
  if (size >= 10) return x.toFixed(1);
  return size >= 0.01 ? x.toFixed(2) : x.toPrecision(2);
});

/** 980, 1.2k, 34k, 1.2M */
export const compact = guarded((x) => {
  const size = Math.abs(x);
  if (size < 1000) return whole.format(x);
  const [scaled, suffix] = size < 999_500 ? [x / 1e3, 'k'] : [x / 1e6, 'M'];
  return `${Math.abs(scaled) < 10 ? scaled.toFixed(1) : scaled.toFixed(0)}${suffix}`;
});

/** A share with one or two decimals: 21.4 %. */
export const finePercent = guarded((x) => {
  const p = x * 100;
  const size = Math.abs(p);
  return `${size >= 10 || size === 0 ? p.toFixed(size >= 99.95 || size === 0 ? 0 : 1) : p.toFixed(2)} %`;
});

/** A share at a tick of an axis: 50 %. */
export const axisPercent = (share: number): string => `${fine(100 * share)} %`;

/** 0.42 s, 12.5 s, 4 m 12 s */
export const seconds = guarded((x) => {
  const size = Math.abs(x);
  if (size < 10) return `${x.toFixed(2)} s`;
  if (size < 90) return `${x.toFixed(1)} s`;
  return `${x < 0 ? '-' : ''}${Math.floor(Math.round(size) / 60)} m ${Math.round(size) % 60} s`;
});

/** An interval of seconds; without one, there are too few people to tell. */
export const secondsRange = (low: number, high: number): string =>
  Number.isFinite(low) && Number.isFinite(high) ? `${seconds(low)} to ${seconds(high)}` : 'too few people';

/** A value with its unit; many seconds as minutes. */
export function inUnit(value: number, unit: string): string {
  if (unit === 's') return seconds(value);
  const text = figure(value);
  if (!Number.isFinite(value)) return text;
  return unit === '' || unit === '1' ? text : `${text} ${unit}`;
}

/** A dual price. One below 0.01 is the rest of a rounding, and 0. */
export function priceText(value: number, unit: string): string {
  if (Math.abs(value) < 0.01) return unit === '' || unit === '1' ? '0' : `0 ${unit}`;
  return inUnit(value, unit);
}

/** 3.21 ms */
export const millis = guarded((x) => `${figure(x)} ms`);

/** With its sign: +3.2, −0.4, 0 */
export const signed = guarded((x) => `${x > 0 ? '+' : ''}${figure(x)}`);

/** Without the digits that its standard error makes meaningless: two places of the error stay. */
export function roundedTo(value: number, error: number): number {
  if (!(error > 0) || !Number.isFinite(value)) return value;
  return Number(value.toFixed(Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(error))))));
}

/** Simulated time since opening: 0:05, 12:30, 1:02:00. */
export const clock = guarded((x) => {
  const s = Math.round(x);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
});
