import fc from 'fast-check';
import { parquetWriteBuffer, type ParquetWriteOptions } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { LabError } from '../errors.ts';
import { readCsvSource, readTable } from './csv.ts';
import { memorySource } from './source.ts';

type Content = Omit<ParquetWriteOptions, 'writer'>;
const file = (content: Content) => new Uint8Array(parquetWriteBuffer(content));

const plain: Content = {
  columnData: [
    { name: 'id', data: ['7', '007', ' x, "y"\n'] },
    { name: 'weight', data: [1.5, null, -2e-7], type: 'DOUBLE' },
    { name: 'count', data: [1n, 2n, 9007199254740993n], type: 'INT64' },
    { name: 'yes', data: [true, false, null], type: 'BOOLEAN' },
    { name: 'at', data: [new Date(0), null, new Date(1500)], type: 'TIMESTAMP' },
  ],
  rowGroupSize: 2,
};

test('numbers, texts, booleans and times are read as a CSV file would have them', async () => {
  const { header, rows } = await readTable(file(plain), 'f.parquet');
  expect(header).toEqual(['id', 'weight', 'count', 'yes', 'at']);
  expect(rows.map((row) => row.cells)).toEqual([
    ['7', '1.5', '1', 'true', '1970-01-01T00:00:00.000Z'],
    ['007', '', '2', 'false', ''],
    [' x, "y"\n', '-2e-7', '9007199254740993', '', '1970-01-01T00:00:01.500Z'],
  ]);
  expect(rows[2].where(1)).toBe('f.parquet:3:2');
});

test('row groups are read one at a time, and reading stops where it is told to', async () => {
  const data = Array.from({ length: 1000 }, (_, k) => k);
  const bytes = file({ columnData: [{ name: 'k', data, type: 'INT32' }], rowGroupSize: 100 });
  const source = memorySource('f.parquet', bytes);
  let read = 0;
  const slice = (from: number, to: number) => {
    read += to - from;
    return source.slice!(from, to);
  };
  const told: number[] = [];
  const seen: string[] = [];
  await readCsvSource(
    { ...source, slice },
    {
      row: ({ cells: [k] }) => void seen.push(k),
      progress: (at) => void told.push(at),
    },
  );
  expect(seen).toEqual(data.map(String));
  expect(told).toHaveLength(10);
  expect(told.at(-1)).toBe(bytes.length);
  const whole = read;
  read = 0;
  await readCsvSource({ ...source, slice }, { row: () => false });
  expect(read).toBeLessThan(whole);
});

const nested = file({
  schema: [
    { name: 'root', num_children: 2 },
    { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
    { name: 'place', num_children: 1, repetition_type: 'REQUIRED' },
    { name: 'x', type: 'INT32', repetition_type: 'REQUIRED' },
  ],
  columnData: [
    { name: 'id', data: [1, 2] },
    { name: 'place', data: [{ x: 1 }, { x: 2 }] },
  ],
});
const good = file(plain);
const ofType = (type: 'VARIANT' | 'GEOMETRY') =>
  file({ columnData: [{ name: 'shape', data: [{ type: 'Point', coordinates: [1, 2] }], type }] });

test.each<[string, Uint8Array, string]>([
  ['cut off', good.subarray(0, good.length - 9), 'begins as a Parquet file but does not end as one after'],
  ['only a beginning', good.subarray(0, 4), 'begins as a Parquet file but does not end as one after 4 bytes'],
  [
    'damaged at the end',
    good.map((byte, k) => (k > good.length - 60 && k < good.length - 8 ? 255 : byte)),
    'the description at the end of the file is damaged',
  ],
  ['damaged in a row', good.map((byte, k) => (k > 4 && k < 40 ? 255 : byte)), 'row group 1 of 2 is damaged'],
  [
    'encrypted',
    new TextEncoder().encode('PARE........PARE'),
    'the Parquet file is encrypted; write it without encryption',
  ],
  ['nested', nested, 'column "place" holds a list or a structure; expected one value per row'],
  ['a variant', ofType('VARIANT'), 'column "shape" has the type VARIANT; expected numbers'],
  ['a geometry', ofType('GEOMETRY'), 'column "shape" has the type GEOMETRY; expected numbers'],
  [
    'another codec',
    file({ ...plain, codec: 'ZSTD', compressors: { ZSTD: (bytes) => bytes } }),
    'column "id" is compressed with ZSTD; expected uncompressed or snappy',
  ],
  [
    'no row',
    file({ columnData: [{ name: 'a', data: [], type: 'INT32' }] }),
    'there is a header but no row below it',
  ],
])('a file that is %s is refused with what to do', async (_, bytes, message) => {
  await expect(readTable(bytes, 'f.parquet')).rejects.toThrow(LabError);
  await expect(readTable(bytes, 'f.parquet')).rejects.toThrow(message);
});

test('whatever stands between its first and last bytes, there are rows or one clear error', async () => {
  const magic = [...new TextEncoder().encode('PAR1')];
  const middle = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => [...bytes]),
    fc.nat({ max: good.length - 8 }).map((from) => [...good.subarray(4 + from, good.length - 4)]),
    fc.nat({ max: good.length - 8 }).map((to) => [...good.subarray(4, 4 + to)]),
  );
  await fc.assert(
    fc.asyncProperty(middle, async (bytes) => {
      try {
        await readTable(Uint8Array.from([...magic, ...bytes, ...magic]), 'f.parquet');
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        expect(error.message.split('\n')).toHaveLength(1);
      }
    }),
    { numRuns: 200, seed: 50_000 },
  );
});

