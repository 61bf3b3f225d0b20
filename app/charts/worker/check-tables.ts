import { LabError } from '../../../src/base/errors.ts';
import type { Table } from '../../../src/base/table.ts';

/**
 * The tables of an engine's message. Each column is as long as its table and has a unique name.
 * NaN and infinity are allowed; the painters treat both as gaps.
 * @throws {LabError} if the message is malformed.
 */
export function checkTables(message: unknown): readonly Table[] {
  const { kind, tables } = (message ?? {}) as { kind?: unknown; tables?: unknown };
  if (kind !== 'tables' || !Array.isArray(tables))
    throw new LabError(
      `expected a message of kind 'tables' with a list of tables, got ${show(message)}`,
      'charts',
    );
  for (const table of tables as Partial<Table>[]) {
    if (typeof table.name !== 'string' || !Array.isArray(table.columns) || !Number.isInteger(table.rows))
      throw new LabError(`expected a table with name, rows and columns, got ${show(table)}`, 'charts');
    const seen = new Set<string>();
    for (const column of table.columns as Table['columns']) {
      if (seen.has(column.name)) throw new LabError(`has the column ${column.name} twice`, table.name);
      seen.add(column.name);
      if (!(column.values instanceof Float64Array) && !Array.isArray(column.values))
        throw new LabError(`column ${column.name} is neither numbers nor texts`, table.name);
      if (column.values.length !== table.rows)
        throw new LabError(
          `column ${column.name} has ${column.values.length} values, expected ${table.rows} as the table has rows`,
          table.name,
        );
    }
  }
  return tables as readonly Table[];
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
