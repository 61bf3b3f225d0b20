/** What a cell means. All functions are total: text of any kind gives a value or null. */
import { parseDecimal, type DecimalSign } from '../../base/text/decimal.ts';

const yes = new Set([
  '1',
  'yes',
  'y',
  'true',
  't',
  'ja',
  'oui',
  'si',
  'sí',
  'evet',
  'はい',
  '예',
  '1.0',
  '1,0',
]);
const no = new Set(['0', 'no', 'n', 'false', 'f', 'nein', 'non', 'hayır', 'いいえ', '아니요', '0.0', '0,0']);

/**
 * 1, 0, or null where the cell is neither. Where `isSigned`, + means yes and - means no; elsewhere
 * a - may mean "missing".
 */
export function yesNoOf(text: string, isSigned = false): 0 | 1 | null {
  const word = text.trim().toLowerCase();
  if (isSigned && (word === '+' || word === '-')) return word === '+' ? 1 : 0;
  return yes.has(word) ? 1 : no.has(word) ? 0 : null;
}

const clock = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/;

export type DurationUnit = 's' | 'ms' | 'min';
const seconds: Readonly<Record<DurationUnit, number>> = { s: 1, ms: 0.001, min: 60 };

/** A duration in seconds: a number in `unit`, or m:ss or h:mm:ss. */
export function durationOf(text: string, unit: DurationUnit, sign: DecimalSign): number | null {
  const parts = clock.exec(text.trim());
  if (parts !== null) {
    const [, first, second, third] = parts;
    return third === undefined
      ? 60 * Number(first) + Number(second)
      : 3600 * Number(first) + 60 * Number(second) + Number(third);
  }
  const value = parseDecimal(text, sign);
  return Number.isNaN(value) ? null : value * seconds[unit];
}

/** A point in time as a number for sorting: epoch seconds of a date, or the number itself. */
export function timeOf(text: string, sign: DecimalSign): number | null {
  const value = parseDecimal(text, sign);
  if (!Number.isNaN(value)) return value;
  const trimmed = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/.test(trimmed)) return null;
  const at = Date.parse(
    /[zZ]|[+-]\d{2}:?\d{2}$/.test(trimmed.slice(10))
      ? trimmed
      : `${trimmed.replace(' ', 'T')}${trimmed.length > 10 ? 'Z' : ''}`,
  );
  return Number.isFinite(at) ? at / 1000 : null;
}