/** Texts by a dictionary, nulls, whole numbers and flags, in 30 rows. */
const small = file({
  columnData: [
    { name: 'id', data: Array.from({ length: 30 }, (_, k) => `p${k % 4}`) },
    { name: 'w', data: Array.from({ length: 30 }, (_, k) => (k % 5 === 0 ? null : k)), type: 'DOUBLE' },
    { name: 'yes', data: Array.from({ length: 30 }, (_, k) => k % 3 === 0), type: 'BOOLEAN' },
  ],
});

test('every file with one changed byte is read or refused: none declares more than it holds', async () => {
  let refused = 0;
  for (let k = 0; k < 2000; k++) {
    const at = k % small.length;
    const bytes = small.slice();
    // By turns another low bit, another high bit, all bits, and none.
    const turn = Math.floor(k / small.length);
    bytes[at] = [bytes[at] ^ 1, bytes[at] ^ 0x80, 0xff, 0][turn % 4];
    try {
      const { rows } = await readTable(bytes, 'f.parquet');
      expect(rows.length).toBe(30);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      expect(error.message.split('\n')).toHaveLength(1);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(500);
});

/** Written by DuckDB: 300 texts whose indices are packed in blocks of 256. */
const blocks =
  'UEFSMRUEFSQVKEwVBhUAAAASRAIAAABjMAIAAABjMQIAAABjMhUAFZQCFTIsFdgEFQQVBhUGAACKASwDAAAA2AQBAkEkSZLy' +
  'AwAAQR1A0koAFUAcHAAAHBwAABwcAAAAAAUQACAEgAAQBQAAQABAgCAAQgAADEAAABRAACQAAAEVAhksNQAYDWR1Y2tkYl9z' +
  'Y2hlbWEVAgAVDCUCGAFhJQAAFtgEGRwZHCYAHBUMGRUEGRgBYRUCFtgEFvgCFpoBJkomCBwYAmMyGAJjMBYAFgYYAmMyGAJj' +
  'MBERACaiARVeAAAW+AIW2AQmCBaaAQAoKER1Y2tEQiB2ZXJzaW9uIHYxLjUuNiAoYnVpbGQgMDY5Y2M5ZjliNSkZHBwAAACf' +
  'AAAAUEFSMQ==';

test('the last block of packed numbers may be longer than the rows', async () => {
  const bytes = Uint8Array.from(atob(blocks), (letter) => letter.charCodeAt(0));
  const { rows } = await readTable(bytes, 'f.parquet');
  expect(rows.map(({ cells: [text] }) => text)).toEqual(Array.from({ length: 300 }, (_, k) => `c${k % 3}`));
});
