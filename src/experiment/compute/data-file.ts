/** A table with a header. Unknown columns and unreadable cells are errors. */
export interface DataFile {
  readonly rows: number;
  readonly numbers: (column: string) => readonly number[];
  readonly texts: (column: string) => readonly string[];
}
