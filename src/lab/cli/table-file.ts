import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { columnHead, toCsv, type Column, type Table } from '../../base/table.ts';
import { UsageError } from './options.ts';

const formats = { '.csv': toCsv, '.parquet': toParquet, '.json': toJson } as const;
type Format = keyof typeof formats;

/** Checks that the name of a file says its format. @throws UsageError. */
export function tableFormat(path: string, option: string): Format {
  const found = (Object.keys(formats) as Format[]).find((ending) => path.toLowerCase().endsWith(ending));
  if (found === undefined)
    throw new UsageError(`the file must end in ${Object.keys(formats).join(', ')}; it is "${path}"`, option);
  return found;
}

/** The content of a file. All formats hold the same columns and values. */
export function encodeTable(table: Table, format: Format): string | Uint8Array {
  return formats[format](table);
}

/** Rows as objects by column; null for a missing number. */
export function tableRecords(table: Table): Record<string, number | string | null>[] {
  const heads = table.columns.map(columnHead);
  return Array.from({ length: table.rows }, (_, r) =>
    Object.fromEntries(table.columns.map((column, c) => [heads[c], valuesOf(column)[r]])),
  );
}

function valuesOf({ values }: Column): (number | string | null)[] {
  return values instanceof Float64Array
    ? Array.from(values, (x) => (Number.isNaN(x) ? null : x))
    : [...values];
}

function toJson(table: Table): string {
  return `[\n${tableRecords(table)
    .map((row) => JSON.stringify(row))
    .join(',\n')}\n]\n`;
}

function toParquet(table: Table): Uint8Array {
  const columnData = table.columns.map((column): ColumnSource => ({
    name: columnHead(column),
    data: valuesOf(column),
    type: column.values instanceof Float64Array ? 'DOUBLE' : 'STRING',
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
