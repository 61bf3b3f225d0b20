import { LabError, shown } from '../../base/errors.ts';
import { csvColumn, csvNumber, splitList, type CsvFile } from '../../base/text/csv.ts';
import type { CsvRecord } from '../../base/text/csv-scanner.ts';
import { isMissing, parseDecimal } from '../../base/text/decimal.ts';
import type { Units } from '../../metrics/inference/units.ts';

/** Maximum number of treatments: a column with more values is probably not a treatment. */
const MAX_TREATMENTS = 20;

/** The columns of an analysis, by name. */
export interface RowsRequest {
  readonly treatment: string;
  readonly outcome: string;
  /** Columns that cut the rows into levels. */
  readonly by: readonly string[];
  /** Cuts a numeric column of `by` with more values into so many classes of about equal size. */
  readonly bins?: number | undefined;
  /** How often the row counts; undefined: once. */
  readonly count: string | undefined;
  /** None, one, or two columns of ids of whom the row belongs to. */
  readonly unit: readonly string[];
  /** Leave out rows with an empty cell, or NA in a number, instead of refusing them. */
  readonly skipMissing: boolean;
}

/** The rows of a table that count, as columns. */
export interface TableRows {
  /** In the order in which they first appear. */
  readonly treatments: readonly string[];
  /** Index of the treatment, the outcome, the count and the index of the level, per row. */
  readonly arms: readonly number[];
  readonly outcomes: readonly number[];
  readonly counts: readonly number[];
  readonly levels: readonly number[];
  /** Values of the `by` columns at each level. */
  readonly slices: readonly Readonly<Record<string, string>>[];
  readonly units: Units;
  /** Rows used, also those that count 0 times, and rows left out for a missing value. */
  readonly used: number;
  readonly skipped: number;
  /** Whether every outcome is 0 or 1. */
  readonly isShare: boolean;
}

/** Names of columns, each given alone or in a list such as `age,"city, country"`. */
export const columnNames = (csv: CsvFile, given: readonly string[]): string[] =>
  given.flatMap((text) => (csv.header.includes(text.trim()) ? [text.trim()] : splitList(text)));

/** Throws LabError with the place of what cannot be read. */
export function readComparison(csv: CsvFile, request: RowsRequest): TableRows {
  checkNames(request);
  const treatment = csvColumn(csv, request.treatment);
  const outcome = csvColumn(csv, request.outcome);
  const by = request.by.map((name) => csvColumn(csv, name));
  const unit = request.unit.map((name) => csvColumn(csv, name));
  const count = request.count === undefined ? null : csvColumn(csv, request.count);
  const classes = by.map((column) => classesOf(csv, column, request.bins));
  const numeric = count === null ? [outcome] : [outcome, count];
  const treatments = new Map<string, number>();
  const levelOf = new Map<string, number>();
  const ids = new Map<string, number>();
  const slices: Record<string, string>[] = [];
  const [arms, outcomes, counts, levels]: number[][] = [[], [], [], []];
  const units = unit.map((): number[] => []);
  const indexOf = (names: Map<string, number>, name: string) => {
    const index = names.get(name) ?? names.size;
    names.set(name, index);
    return index;
  };
  let used = 0;
  for (const row of csv.rows) {
    const missing =
      numeric.find((c) => isMissing(row.cells[c])) ??
      [treatment, ...by, ...unit].find((c) => row.cells[c].trim() === '');
    if (missing !== undefined) {
      if (request.skipMissing) continue;
      const text = row.cells[missing].trim();
      throw new LabError(
        `${csv.header[missing]} is ${text === '' ? 'empty' : shown(text)}; fill it in, or leave such rows out with --missing skip`,
        row.where(missing),
      );
    }
    used++;
    const value = csvNumber(row, outcome, request.outcome);
    const times = count === null ? 1 : readCount(row, count, csv.header[count]);
    if (times === 0) continue;
    arms.push(indexOf(treatments, row.cells[treatment]));
    if (treatments.size > MAX_TREATMENTS)
      throw new LabError(
        `${request.treatment} has more than ${MAX_TREATMENTS} different values; it does not look like a treatment`,
        row.where(treatment),
      );
    outcomes.push(value);
    counts.push(times);
    const cells = by.map((c, k) => classes[k](row.cells[c]));
    const level = indexOf(levelOf, JSON.stringify(cells));
    slices[level] ??= Object.fromEntries(request.by.map((name, k) => [name, cells[k]]));
    levels.push(level);
    unit.forEach((c, k) => units[k].push(indexOf(ids, row.cells[c])));
    if (unit.length === 2 && units[0][arms.length - 1] === units[1][arms.length - 1])
      throw new LabError(
        `${request.unit.join(' and ')} are both ${shown(row.cells[unit[0]])}; a row belongs to two different people`,
        row.where(unit[1]),
      );
  }
  if (treatments.size < 2)
    throw new LabError(
      treatments.size === 0
        ? 'no row is left to compare (all counts are 0, or all rows were skipped)'
        : `${request.treatment} has one value only, ${shown([...treatments.keys()][0])}; two are needed for a comparison`,
      csv.rows[0].where(treatment),
    );
  return {
    treatments: [...treatments.keys()],
    ...{ arms, outcomes, counts, levels, slices, units, used },
    skipped: csv.rows.length - used,
    isShare: outcomes.every((y) => y === 0 || y === 1),
  };
}

/** Names the class of a cell: the cell itself, or the range of numbers in which it lies. */
function classesOf(csv: CsvFile, column: number, bins: number | undefined): (cell: string) => string {
  const texts = csv.rows.map((row) => row.cells[column]);
  if (bins === undefined || new Set(texts).size <= bins) return (cell) => cell;
  const values = texts.map((text) => parseDecimal(text)).filter((x) => !Number.isNaN(x));
  if (values.length < texts.filter((text) => !isMissing(text)).length) return (cell) => cell;
  values.sort((a, b) => a - b);
  const edges = Array.from(
    { length: bins - 1 },
    (_, k) => values[Math.floor(((k + 1) * values.length) / bins)],
  );
  const names = [...new Set(edges)].map((edge) => ({ edge, name: Number(edge.toPrecision(4)) }));
  return (cell) => {
    const at = names.filter(({ edge }) => parseDecimal(cell) >= edge).length;
    if (at === 0) return `below ${names[0].name}`;
    return at === names.length
      ? `${names[at - 1].name} and above`
      : `${names[at - 1].name} to ${names[at].name}`;
  };
}

function checkNames({ treatment, outcome, by, count, unit }: RowsRequest): void {
  const used = [treatment, outcome, ...by, ...(count === undefined ? [] : [count]), ...unit];
  const repeated = used.find((name, i) => used.indexOf(name) !== i);
  if (repeated !== undefined)
    throw new LabError(`column ${shown(repeated)} is named twice; each column may have one role only`);
  if (unit.length > 2)
    throw new LabError(
      `--unit names ${unit.length} columns; a row belongs to one unit, or to a pair of people`,
    );
}

function readCount(row: CsvRecord, column: number, name: string): number {
  const expected = 'a whole number, 0 or more';
  const times = csvNumber(row, column, name, expected);
  if (!Number.isSafeInteger(times) || times < 0)
    throw new LabError(`${name} must be ${expected}; it is ${row.cells[column]}`, row.where(column));
  return times;
}
