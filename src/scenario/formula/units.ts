import type { TermKind } from './terms.ts';

/**
 * The unit of a number: exponents of seconds and years. `ln` is q for the logarithm of seconds^q,
 * whose own exponents are 0: a sum of logarithms adds them, as the logarithm of a product does.
 */
export interface Unit {
  readonly s: number;
  readonly years: number;
  readonly ln: number;
}

/**
 * What a value is. A constant number has no unit of its own: it takes the one of the value that it
 * is added to or compared with.
 */
export type Type = NumberType | { readonly kind: Exclude<TermKind, 'number'> };
export interface NumberType {
  readonly kind: 'number';
  readonly unit: Unit;
  readonly free: boolean;
}

export const plain: Unit = { s: 0, years: 0, ln: 0 };
export const number = (unit: Partial<Unit>): NumberType => ({
  ...{ kind: 'number', unit: { ...plain, ...unit }, free: false },
});
export const free: NumberType = { kind: 'number', unit: plain, free: true };

const near = (a: number, b: number) => Math.abs(a - b) < 1e-9;

export function sameUnit(a: Unit, b: Unit): boolean {
  return near(a.s, b.s) && near(a.years, b.years) && near(a.ln, b.ln);
}

/** a + times b, by exponents. */
export function combine(a: Unit, b: Unit, times: number): Unit {
  return { s: a.s + times * b.s, years: a.years + times * b.years, ln: a.ln + times * b.ln };
}

/** A unit as a message shows it. */
export function unitText({ s, years, ln }: Unit): string {
  const power = (name: string, exponent: number) =>
    near(exponent, 0) ? [] : [near(exponent, 1) ? name : `${name}^${Number(exponent.toFixed(3))}`];
  if (!near(ln, 0)) return `the logarithm of ${power('seconds', ln)[0]}`;
  const parts = [...power('seconds', s), ...power('years', years)];
  return parts.length === 0 ? 'no unit' : parts.join(' x ');
}
