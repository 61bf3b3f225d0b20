import type { Column, Table } from '../../base/table.ts';

/** A column of numbers. The array is new, so it may be transferred. */
export function numberColumn(name: string, label: string, unit: string, values: ArrayLike<number>): Column {
  return { name, label, unit, values: Float64Array.from(values) };
}

/** A column with one number per row. */
export function numberColumnOf<Row>(
  rows: readonly Row[],
  name: string,
  label: string,
  unit: string,
  pick: (row: Row, index: number) => number,
): Column {
  return { name, label, unit, values: Float64Array.from(rows, pick) };
}

/** A column with one text per row. */
export function textColumnOf<Row>(
  rows: readonly Row[],
  name: string,
  label: string,
  pick: (row: Row) => string,
): Column {
  return { name, label, unit: '', values: rows.map(pick) };
}

/** A table of columns of equal length. */
export function tableOf(
  name: string,
  title: string,
  columns: readonly Column[],
  facts: Table['facts'] = {},
): Table {
  return { name, title, rows: columns[0].values.length, columns, facts };
}
