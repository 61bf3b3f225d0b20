export type DecimalSign = '.' | ',';

const patterns: Readonly<Record<DecimalSign, RegExp>> = {
  '.': /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/,
  ',': /^[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?$/,
};

/**
 * A finite decimal number with blanks around it, or NaN for any other text: "", "0x10", "1e999",
 * "NaN", "Infinity". It accepts no thousands separators, because they cannot be told from decimal
 * signs.
 */
export function parseDecimal(text: string, sign: DecimalSign = '.'): number {
  const trimmed = text.trim();
  if (!patterns[sign].test(trimmed)) return NaN;
  const value = Number(sign === '.' ? trimmed : trimmed.replace(',', '.'));
  return Number.isFinite(value) ? value : NaN;
}

/** The decimal sign that a number is written with; null for a whole number or another text. */
export function decimalSignOf(text: string): DecimalSign | null {
  const trimmed = text.trim();
  if (trimmed.includes('.') && patterns['.'].test(trimmed)) return '.';
  if (trimmed.includes(',') && patterns[','].test(trimmed)) return ',';
  return null;
}

const grouped = /^[+-]?[1-9]\d{0,2}([., '’\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/u;
const withUnit = /^[+-]?[\d.,]*\d\s*[^\d\s.,:/-][^\d]{0,11}$/u;

/** Whether a text such as 1,000 or 1 000.5 has, or may have, thousands separators. */
export function mayBeGrouped(text: string): boolean {
  return grouped.test(text.trim());
}

/** What to write instead of a text that is not a number, as the end of a sentence; or ''. */
export function decimalHint(text: string): string {
  const trimmed = text.trim();
  if (mayBeGrouped(trimmed)) return '; write it without thousands separators';
  if (patterns[','].test(trimmed)) return '; write a point as the decimal sign';
  if (withUnit.test(trimmed)) return '; write the number without a unit';
  return '';
}

const missingWords = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '.', '?']);

/** Whether a cell of a number column has no value: empty, or a word such as NA or null. */
export function isMissing(text: string): boolean {
  return missingWords.has(text.trim().toLowerCase());
}
