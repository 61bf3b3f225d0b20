/** A cell, quoted (RFC 4180) where {@link CsvScanner} would otherwise read something else. */
function csvCell(text: string, separator: string): string {
  const isPlain = !/["\n\r]|^[\s\ufeff]|\s$|^sep=/iu.test(text) && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

/** Cells as one line without line end. A lone empty cell is quoted, or the line would be blank. */
export function csvLine(cells: readonly string[], separator = ','): string {
  return cells.length === 1 && cells[0] === ''
    ? '""'
    : cells.map((cell) => csvCell(cell, separator)).join(separator);
}
