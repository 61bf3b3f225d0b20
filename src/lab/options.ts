import { LabError } from '../base/errors.ts';

/** Options of a command, as text. */
export type Options = Readonly<Record<string, string | undefined>>;

/** A number option within its range. */
export function numberOption(
  options: Options,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const text = options[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max))
    throw new LabError(`--${name} must lie between ${min} and ${max}; it is ${text}`);
  return value;
}

export function wholeOption(
  options: Options,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const value = numberOption(options, name, fallback, min, max);
  if (!Number.isInteger(value)) throw new LabError(`--${name} must be a whole number; it is ${value}`);
  return value;
}
