import type { KnobInfo } from '../../src/scenario/knob.ts';
import type { Policy } from '../../src/scenario/schema.ts';

/** Placeholder for a missing number. */
export const NO_VALUE = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const NARROW = '\u202f';

export function count(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : NO_VALUE;
}

/** A duration: "0.7 s", "41 s", "4 m 12 s", "1 h 05 m". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_VALUE;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NARROW}s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s}${NARROW}s`;
  if (s < 3600) return `${Math.floor(s / 60)}${NARROW}m ${s % 60}${NARROW}s`;
  const minutes = Math.round(s / 60);
  return `${Math.floor(minutes / 60)}${NARROW}h ${String(minutes % 60).padStart(2, '0')}${NARROW}m`;
}

/** A share as percent, with two decimals below 1 %. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return NO_VALUE;
  const p = share * 100;
  const digits = p === 0 ? 0 : p < 1 ? 2 : p < 10 ? 1 : 0;
  return `${p.toFixed(digits)}${NARROW}%`;
}

/**
 * The gap to the bound. With negative weights it may exceed 100 %, and then its size means nothing.
 */
export function gapText(gap: number): string {
  return gap > 1 ? `> 100${NARROW}%` : percent(gap);
}

/** One decimal below 100, none above. */
export function rate(value: number): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  return value < 99.95 ? value.toFixed(1) : whole.format(value);
}

/**
 * A weight with the unit of its policy: predicted seconds, points, or the value of a formula, which
 * has none. Scorers without a unit have no weight to show.
 */
export function weight({ scorer, formula }: Pick<Policy, 'scorer' | 'formula'>, value: number): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  if (formula !== '') return rate(value);
  if (scorer === 'rules') return `${rate(value)} points`;
  if (scorer === 'random' || scorer === 'first-come') return NO_VALUE;
  return duration(value);
}

/** A unit behind a figure: 0.5 / s. */
export const knobUnit = (unit: string): string => unit.replace(/^1\//, '/ ');

/** A knob's value with its unit. */
export function knobText(info: KnobInfo, value: number | string): string {
  if (typeof value === 'string') return info.options?.find((o) => o.value === value)?.label ?? value;
  if (info.unit === '%') return `${Number((value * 100).toFixed(1))}${NARROW}%`;
  const figure = new Intl.NumberFormat('en', { maximumFractionDigits: 3 }).format(value);
  return info.unit === '' ? figure : `${figure}${NARROW}${knobUnit(info.unit)}`;
}

export function speedText(speed: number): string {
  return speed === Infinity ? 'max' : `×${speed}`;
}
