import { csvLine } from './text/csv-write.ts';

/**
 * A table of columns: the one form in which numbers leave the engine. The chart worker draws it,
 * the page lists it, the CSV export writes it and the command line prints it, so all of them show
 * the same figures.
 */
export interface Column {
  /** Short name, unique in its table, snake_case; the CSV header. */
  readonly name: string;
  /** Name on the page. */
  readonly label: string;
  /** Unit as printed ("s", "ms", "people", "1" for a pure number or share); '' for text. */
  readonly unit: string;
  readonly values: Float64Array | readonly string[];
}

export interface Table {
  readonly name: string;
  /** What the table shows, as a sentence. */
  readonly title: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Single figures that belong to the table, e.g. { gini: .31 }. */
  readonly facts: Readonly<Record<string, number | string>>;
}

/** The numeric column of that name. Throws where there is none. */
export function numbers(table: Table, name: string): Float64Array {
  const column = table.columns.find((c) => c.name === name);
  if (!(column?.values instanceof Float64Array))
    throw new Error(`${table.name} has no numeric column ${name}`);
  return column.values;
}

/** The text column of that name. Throws where there is none. */
export function texts(table: Table, name: string): readonly string[] {
  const column = table.columns.find((c) => c.name === name);
  if (column === undefined || column.values instanceof Float64Array)
    throw new Error(`${table.name} has no text column ${name}`);
  return column.values;
}

/** The buffers to transfer when the table is posted to another thread. */
export function tableBuffers(table: Table): ArrayBuffer[] {
  return table.columns.flatMap((c) =>
    c.values instanceof Float64Array && c.values.buffer instanceof ArrayBuffer ? [c.values.buffer] : [],
  );
}

/** Name of a column in a file: "chat [s]", without brackets where there is no unit. */
export function columnHead({ name, unit }: Column): string {
  return unit === '' ? name : `${name} [${unit}]`;
}

/**
 * RFC 4180 text with a header row of `name [unit]`. What `origin` says of the figures comes before
 * it, in lines that begin with "#".
 */
export function toCsv(table: Table, origin: Readonly<Record<string, string>> = {}): string {
  const comments = Object.entries(origin).map(([key, value]) => `# ${key}: ${value}`);
  const head = csvLine(table.columns.map(columnHead));
  const lines = Array.from({ length: table.rows }, (_, r) =>
    csvLine(
      table.columns.map(({ values }) => (values instanceof Float64Array ? numberText(values[r]) : values[r])),
    ),
  );
  return [...comments, head, ...lines, ''].join('\r\n');
}

function numberText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
