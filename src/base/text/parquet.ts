import type { FileMetaData, SchemaElement } from 'hyparquet';
import { LabError, shown } from '../errors.ts';
import { CsvRecord } from './csv-scanner.ts';
import type { Place } from './place.ts';
import type { ByteSource } from './source.ts';

/** Maximum number of rows of a row group: it is decoded as a whole, so memory grows with it. */
const MAX_GROUP_ROWS = 4_000_000;
/** Codecs that are read; the others need code that is larger than all of the reader. */
const codecs: readonly string[] = ['UNCOMPRESSED', 'SNAPPY'];
const closedTypes: readonly string[] = ['BSON', 'INTERVAL', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY', 'FILE'];

/** A row of a Parquet file. Its place is the row below the header and the column, both from 1. */
class ParquetRow extends CsvRecord {
  constructor(file: string, cells: readonly string[], row: number) {
    super(file, cells, row, '', ',');
  }

  override place(cell: number): Place {
    return { line: this.line, column: cell + 1 };
  }
}

/** The columns of a Parquet file, and its rows with their cells as text, as a CSV file has them. */
export interface ParquetTable {
  readonly header: CsvRecord;
  readonly names: readonly string[];
  /** One row group at a time; `share` of the rows that have been read with it, 0 to 1. */
  groups(this: void): AsyncGenerator<{ readonly rows: readonly CsvRecord[]; readonly share: number }>;
}

/** Whether a file begins as a Parquet file, also as an encrypted one. */
export async function isParquet(source: ByteSource): Promise<boolean> {
  const head = await source.slice?.(0, Math.min(4, source.size));
  return head !== undefined && beginsAsParquet(new Uint8Array(head));
}

export function beginsAsParquet(bytes: Uint8Array): boolean {
  return /^PAR[1E]$/.test(String.fromCharCode(...bytes.subarray(0, 4)));
}

/**
 * Opens a Parquet file of plain columns: numbers, texts, booleans, dates and times. Throws LabError
 * where it is damaged, encrypted, nested, or compressed with a codec that is not read.
 */
export async function openParquet(source: ByteSource): Promise<ParquetTable> {
  const { name, size, slice } = source;
  if (slice === undefined) throw new Error('a Parquet file needs random access');
  await checkEnds(source);
  const { checkDeclared, checkFooter, checkPages, parquetMetadataAsync, parquetRead } =
    await import('./parquet-guard.ts');
  const file = { byteLength: size, slice: (from: number, to = size) => slice(from, to) };
  const damaged = (where: string, error: unknown) =>
    new LabError(`${where} is damaged (${reasonOf(error)}); write the Parquet file again`, name);
  const metadata = await checkFooter(size, slice)
    .then(() => parquetMetadataAsync(file, { geoparquet: false }))
    .catch((error: unknown) => {
      throw damaged('the description at the end of the file', error);
    });
  const names = columnNames(metadata.schema, name);
  try {
    checkDeclared(metadata, size);
  } catch (error) {
    throw damaged('the description at the end of the file', error);
  }
  checkGroups(metadata, name);
  return {
    header: new ParquetRow(name, names, 1),
    names,
    async *groups() {
      const total = Number(metadata.num_rows);
      let at = 0;
      for (const [g, group] of metadata.row_groups.entries()) {
        const from = at;
        at += Number(group.num_rows);
        if (at === from) continue;
        let read: readonly Cell[][] = [];
        try {
          await checkPages(group, metadata.schema, slice);
          await parquetRead({
            ...{ file, metadata, columns: [...names], rowStart: from, rowEnd: at, parsers },
            onComplete: (rows: Cell[][]) => void (read = rows),
          });
        } catch (error) {
          throw damaged(`row group ${g + 1} of ${metadata.row_groups.length}`, error);
        }
        const rows = read.map((cells, r) => new ParquetRow(name, cells.map(cellText), from + r + 1));
        yield { rows, share: at / total };
      }
    },
  };
}

/** A file that was cut off is the most common fault; the library would speak of its footer. */
async function checkEnds({ name, size, slice }: ByteSource): Promise<void> {
  const bytes = slice === undefined ? [] : [await slice(0, 4), await slice(Math.max(0, size - 4), size)];
  const [head, end] = bytes.map((piece) => String.fromCharCode(...new Uint8Array(piece)));
  if (head === 'PARE' || end === 'PARE')
    throw new LabError('the Parquet file is encrypted; write it without encryption', name);
  if (end !== 'PAR1' || size < 12)
    throw new LabError(
      `the file begins as a Parquet file but does not end as one after ${size.toLocaleString('en')} bytes: it was cut off; copy or write it again`,
      name,
    );
}

/** Names of the columns. Throws LabError for one that does not hold one plain value per row. */
function columnNames([root, ...elements]: readonly SchemaElement[], file: string): string[] {
  const closed = elements.find((e) => closedTypes.includes(typeOf(e)));
  if (closed !== undefined)
    throw new LabError(
      `column ${shown(closed.name)} has the type ${typeOf(closed)}; expected numbers, texts, booleans, dates or times: convert it, or leave the column out`,
      file,
    );
  const nested = elements.find((e) => (e.num_children ?? 0) > 0 || e.repetition_type === 'REPEATED');
  if (nested !== undefined)
    throw new LabError(
      `column ${shown(nested.name)} holds a list or a structure; expected one value per row: give every value a column of its own, or leave the column out`,
      file,
    );
  const names = elements.map((e) => e.name);
  const again = names.find((name, c) => names.indexOf(name) !== c);
  if (again !== undefined)
    throw new LabError(
      `the column name ${shown(again)} is used twice; give every column a name of its own`,
      file,
    );
  if (names.length === 0 || names.length !== root.num_children)
    throw new LabError('the Parquet file has no columns; write it with a column for every cell', file);
  return names;
}

const typeOf = (element: SchemaElement): string => {
  const logical = element.logical_type?.type ?? '';
  return closedTypes.includes(logical) ? logical : (element.converted_type ?? '');
};

function checkGroups({ row_groups: groups, num_rows: total }: FileMetaData, file: string): void {
  let rows = 0n;
  for (const [g, group] of groups.entries()) {
    rows += group.num_rows;
    if (group.num_rows > MAX_GROUP_ROWS)
      throw new LabError(
        `row group ${g + 1} has ${group.num_rows.toLocaleString('en')} rows; the limit is ${MAX_GROUP_ROWS.toLocaleString('en')}: write the file with smaller row groups (pandas: row_group_size=1000000)`,
        file,
      );
    for (const { meta_data: column } of group.columns)
      if (column !== undefined && !codecs.includes(column.codec))
        throw new LabError(
          `column ${shown(column.path_in_schema.join('.'))} is compressed with ${column.codec}; expected ${codecs.join(' or ').toLowerCase()}: write the file with compression="snappy"`,
          file,
        );
  }
  if (rows !== total)
    throw new LabError(
      `the file says that it has ${total} rows, but its row groups have ${rows}: it is damaged; write the Parquet file again`,
      file,
    );
}

const isoTime = (ms: number): string => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
};

/** Times and dates as ISO 8601 text, and JSON as it stands; null stays null. */
const parsers = {
  timestampFromMilliseconds: (ms: bigint) => isoTime(Number(ms)),
  timestampFromMicroseconds: (us: bigint) => isoTime(Number(us / 1000n)),
  timestampFromNanoseconds: (ns: bigint) => isoTime(Number(ns / 1_000_000n)),
  dateFromDays: (days: number) => isoTime(days * 86_400_000).slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};

type Cell = string | number | bigint | boolean | Uint8Array | null | undefined;

const cellText = (value: Cell): string =>
  value === null || value === undefined
    ? ''
    : value instanceof Uint8Array
      ? new TextDecoder().decode(value)
      : String(value);

/** What the library says, without its own prefix. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^parquet (file )?/, '').replaceAll(/\s+/g, ' ');
}
