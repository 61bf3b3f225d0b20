/** What a table shows in a cell: text as it is, numbers in three significant digits. */
export type TableCell = number | string | undefined;

/** Three significant digits, all digits of a larger number, and '-' for a missing one. */
export function cellText(value: TableCell): string {
  if (typeof value === 'string') return value;
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** Aligned columns of text: the first to the left, the others to the right. */
export function tableText(header: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(cellText))];
  const widths = header.map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ');
  const rule = widths.map((w) => '-'.repeat(w)).join('  ');
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
}
