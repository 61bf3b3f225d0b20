import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvColumn, csvNumber, decodeUtf8, parseCsv } from './csv.ts';
import { toCsv } from './table.ts';

test('quotes, CRLF, a byte order mark and line breaks in cells are read', () => {
  const csv = parseCsv('\uFEFFa,"b ""c"""\r\n"x\r\ny",2\r\n,3\r\n', 'f.csv');
  expect(csv.header).toEqual(['a', 'b "c"']);
  expect(csv.rows.map((r) => r.cells)).toEqual([
    ['x\r\ny', '2'],
    ['', '3'],
  ]);
  expect(csv.rows[1].line).toBe(4);
});

test.each([
  ['', 'f.csv:1:1: the file is empty; a header row was expected'],
  ['a,b', 'f.csv:1:1: there is a header but no row below it'],
  ['a,a\n1,2', 'f.csv:1:3: the column name "a" is used twice'],
  ['a,\n1,2', 'f.csv:1:3: column 2 has no name'],
  ['a,b\n1,2,3\n', 'f.csv:2:5: the row has 3 cells; the header has 2'],
  ['a,b\n1\n', 'f.csv:2:1: the row has 1 cells; the header has 2'],
  ['a,b\n\n1,2\n', 'f.csv:2:1: the line is empty; 2 cells were expected'],
  ['a,b\n1,2"3\n', 'f.csv:2:4: a quote stands inside a cell that does not begin with one'],
  ['a,b\n"1"2,3\n', 'f.csv:2:4: text stands after a closing quote'],
  ['a,b\n1,"2\n3,4\n', 'f.csv:2:3: this quote is never closed'],
  ['a,b\n1,2\r3,4', 'f.csv:2:4: a carriage return stands without a line feed'],
  ['a,b\n1,\0', 'f.csv:2:3: a NUL character: this is not a text file'],
])('%j is refused with its place', (text, message) => {
  expect(() => parseCsv(text, 'f.csv')).toThrow(message);
});

test('numbers are decimal and finite; a missing column lists those there are', () => {
  const csv = parseCsv('x,y\n 1.5e2 ,NaN\n1e999,0x10\n', 'f.csv');
  expect(csvNumber(csv, csv.rows[0], 0)).toBe(150);
  expect(() => csvNumber(csv, csv.rows[0], 1)).toThrow('f.csv:2:9: y must be a number; it is "NaN"');
  expect(() => csvNumber(csv, csv.rows[1], 0)).toThrow('f.csv:3:1: x must be a number; it is "1e999"');
  expect(() => csvNumber(csv, csv.rows[1], 1)).toThrow('f.csv:3:7');
  expect(() => csvColumn(csv, 'z')).toThrow('f.csv:1:1: there is no column "z"; there are x, y');
});

test('bytes that are not UTF-8 are refused with their line', () => {
  expect(decodeUtf8(new TextEncoder().encode('ü\nb'), 'f.csv')).toBe('ü\nb');
  expect(() => decodeUtf8(Uint8Array.of(97, 10, 98, 0xfc, 10), 'f.csv')).toThrow('f.csv:2:1');
  expect(() => decodeUtf8(Uint8Array.of(0xff, 0xfe, 97, 0), 'f.csv')).toThrow('UTF-16');
});

test('what toCsv writes, parseCsv reads back', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 8 }), (values) => {
      const table = {
        name: 't',
        title: '',
        rows: values.length,
        facts: {},
        columns: [
          { name: 'k', label: '', unit: '', values: Float64Array.from(values, (_, i) => i) },
          { name: 'v', label: '', unit: '', values: values.map((v) => v.replaceAll('\0', '')) },
        ],
      };
      const back = parseCsv(toCsv(table), 't.csv');
      expect(back.rows.map((r) => r.cells[1])).toEqual(table.columns[1].values);
    }),
  );
});
