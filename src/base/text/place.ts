/** Line and column in a file, both from 1. Columns count characters (code points). */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of offset `at` in a text that begins in line `firstLine`, column 1. */
export function placeIn(text: string, at: number, firstLine: number): Place {
  let line = firstLine;
  let start = 0;
  for (const { index, 0: lineEnd } of text.slice(0, at).matchAll(/\r\n|\n|\r/g)) {
    line++;
    start = index + lineEnd.length;
  }
  let column = 1;
  for (const _ of text.slice(start, at)) column++;
  return { line, column };
}

/** `file:line:column`, as error messages show it. */
export function placeText(file: string, { line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
