import type { TermKind } from './terms.ts';

/**
 * The unit of a number: exponents of seconds and years. `ln` is q for the logarithm of seconds^q,
 * whose own exponents are 0: a sum of logarithms adds them, as the logarithm of a product does.
 */
export interface FormulaUnit {
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
  readonly unit: FormulaUnit;
  readonly free: boolean;
}

export const unitless: FormulaUnit = { s: 0, years: 0, ln: 0 };
export const numberType = (unit: Partial<FormulaUnit>): NumberType => ({
  ...{ kind: 'number', unit: { ...unitless, ...unit }, free: false },
});
export const free: NumberType = { kind: 'number', unit: unitless, free: true };

const near = (a: number, b: number) => Math.abs(a - b) < 1e-9;

export function sameUnit(a: FormulaUnit, b: FormulaUnit): boolean {
  return near(a.s, b.s) && near(a.years, b.years) && near(a.ln, b.ln);
}

/** a + times b, by exponents. */
export function combine(a: FormulaUnit, b: FormulaUnit, times: number): FormulaUnit {
  return { s: a.s + times * b.s, years: a.years + times * b.years, ln: a.ln + times * b.ln };
}

/** A unit as a message shows it. */
export function unitText({ s, years, ln }: FormulaUnit): string {
  const power = (name: string, exponent: number) =>
    near(exponent, 0) ? [] : [near(exponent, 1) ? name : `${name}^${Number(exponent.toFixed(3))}`];
  if (!near(ln, 0)) return `the logarithm of ${power('seconds', ln)[0]}`;
  const parts = [...power('seconds', s), ...power('years', years)];
  return parts.length === 0 ? 'no unit' : parts.join(' x ');
}

/** Why two units do not fit together. */
export function unlike(one: FormulaUnit, other: FormulaUnit): string {
  const hint =
    [one, other].some((unit) => sameUnit(unit, unitless)) && [one, other].some((unit) => unit.s === 1)
      ? '; give a number a unit by "* second"'
      : '';
  return `this has ${describe(other)}, and what it is added to or compared with has ${describe(one)}${hint}`;
}

function describe(unit: FormulaUnit): string {
  const text = unitText(unit);
  return text === 'no unit' ? text : `the unit ${text}`;
}
