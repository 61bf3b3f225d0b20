import type { SchemaElement } from 'hyparquet-writer';
import { csvLine } from '../../base/text/csv-write.ts';
import { logColumns, type LogColumn, type LogRow } from './event-log.ts';

/** Rows that are held until they are encoded. */
const ROWS_PER_GROUP = 20_000;

export type LogFormat = 'csv' | 'parquet';
/** What made the log: written into the file, as comments or as metadata. */
export type LogOrigin = Readonly<Record<string, string>>;

/** Takes the bytes of a file, piece by piece. */
export type TakeBytes = (bytes: Uint8Array) => void | Promise<void>;

/** A log file in the making. It holds one group of rows, however long the log becomes. */
export interface LogFile {
  add(row: LogRow): void;
  /** Call it between two ticks: encodes and hands over full groups. */
  drain(): Promise<void>;
  /** Ends the file. `origin` may add what is known only at the end, such as the digest. */
  finish(origin: LogOrigin): Promise<void>;
}

const names = Object.keys(logColumns) as LogColumn[];

/** Begins a file. Comments of a CSV file begin with "#"; the origin known at the end comes last. */
export async function openLog(format: LogFormat, origin: LogOrigin, take: TakeBytes): Promise<LogFile> {
  const encoder = format === 'csv' ? csvEncoder(origin, take) : await parquetEncoder(origin, take);
  let rows: LogRow[] = [];
  const flush = async () => {
    const group = rows;
    rows = [];
    if (group.length > 0) await encoder.write(group);
  };
  return {
    add: (row) => void rows.push(row),
    drain: async () => {
      if (rows.length >= ROWS_PER_GROUP) await flush();
    },
    async finish(end) {
      await flush();
      await encoder.finish(end);
    },
  };
}

interface Encoder {
  write(rows: readonly LogRow[]): void | Promise<void>;
  finish(origin: LogOrigin): void | Promise<void>;
}

function csvEncoder(origin: LogOrigin, take: TakeBytes): Encoder {
  const utf8 = new TextEncoder();
  const lines = (texts: readonly string[]) => utf8.encode(texts.map((text) => `${text}\n`).join(''));
  const comments = (of: LogOrigin) => Object.entries(of).map(([key, value]) => `# ${key}: ${value}`);
  let isOpen = false;
  const open = async () => {
    if (!isOpen) await take(lines([...comments(origin), csvLine(names)]));
    isOpen = true;
  };
  return {
    async write(rows) {
      await open();
      await take(lines(rows.map((row) => csvLine(names.map((name) => String(row[name] ?? ''))))));
    },
    async finish(end) {
      await open();
      await take(lines(comments(end)));
    },
  };
}

async function parquetEncoder(origin: LogOrigin, take: TakeBytes): Promise<Encoder> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const handOver = () => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return take(piece);
  };
  const schema: SchemaElement[] = [
    { name: 'event_log', num_children: names.length },
    ...names.map((name): SchemaElement => {
      const repetition_type = 'OPTIONAL';
      return logColumns[name] === 'number'
        ? { name, type: 'DOUBLE', repetition_type }
        : { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
    }),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'halfsecond' });
  return {
    async write(rows) {
      const columnData = names.map((name) => ({
        name,
        data: rows.map((row) => row[name] ?? null),
        offsetIndex: false,
      }));
      await writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
      await handOver();
    },
    async finish(end) {
      writer.kvMetadata = Object.entries({ ...origin, ...end }).map(([key, value]) => ({ key, value }));
      await writer.finish();
      await handOver();
    },
  };
}
