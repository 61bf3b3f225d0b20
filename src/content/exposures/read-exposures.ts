import { LabError, shown } from '../../base/errors.ts';
import { csvColumn, csvNumber, type CsvFile } from '../../base/text/csv.ts';
import type { CsvRecord } from '../../base/text/csv-scanner.ts';

/** Names of the columns of a log. Those without a name are not read. */
export interface ExposureColumns {
  readonly item: string;
  readonly place: string;
  readonly propensity: string;
  /** A column of numbers, or COLUMN=WORD: 1 where the cell lists the word, separated by blanks. */
  readonly outcome: string;
  readonly person?: string | undefined;
  readonly request?: string | undefined;
  readonly prediction?: string | undefined;
  /** Chance of the item under another policy. */
  readonly chance?: string | undefined;
}

/** Names in the order of their first appearance, and the position of each row's name. */
export interface Coded {
  readonly names: readonly string[];
  readonly codes: Int32Array;
}

/** Exposures of items, one per row, in the order of the log. */
export interface Exposures {
  readonly rows: number;
  /** Rows of the log without an item: ads, stickers, and other events than exposures. */
  readonly skipped: number;
  readonly item: Coded;
  readonly place: Coded;
  readonly person: Coded | null;
  readonly request: Coded | null;
  readonly outcome: Float64Array;
  /** Chance with which the item was drawn; NaN where the log has none. Never made up. */
  readonly propensity: Float64Array;
  /** Predicted outcome, NaN where there is none; null without such a column. */
  readonly prediction: Float64Array | null;
  readonly chance: Float64Array | null;
}

/**
 * Reads a log of exposures: item, place, propensity, outcome, and more where it is named. A blank
 * propensity or prediction is a missing one. Throws LabError with the place of a wrong cell.
 */
export function readExposures(csv: CsvFile, names: ExposureColumns): Exposures {
  const itemColumn = csvColumn(csv, names.item);
  const rows = csv.rows.filter((row) => row.cells[itemColumn] !== '');
  if (rows.length === 0) throw new LabError(`no row has an item in column ${shown(names.item)}`, csv.file);
  const coded = (name: string | undefined): Coded | null => {
    if (name === undefined) return null;
    const column = csvColumn(csv, name);
    return codesOf(rows.map((row) => row.cells[column]));
  };
  const chances = (name: string | undefined, least: number): Float64Array | null => {
    if (name === undefined) return null;
    const column = csvColumn(csv, name);
    return Float64Array.from(rows, (row) => chanceIn(row, column, name, least));
  };
  return {
    rows: rows.length,
    skipped: csv.rows.length - rows.length,
    item: coded(names.item)!,
    place: coded(names.place)!,
    person: coded(names.person),
    request: coded(names.request),
    outcome: outcomes(csv, rows, names.outcome),
    propensity: chances(names.propensity, Number.MIN_VALUE)!,
    prediction: chances(names.prediction, 0),
    chance: chances(names.chance, 0),
  };
}

function chanceIn(row: CsvRecord, column: number, name: string, least: number): number {
  if (row.cells[column] === '') return NaN;
  const value = csvNumber(row, column, name);
  if (value < least || value > 1)
    throw new LabError(
      `${name} must be ${least === 0 ? 'from 0 to 1' : 'above 0 and at most 1'}; it is ${shown(row.cells[column])}`,
      row.where(column),
    );
  return value;
}

function outcomes(csv: CsvFile, rows: readonly CsvRecord[], name: string): Float64Array {
  const [column, word] = name.split('=');
  const at = csvColumn(csv, column);
  return Float64Array.from(rows, (row) => {
    if (word === undefined) return csvNumber(row, at, column);
    return row.cells[at].split(/\s+/).includes(word) ? 1 : 0;
  });
}

function codesOf(texts: readonly string[]): Coded {
  const codes = new Map<string, number>();
  const found = Int32Array.from(texts, (text) => {
    const code = codes.get(text) ?? codes.size;
    codes.set(text, code);
    return code;
  });
  return { names: [...codes.keys()], codes: found };
}
