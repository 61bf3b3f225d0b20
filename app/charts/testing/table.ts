import type { Table } from '../../../src/base/table.ts';

type Values = readonly number[] | readonly string[];

/** A table of the columns `name: [unit, values]`. */
export function table(
  name: string,
  title: string,
  columns: Readonly<Record<string, readonly [unit: string, values: Values]>>,
  facts: Table['facts'] = {},
): Table {
  return {
    ...{ name, title, facts },
    rows: Object.values(columns)[0][1].length,
    columns: Object.entries(columns).map(([column, [unit, values]]) => ({
      ...{ name: column, label: column.replaceAll('_', ' '), unit },
      values: typeof values[0] === 'string' ? (values as string[]) : Float64Array.from(values as number[]),
    })),
  };
}

/** The same table without rows. */
export function emptied(full: Table): Table {
  const columns = full.columns.map((c) => ({
    ...c,
    values: c.values instanceof Float64Array ? new Float64Array(0) : [],
  }));
  return { ...full, rows: 0, columns };
}
