/** A table with a header. Unknown columns and unreadable cells are errors. */
export interface DataFile {
  readonly rows: number;
  /** Names of the columns, in the order of the file. */
  readonly columns: readonly string[];
  readonly numbers: (column: string) => readonly number[];
  readonly texts: (column: string) => readonly string[];
}
