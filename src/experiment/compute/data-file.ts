import { must } from '../../base/errors.ts';

/** A table with a header. Unknown columns and unreadable cells are errors. */
export interface DataFile {
  readonly rows: number;
  /** Names of the columns, in the order of the file. */
  readonly columns: readonly string[];
  readonly numbers: (column: string) => readonly number[];
  readonly texts: (column: string) => readonly string[];
}

/** How often each row counts: a column of numbers from 0, or 1 each. Throws LabError. */
export function countsOf(table: DataFile, column: string | undefined): readonly number[] {
  if (column === undefined) return new Array<number>(table.rows).fill(1);
  const counts = table.numbers(column);
  const wrong = counts.findIndex((count) => count < 0);
  must(
    wrong < 0,
    `${column} is ${counts[wrong]} in row ${wrong + 1} below the header; a count is at least 0`,
  );
  return counts;
}

/** Arms of the rows, 0 and 1. Throws LabError where the column has another number. */
export function armsOf(table: DataFile, column: string): readonly number[] {
  const arms = table.numbers(column);
  const wrong = arms.findIndex((arm) => arm !== 0 && arm !== 1);
  must(
    wrong < 0,
    `${column} is ${arms[wrong]} in row ${wrong + 1} below the header; write 1 for treated and 0 for control`,
  );
  for (const arm of [0, 1]) must(arms.includes(arm), `no row has ${column} = ${arm}; both arms need rows`);
  return arms;
}
