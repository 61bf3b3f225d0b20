import { LabError } from '../base/errors.ts';

/** Any list of numbers that metrics read. */
export type Numbers = ArrayLike<number>;

/** Throws LabError at the first value that is not finite; `what` names the list. */
export function mustBeFinite(values: Numbers, what: string): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new LabError(`${what} must be finite; value ${i} is ${values[i]}`, `${what}[${i}]`);
}

/** Throws LabError unless both lists have the same length. */
export function mustMatch(a: Numbers, b: Numbers, what: string): void {
  if (a.length !== b.length)
    throw new LabError(`${what} must have the same length; they have ${a.length} and ${b.length}`);
}

/** Positions 0 to n - 1 in ascending order of their values; equal values keep their order. */
export function order(values: Numbers): Uint32Array {
  const positions = Uint32Array.from({ length: values.length }, (_, i) => i);
  return positions.sort((a, b) => values[a] - values[b] || a - b);
}
