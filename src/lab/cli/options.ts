import { LabError, shown } from '../../base/errors.ts';
import { parseDecimal } from '../../base/text/decimal.ts';
import { suggestion } from '../../base/nearest.ts';

/** The command line is wrong, not a file that it names: exit code 2. */
export class UsageError extends LabError {
  /** The command whose help explains more, such as "lab run". */
  see?: string;
}

/** An option of a command: how its help reads, and how its texts become a value. */
export interface Option<T> {
  /** Placeholder of the value in the help text; '' for a switch, which takes none. */
  readonly value: string;
  readonly help: string;
  /**
   * The value of the texts given, in their order; there are none where the option is absent.
   * @throws UsageError.
   */
  read(texts: readonly string[], name: string): T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

interface Range {
  readonly min?: number;
  /** Instead of `min`: the value must be greater. */
  readonly above?: number;
  readonly max?: number;
}

/** A switch: absent, `--name`, `--name=true` or `--name=false`. */
export function flag(help: string): Option<boolean> {
  return { value: '', help, read: (texts, name) => once(texts, name) === 'true' };
}

/** Any text. */
export function text(value: string, help: string): Option<string | undefined> {
  return { value, help, read: once };
}

export function requiredText(value: string, help: string): Option<string> {
  return { value, help, read: (texts, name) => required(once(texts, name), name, value) };
}

/** An option that may be given several times. */
export function repeated(value: string, help: string): Option<readonly string[]> {
  return { value, help, read: (texts) => texts };
}

export function integer<D extends number | undefined = undefined>(
  value: string,
  help: string,
  limits: Range & { readonly fallback?: D } = {},
): Option<number | D> {
  return numeric(value, help, 'a whole number', limits);
}

export function number<D extends number | undefined = undefined>(
  value: string,
  help: string,
  limits: Range & { readonly fallback?: D } = {},
): Option<number | D> {
  return numeric(value, help, 'a number', limits);
}

function numeric<D extends number | undefined>(
  value: string,
  help: string,
  kind: 'a number' | 'a whole number',
  limits: Range & { readonly fallback?: D },
): Option<number | D> {
  return {
    value,
    help: `${help}${limits.fallback === undefined ? '' : `; default ${limits.fallback}`}`,
    read(texts, name) {
      const given = once(texts, name);
      return given === undefined ? (limits.fallback as D) : readNumber(given, name, kind, limits);
    },
  };
}

/** Whole numbers with commas between them, at least `least` of them. */
export function integerList(
  value: string,
  help: string,
  { least = 1, fallback, ...limits }: Range & { least?: number; fallback: readonly number[] },
): Option<readonly number[]> {
  return {
    value,
    help: `${help}; default ${fallback.join(',')}`,
    read(texts, name) {
      const given = once(texts, name);
      if (given === undefined) return fallback;
      const numbers = given.split(',').map((item) => readNumber(item.trim(), name, 'a whole number', limits));
      if (numbers.length < least)
        throw new UsageError(`must list at least ${least} whole numbers; it is ${shown(given)}`, name);
      return numbers;
    },
  };
}

/** One of a few words; without `fallback` it must be given. */
export function choice<const T extends string>(
  values: readonly T[],
  help: string,
  fallback?: NoInfer<T>,
): Option<T> {
  const isShort = values.length <= 4;
  const value = isShort ? values.join('|') : 'NAME';
  return {
    value,
    help: `${help}${isShort ? '' : `: ${values.join(', ')}`}${fallback === undefined ? '' : `; default ${fallback}`}`,
    read: (texts, name) =>
      readWord(required(once(texts, name) ?? fallback, name, value), values, name, 'must be one of'),
  };
}

/** Some of many words; the names of models contain commas, so a semicolon separates those. */
export function choices<const T extends string>(
  value: string,
  help: string,
  values: readonly T[],
  fallback: readonly NoInfer<T>[],
  separator: ';' | ',' = ';',
): Option<readonly T[]> {
  return {
    value,
    help: `${help}, of ${values.join(`${separator} `)}; default ${fallback.join(`${separator} `)}`,
    read(texts, name) {
      const given = once(texts, name);
      if (given === undefined) return fallback;
      return given.split(separator).map((word) => readWord(word.trim(), values, name, 'must list some of'));
    },
  };
}

function readWord<T extends string>(given: string, values: readonly T[], name: string, rule: string): T {
  const found = values.find((v) => v === given);
  if (found === undefined)
    throw new UsageError(
      `${rule} ${values.join(', ')}; it is ${shown(given)}${suggestion(given, values)}`,
      name,
    );
  return found;
}

function readNumber(given: string, name: string, kind: string, range: Range): number {
  const { min = -Infinity, above = -Infinity, max = Infinity } = range;
  const value = parseDecimal(given);
  const fits = value >= min && value > above && value <= max;
  if (!fits || (kind === 'a whole number' && !Number.isInteger(value)))
    throw new UsageError(`must be ${kind}${limitsText(range)}; it is ${shown(given)}`, name);
  return value;
}

function limitsText({ min, above, max }: Range): string {
  if (min !== undefined) return max === undefined ? ` from ${min}` : ` from ${min} to ${max}`;
  if (above !== undefined) return ` above ${above}${max === undefined ? '' : ` and at most ${max}`}`;
  return '';
}

function once(texts: readonly string[], name: string): string | undefined {
  if (texts.length > 1) throw new UsageError(`is given ${texts.length} times; give it once`, name);
  return texts.at(0);
}

function required(given: string | undefined, name: string, value: string): string {
  if (given === undefined) throw new UsageError(`is missing; expected ${name} ${value}`, name);
  return given;
}
