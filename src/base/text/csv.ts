import { LabError, shown } from '../errors.ts';
import { CsvReader, type CsvOptions } from './csv-reader.ts';
import { CsvRecord, CsvScanner } from './csv-scanner.ts';
import { decimalHint, parseDecimal } from './decimal.ts';
import { TextDecoding } from './decode.ts';
import { beginsAsParquet, isParquet, openParquet } from './parquet.ts';
import { memorySource, type ByteSource } from './source.ts';

/** Bytes that are decoded at a time. */
const PIECE = 1 << 22;
/** Rows between two reports of progress. */
const PROGRESS_ROWS = 4096;

/** A table whose rows are read as they are needed. */
interface OpenTable {
  readonly header: CsvRecord;
  readonly names: readonly string[];
  readonly rows: Iterable<CsvRecord>;
}

/** Opens a CSV or a Parquet file, which is told by its first bytes. */
export async function openTable(
  bytes: Uint8Array,
  file: string,
  options: CsvOptions = {},
): Promise<OpenTable> {
  if (!beginsAsParquet(bytes)) return openCsv(bytes, file, options);
  const { header, names, groups } = await openParquet(memorySource(file, bytes));
  const rows: CsvRecord[][] = [];
  for await (const group of groups()) rows.push([...group.rows]);
  return { header, names, rows: rows.flat() };
}

/**
 * Reads the bytes of a CSV file row by row: the header, and the rows below it as they are needed.
 * The file may be larger than the longest string. Strict by default. Throws LabError with file,
 * line and column.
 */
export function openCsv(bytes: Uint8Array, file: string, options: CsvOptions = {}): OpenTable {
  const reader = new CsvReader(file, options);
  const rows = rowsOf(reader, bytes, options);
  const first = rows.next();
  if (reader.header === null) throw new Error('a reader gives no row before the header');
  const { record, names } = reader.header;
  return {
    header: record,
    names,
    rows: (function* () {
      if (first.done !== true) yield first.value;
      yield* rows;
    })(),
  };
}

function* rowsOf(reader: CsvReader, bytes: Uint8Array, options: CsvOptions): Generator<CsvRecord> {
  const decoding = new TextDecoding(options.forgive === undefined);
  for (let at = 0; at < bytes.length; at += PIECE) {
    reader.add(decoding.decode(bytes.subarray(at, at + PIECE)));
    for (let row = reader.row(); row !== null; row = reader.row()) yield row;
  }
  reader.add(decoding.end());
  reader.end();
  for (let row = reader.row(); row !== null; row = reader.row()) yield row;
}

/** A strict CSV table in memory. */
export interface CsvFile {
  /** Name as the user gave it, for messages. */
  readonly file: string;
  readonly header: readonly string[];
  /** Every row has as many cells as the header. */
  readonly rows: readonly CsvRecord[];
}

/** Reads a whole CSV file strictly. Throws LabError with a place, also where there is no row. */
export function readCsv(bytes: Uint8Array, file: string, options: CsvOptions = {}): CsvFile {
  return wholeTable(openCsv(bytes, file, options), file);
}

/** Reads a whole CSV or Parquet file strictly. */
export async function readTable(bytes: Uint8Array, file: string): Promise<CsvFile> {
  return wholeTable(await openTable(bytes, file), file);
}

function wholeTable({ header, names, rows }: OpenTable, file: string): CsvFile {
  const all = [...rows];
  if (all.length === 0)
    throw new LabError('there is a header but no row below it', `${file}:${header.line}:1`);
  return { file, header: names, rows: all };
}

/** What {@link readCsvSource} tells as it reads. */
export interface CsvVisitor {
  header?(names: readonly string[], separator: string): void;
  /** Return false to stop reading. */
  row(row: CsvRecord): boolean | undefined;
  /** Bytes read so far, often enough for a progress bar. May throw to stop reading. */
  progress?(bytes: number): void | Promise<void>;
}

/**
 * Reads a CSV file of any size in pieces, or a Parquet file by its row groups. Memory does not grow
 * with the file. Throws LabError where it is not a table at all.
 */
export async function readCsvSource(
  source: ByteSource,
  visitor: CsvVisitor,
  options: CsvOptions = {},
): Promise<void> {
  if (await isParquet(source)) return readParquetSource(source, visitor);
  const reader = new CsvReader(source.name, options);
  const decoding = new TextDecoding(options.forgive === undefined);
  let isNew = true;
  let rows = 0;
  let bytes = 0;
  /** Visits the rows that are whole; false where the visitor has enough. */
  const visit = async (): Promise<boolean> => {
    for (let row = reader.row(); row !== null; row = reader.row()) {
      if (isNew) visitor.header?.(reader.header?.names ?? [], reader.separator);
      isNew = false;
      if (visitor.row(row) === false) return false;
      if (++rows % PROGRESS_ROWS === 0) await visitor.progress?.(bytes);
    }
    await visitor.progress?.(bytes);
    return true;
  };
  for await (const piece of source.open()) {
    reader.add(decoding.decode(piece));
    bytes += piece.length;
    if (!(await visit())) return;
  }
  reader.add(decoding.end());
  reader.end();
  if ((await visit()) && isNew) visitor.header?.(reader.header?.names ?? [], reader.separator);
}

async function readParquetSource(source: ByteSource, visitor: CsvVisitor): Promise<void> {
  const { names, groups } = await openParquet(source);
  visitor.header?.(names, ',');
  for await (const { rows, share } of groups()) {
    for (const row of rows) if (visitor.row(row) === false) return;
    await visitor.progress?.(Math.round(share * source.size));
  }
}

/** Index of a named column. Throws LabError that lists the columns there are. */
export function csvColumn(csv: CsvFile, name: string): number {
  const index = csv.header.indexOf(name);
  if (index < 0)
    throw new LabError(
      `there is no column ${shown(name)}; there are ${csv.header.map(listedName).join(', ')}`,
      `${csv.file}:1:1`,
    );
  return index;
}

const listedName = (name: string): string => (/[,"]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** The finite decimal number in a cell. Throws LabError with the place. */
export function csvNumber(row: CsvRecord, column: number, name: string, expected = 'a number'): number {
  const text = row.cells[column];
  const value = parseDecimal(text);
  if (Number.isNaN(value))
    throw new LabError(
      `${name} must be ${expected}; it is ${text.trim() === '' ? 'empty' : `${shown(text)}${decimalHint(text)}`}`,
      row.where(column),
    );
  return value;
}

/** The parts of a list such as `a,"b, c"`, where a part with a separator is quoted. */
export function splitList(text: string, separator = ','): readonly string[] {
  const scanner = new CsvScanner('', separator, text.length);
  scanner.add(text);
  const found = scanner.next(true);
  if (found === null) return [];
  if (!(found instanceof CsvRecord)) throw new LabError(`${found.fault} in the list ${shown(text)}`);
  return found.cells;
}
