import { LabError } from '../../base/errors.ts';
import {
  decimalSignOf,
  isMissing,
  mayBeGrouped,
  parseDecimal,
  type DecimalSign,
} from '../../base/text/decimal.ts';
import type { ByteSource } from '../../base/text/source.ts';
import { durationOf, timeOf, yesNoOf } from './cells.ts';
import { readRows } from './rows.ts';

const MAX_COLUMNS = 1000;
/** Rows from which the columns are guessed, rows shown, and different values counted per column. */
const SAMPLE_ROWS = 3000;
const SHOWN_ROWS = 5;
const MAX_DISTINCT = 4000;

export type ColumnKind = 'empty' | 'yes-no' | 'number' | 'time' | 'category' | 'text';

/** What the first rows say about a column. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Yes and no are written as + and -. */
  readonly isSigned: boolean;
  /** The decimal sign of the column: that of most cells that have one. */
  readonly decimal: DecimalSign;
  /** Rows with something in this column; different texts among them (at most 4,000 are counted). */
  readonly filled: number;
  readonly distinct: ReadonlyMap<string, number>;
  /** Of the numbers; NaN where there are none. */
  readonly min: number;
  readonly max: number;
}

/** The first look at a file. */
export interface FileProfile {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  /** Whether the file has more rows than were looked at. */
  readonly more: boolean;
  readonly columns: readonly ColumnProfile[];
  readonly first: readonly (readonly string[])[];
}

/** Looks at the beginning of a file. Throws LabError where it is not a table. */
export async function profileFile(source: ByteSource): Promise<FileProfile> {
  let names: readonly string[] = [];
  let rows = 0;
  let more = false;
  const first: string[][] = [];
  let looks: Look[] = [];
  await readRows(source, null, {
    header(found) {
      if (found.length > MAX_COLUMNS)
        throw new LabError(
          `the header has ${found.length} columns; the limit is ${MAX_COLUMNS}`,
          `${source.name}:1:1`,
        );
      names = found;
      looks = found.map(() => new Look());
    },
    row({ cells }) {
      if (rows === SAMPLE_ROWS) {
        more = true;
        return false;
      }
      rows++;
      if (first.length < SHOWN_ROWS) first.push([...cells]);
      cells.forEach((cell, c) => looks[c].see(cell));
      return undefined;
    },
  });
  const columns = looks.map((look, c) => look.profile(names[c]));
  return { file: source.name, bytes: source.size, rows, more, columns, first };
}

class Look {
  readonly #distinct = new Map<string, number>();
  #filled = 0;
  #points = 0;
  #commas = 0;

  see(cell: string): void {
    if (cell === '') return;
    this.#filled++;
    const seen = this.#distinct.get(cell);
    if (seen !== undefined) this.#distinct.set(cell, seen + 1);
    else if (this.#distinct.size < MAX_DISTINCT) this.#distinct.set(cell, 1);
    const sign = decimalSignOf(cell);
    if (sign === '.') this.#points++;
    // A comma counts only where it cannot be a thousands separator: 1,000 must not be read as 1.
    else if (sign === ',' && !mayBeGrouped(cell)) this.#commas++;
  }

  profile(name: string): ColumnProfile {
    const decimal: DecimalSign = this.#commas > this.#points ? ',' : '.';
    const values = [...this.#distinct.keys()];
    const isSigned = this.#distinct.has('+') && values.every((v) => v === '+' || v === '-');
    const numbers = values.map((v) => parseDecimal(v, decimal)).filter((x) => !Number.isNaN(x));
    return {
      name,
      kind: isSigned ? 'yes-no' : this.#kind(values, decimal),
      isSigned,
      decimal,
      filled: this.#filled,
      distinct: this.#distinct,
      min: numbers.length === 0 ? NaN : numbers.reduce((a, b) => Math.min(a, b)),
      max: numbers.length === 0 ? NaN : numbers.reduce((a, b) => Math.max(a, b)),
    };
  }

  #kind(values: readonly string[], decimal: DecimalSign): ColumnKind {
    const count = (list: readonly string[]) => list.reduce((sum, v) => sum + (this.#distinct.get(v) ?? 0), 0);
    const given = values.filter((v) => !isMissing(v));
    const total = count(given);
    /** Whether nine cells of ten are so: a few odd ones do not change what a column is. */
    const mostly = (is: (cell: string) => boolean) => total > 0 && count(given.filter(is)) >= 0.9 * total;
    if (this.#filled === 0) return 'empty';
    if (given.length <= 12 && mostly((v) => yesNoOf(v) !== null)) return 'yes-no';
    // Cells with the other decimal sign are counted when the file is read.
    if (mostly((v) => !Number.isNaN(parseDecimal(v, '.')) || !Number.isNaN(parseDecimal(v, ','))))
      return 'number';
    if (mostly((v) => timeOf(v, decimal) !== null || durationOf(v, 's', decimal) !== null)) return 'time';
    const isCategory = values.length <= Math.max(12, this.#filled / 20) && values.length < this.#filled;
    return isCategory ? 'category' : 'text';
  }
}

/** Share of the numbers of a column that lie in a range; 0 where there are none. */
export function shareWithin({ distinct, decimal }: ColumnProfile, low: number, high: number): number {
  let numbers = 0;
  let within = 0;
  for (const [text, count] of distinct) {
    const value = durationOf(text, 's', decimal);
    if (value === null) continue;
    numbers += count;
    if (value >= low && value <= high) within += count;
  }
  return numbers === 0 ? 0 : within / numbers;
}
