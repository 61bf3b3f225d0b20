import type { KnobInfo } from '../../src/scenario/knob.ts';

/** Number of positions of a logarithmic slider. */
export const SLIDER_STEPS = 400;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/**
 * Sliders with more steps than this are logarithmic, even if the schema does not say so: small
 * values differ most.
 */
const LINEAR_STEPS = 150;

export function rangeOf(info: KnobInfo): Range {
  return { min: info.min ?? 0, max: info.max ?? 1, step: info.step ?? 0.01 };
}

export function isLogarithmic(info: KnobInfo): boolean {
  const { min, max, step } = rangeOf(info);
  return info.log === true || (max - min) / step > LINEAR_STEPS;
}

/**
 * Slider position, 0 to SLIDER_STEPS, of a value: log((value + c) / (min + c)), with c = 0 unless
 * the range includes 0.
 */
export function toPosition(info: KnobInfo, value: number): number {
  const { min, max } = rangeOf(info);
  const c = offset(info);
  const share = Math.log((clamp(value, min, max) + c) / (min + c)) / Math.log((max + c) / (min + c));
  return Math.round(share * SLIDER_STEPS);
}

/** The value at a slider position, rounded to the knob's step and to two significant digits. */
export function fromPosition(info: KnobInfo, position: number): number {
  const { min, max } = rangeOf(info);
  const c = offset(info);
  if (position <= 0) return min;
  if (position >= SLIDER_STEPS) return max;
  const raw = (min + c) * ((max + c) / (min + c)) ** (position / SLIDER_STEPS) - c;
  return snap(info, raw, 2);
}

/**
 * The value after the slider moved from `before` to a position. If rounding returns `before`, takes
 * the next value in that direction.
 */
export function slideTo(info: KnobInfo, before: number, position: number): number {
  const value = fromPosition(info, position);
  const from = toPosition(info, before);
  if (value !== before || position === from) return value;
  const unit = Math.max(rangeOf(info).step, 10 ** (Math.floor(Math.log10(Math.max(before, 1e-9))) - 1));
  return snap(info, before + Math.sign(position - from) * unit, 3);
}

/**
 * Nearest multiple of the knob's step (counted from 0) inside its range. `digits` limits the
 * significant digits.
 */
export function snap(info: KnobInfo, value: number, digits = 15): number {
  const { min, max, step } = rangeOf(info);
  const coarse = Number(value.toPrecision(digits));
  const stepped = Math.round(coarse / step) * step;
  return clamp(Number(stepped.toFixed(decimalsOf(step))), min, max);
}

/** Number of decimals of a multiple of a step. */
export function decimalsOf(step: number): number {
  const [, fraction = ''] = String(step).split('.');
  return fraction.length;
}

function offset(info: KnobInfo): number {
  const { min, step } = rangeOf(info);
  return min > 0 ? 0 : 5 * step;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
