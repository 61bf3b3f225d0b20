/**
 * Cells in columns two spaces apart. The first column is left-aligned, like those named in `left`;
 * others right.
 */
export function textTable(rows: readonly (readonly string[])[], left: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [c, cell] of row.entries()) widths[c] = Math.max(widths[c] ?? 0, lengthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, c) => {
        const fill = ' '.repeat(widths[c] - lengthOf(cell));
        return c === 0 || left.includes(c) ? cell + fill : fill + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

function lengthOf(cell: string): number {
  return Array.from(cell).length;
}
