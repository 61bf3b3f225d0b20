import { decimalSignOf, durationOf, numberOf, timeOf, yesNoOf, type DecimalSign } from './cells.ts';
import { readRows, type Separator } from './rows.ts';
import type { ByteSource } from './source.ts';

/** Rows looked at before the columns are guessed, rows shown, and different values counted per column. */
const SAMPLE_ROWS = 3000;
const SHOWN_ROWS = 5;
const MAX_DISTINCT = 4000;

export type ColumnKind = 'empty' | 'yes-no' | 'number' | 'time' | 'category' | 'text';

/** What the first rows say of a column. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
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
  readonly separator: Separator;
  readonly rows: number;
  /** Whether there is more than was looked at. */
  readonly more: boolean;
  readonly columns: readonly ColumnProfile[];
  readonly first: readonly (readonly string[])[];
}

/** Looks at the beginning of a file. Throws LabError where it is no table. */
export async function profileFile(source: ByteSource): Promise<FileProfile> {
  let names: readonly string[] = [];
  let separator: Separator = ',';
  let rows = 0;
  let more = false;
  const first: string[][] = [];
  let looks: Look[] = [];
  await readRows(source, {
    header(found, sep) {
      names = found;
      separator = sep;
      looks = found.map(() => new Look());
    },
    row({ cells }) {
      if (rows === SAMPLE_ROWS) {
        more = true;
        return false;
      }
      rows++;
      if (first.length < SHOWN_ROWS) first.push([...cells]);
      cells.forEach((cell, c) => looks[c].see(cell.trim()));
      return undefined;
    },
    broken: () => undefined,
  });
  const columns = looks.map((look, c) => look.profile(names[c]));
  return { file: source.name, bytes: source.size, separator, rows, more, columns, first };
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
    else if (sign === ',') this.#commas++;
  }

  profile(name: string): ColumnProfile {
    const decimal: DecimalSign = this.#commas > this.#points ? ',' : '.';
    const values = [...this.#distinct.keys()];
    let counted = 0;
    for (const n of this.#distinct.values()) counted += n;
    /** Share of the cells that are so: a few odd ones do not change what a column is. */
    const share = (is: (cell: string) => boolean) =>
      values.reduce((sum, v) => sum + (is(v) ? (this.#distinct.get(v) ?? 0) : 0), 0) / counted;
    const numbers = values.map((v) => numberOf(v, decimal)).filter((x) => x !== null);
    const kind: ColumnKind =
      this.#filled === 0
        ? 'empty'
        : values.length <= 12 && share((v) => yesNoOf(v) !== null) >= 0.9
          ? 'yes-no'
          : // A few cells may be written with the other sign: they are counted when the file is read.
            share((v) => numberOf(v, '.') !== null || numberOf(v, ',') !== null) >= 0.9
            ? 'number'
            : share((v) => timeOf(v, decimal) !== null || durationOf(v, 's', decimal) !== null) >= 0.9
              ? 'time'
              : values.length <= Math.max(12, this.#filled / 20) && values.length < this.#filled
                ? 'category'
                : 'text';
    return {
      name,
      kind,
      decimal,
      filled: this.#filled,
      distinct: this.#distinct,
      min: numbers.length === 0 ? NaN : numbers.reduce((a, b) => Math.min(a, b)),
      max: numbers.length === 0 ? NaN : numbers.reduce((a, b) => Math.max(a, b)),
    };
  }
}

/** Share of the numbers of a column that lie in a range; 0 where there are none. */
export function shareWithin({ distinct, decimal }: ColumnProfile, low: number, high: number): number {
  let numbers = 0;
  let within = 0;
  for (const [text, count] of distinct) {
    const value = numberOf(text, decimal) ?? durationOf(text, 's', decimal);
    if (value === null) continue;
    numbers += count;
    if (value >= low && value <= high) within += count;
  }
  return numbers === 0 ? 0 : within / numbers;
}
