import type { DataFile } from '../data-file.ts';
import { kinds } from '../kinds.ts';

/** A table written as text, cells separated by blanks. */
function table(text: string): DataFile {
  const [header, ...rows] = text.split('\n').map((line) => line.trim().split(/ +/));
  const texts = (column: string) => rows.map((row) => row[header.indexOf(column)]);
  return { rows: rows.length, columns: header, texts, numbers: (column) => texts(column).map(Number) };
}

/** The figure of a result at a path such as `holm.rejected`. */
type Figure = (path: string) => number;

/** Computes a kind on an input, and on a table where the kind reads one. */
export function compute(kind: string, input: object, file = ''): Figure {
  const found = kinds.get(kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  const result = found.compute(input, { open: () => table(file) });
  return (path) =>
    path.split('.').reduce((value, key) => (value as Record<string, unknown>)[key], result) as number;
}
