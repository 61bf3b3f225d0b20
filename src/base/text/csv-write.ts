/**
 * A cell as RFC 4180 writes it. It is quoted where {@link CsvScanner} would else read something
 * different.
 */
function csvCell(text: string, separator: string): string {
  const isPlain = !/["\n\r]|^[\s\ufeff]|\s$|^sep=/iu.test(text) && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

/**
 * Cells as one line, without its line end. A record of one empty cell is quoted: otherwise it would
 * be a blank line.
 */
export function csvLine(cells: readonly string[], separator = ','): string {
  return cells.length === 1 && cells[0] === ''
    ? '""'
    : cells.map((cell) => csvCell(cell, separator)).join(separator);
}
