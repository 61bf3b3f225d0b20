import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from '../table.ts';
import { csvColumn, csvNumber, openCsv, readCsv, readCsvSource, splitList } from './csv.ts';
import type { CsvOptions, Forgiven } from './csv-reader.ts';
import { CsvRecord, CsvScanner } from './csv-scanner.ts';
import { csvLine } from './csv-write.ts';
import { decodeText } from './decode.ts';
import { memorySource } from './source.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const strict = (text: string, options: CsvOptions = {}) => readCsv(bytes(text), 'f.csv', options);
const cells = (text: string, options: CsvOptions = {}) => strict(text, options).rows.map((row) => row.cells);

function forgiving(text: string | Uint8Array) {
  const forgiven: Forgiven[] = [];
  const source = typeof text === 'string' ? bytes(text) : text;
  const { names, rows } = openCsv(source, 'f.csv', { forgive: (what) => forgiven.push(what) });
  const read = [...rows].map((row) => row.cells);
  return {
    names,
    rows: read,
    forgiven: forgiven.map(({ kind, line, column }) => `${kind} ${line}:${column}`),
  };
}

test('quotes, CRLF, a byte order mark and line breaks in cells are read', () => {
  const csv = strict('\uFEFFa,"b ""c"""\r\n"x\r\ny",2\r\n,3\r\n');
  expect(csv.header).toEqual(['a', 'b "c"']);
  expect(csv.rows.map((r) => r.cells)).toEqual([
    ['x\r\ny', '2'],
    ['', '3'],
  ]);
  expect(csv.rows[1].line).toBe(4);
});

test('the comments of an event log are no rows', () => {
  const log = '# halfsecond: 0.1.0\n# link: #a=1,2\nevent,x,y\nchat,1,2\n# digest: 7f\n';
  expect(cells(log)).toEqual([['chat', '1', '2']]);
  expect(() => cells(log.replace('halfsecond', 'another'))).toThrow('f.csv:1:1: the line begins with #');
});

test.each(['\n', '\r\n', '\r', '\n\r\n', '\r\r\n'])('%j ends lines, also mixed with others', (end) => {
  expect(cells(`a,b${end[0]}1,2${end.slice(1) || end}3,"x"\n5,6`)).toEqual([
    ['1', '2'],
    ['3', 'x'],
    ['5', '6'],
  ]);
});

test.each([
  ['', 'f.csv:1:1: the file is empty; expected a header row'],
  [' \n\n', 'f.csv:1:1: the file is empty'],
  ['a,b', 'f.csv:1:1: there is a header but no row below it'],
  ['a,a\n1,2', 'f.csv:1:3: the column name "a" is used twice'],
  ['a,\n1,2', 'f.csv:1:3: column 2 has no name'],
  ['a,b\n1,2,3\n', 'f.csv:2:5: the row has 3 cells; the header has 2'],
  ['a,b\n1,2,\n', 'f.csv:2:5: the row has 3 cells; the header has 2; delete the separators at the end'],
  ['a,b\n1\n', 'f.csv:2:1: the row has 1 cell; the header has 2'],
  ['a,b\n\n1,2\n', 'f.csv:2:1: a line is blank; delete it'],
  ['\na,b\n1,2\n', 'f.csv:1:1: the first line is blank'],
  ['# from today\na,b\n1,2\n', 'f.csv:1:1: the line begins with # like a comment'],
  ['a,b\n1,2\n# end\n', 'f.csv:3:1: the line begins with # like a comment'],
  ['a,b\n1,2"3\n', 'f.csv:2:4: a quote stands inside a cell that does not begin with one'],
  ['a,b\n"1"2,3\n', 'f.csv:2:4: text stands after a closing quote'],
  ['a,b\n1,"2\n3,4\n', 'f.csv:2:3: this quote is never closed'],
  ['a,"b\n1,2\n', 'f.csv:1:3: this quote is never closed in the header'],
  ['a,b\n1,\0', 'f.csv:2:3: a NUL character'],
  ['a,b\n1,2\n3,\u0007', 'f.csv:3:3: a control character (code 7)'],
])('%j is refused with its place', (text, message) => {
  expect(() => strict(text)).toThrow(message);
});

test('places count characters, and lines within quotes', () => {
  const [row, last] = strict('a,b,c\n"x\ny", "é😀" ,3\n😀,"é" , z\n').rows;
  expect([0, 1, 2].map((c) => row.where(c))).toEqual(['f.csv:2:1', 'f.csv:3:5', 'f.csv:3:11']);
  expect([0, 1, 2].map((c) => last.where(c))).toEqual(['f.csv:4:1', 'f.csv:4:3', 'f.csv:4:9']);
  expect(() => strict('a,b\n"x\r\ny",é"\n')).toThrow('f.csv:3:5: a quote stands inside');
});

describe('the separator', () => {
  test.each([
    ['a;b\n1;2,5\n', ';', ['1', '2,5']],
    ['a\tb c\n1\t 2 \n', '\t', ['1', '2']],
    ['a|b\n1,2|3\n', '|', ['1,2', '3']],
    ['id;tags, comma;x\n1;a,b;2\n', ';', ['1', 'a,b', '2']],
    ['"a;b",c\n1,2\n', ',', ['1', '2']],
    ['"a\n;;;",c\n1,2\n', ',', ['1', '2']],
    ['name\nann\n', ',', ['ann']],
    ['sep=;\na,b;c\n1;2\n', ';', ['1', '2']],
    ['sep=:\r\na:b\r\n1:2\r\n', ':', ['1', '2']],
  ])('of %j is %j', async (text, separator, row) => {
    let found = '';
    await readCsvSource(memorySource('f', text), { header: (_, s) => void (found = s), row: () => true });
    expect(found).toBe(separator);
    expect(cells(text)[0]).toEqual(row);
  });
  test('lines are counted from the sep= line on', () => {
    expect(() => strict('sep=;\na;b\n1;2;3\n')).toThrow('f.csv:3:5');
  });
});

test('the forgiving mode loses only what cannot be read, and says what it forgave', () => {
  const found = forgiving('\n# from today\nx,x,\n1,5" pipe,3\n\n4,5,6,,\n"7"7,8,9\n# end\n1,2\n7,8,9\n\n');
  expect(found.names).toEqual(['x', 'x (2)', 'column 3']);
  expect(found.rows).toEqual([
    ['1', '5" pipe', '3'],
    ['4', '5', '6'],
    ['7', '8', '9'],
  ]);
  expect(found.forgiven).toEqual([
    'blankLine 1:1',
    'comment 2:1',
    'repeatedName 3:3',
    'emptyName 3:5',
    'bareQuote 4:4',
    'blankLine 5:1',
    'trailingCells 6:7',
    'quotes 7:4',
    'comment 8:1',
    'cells 9:3',
  ]);
  expect(forgiving('sep=;\n#id;b\n#1;2\n#3;4').forgiven).toEqual(['separatorLine 1:1']);
});

describe('encodings', () => {
  const utf16 = (text: string) => new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);
  test('UTF-16 is named, with and without its mark', () => {
    for (const text of ['\ufeffa,b\n1,2\n', 'a,b\n1,2\n'])
      expect(() => readCsv(utf16(text), 'f.csv')).toThrow('f.csv:1:1: the file is UTF-16; save it as UTF-8');
  });
  test('bytes that are not UTF-8 are refused with their place, after the faults before them', () => {
    const latin = [...bytes('a,b\n1,é'), 0xfc, 10];
    expect(() => readCsv(Uint8Array.from(latin), 'f.csv')).toThrow('f.csv:2:4: the bytes here are not UTF-8');
    expect(() => readCsv(Uint8Array.from([...bytes('a,a\n'), ...latin]), 'f.csv')).toThrow('f.csv:1:3');
    expect(() => readCsv(bytes('a\né').slice(0, -1), 'f.csv')).toThrow(
      'f.csv:2:1: the file ends in the middle of a character',
    );
  });
});

test('the text of a whole file has no byte order mark', () => {
  expect(decodeText(bytes('\ufeff{"é": 1}'), 'f.json')).toBe('{"é": 1}');
  expect(() => decodeText(Uint8Array.of(0xff, 0xfe, 123, 0), 'f.json')).toThrow(
    'f.json:1:1: the file is UTF-16',
  );
  expect(() => decodeText(Uint8Array.of(123, 10, 0xfc, 125), 'f.json')).toThrow('f.json:2:1: the bytes here');
});

test('numbers are decimal and finite; a missing column lists those there are', () => {
  const csv = strict('x,y\n 1.5e2 ,NaN\n1e999,0x10\n"1,5","1,000"\n7 kg,\n');
  const number = (row: number, column: number) => csvNumber(csv.rows[row], column, csv.header[column]);
  expect(number(0, 0)).toBe(150);
  expect(() => number(0, 1)).toThrow('f.csv:2:9: y must be a number; it is "NaN"');
  expect(() => number(1, 0)).toThrow('f.csv:3:1: x must be a number; it is "1e999"');
  expect(() => number(1, 1)).toThrow('f.csv:3:7');
  expect(() => number(2, 0)).toThrow('it is "1,5"; write a point as the decimal sign');
  expect(() => number(2, 1)).toThrow('it is "1,000"; write it without thousands separators');
  expect(() => number(3, 0)).toThrow('it is "7 kg"; write the number without a unit');
  expect(() => number(3, 1)).toThrow('y must be a number; it is empty');
  expect(() => csvColumn(csv, 'z')).toThrow('f.csv:1:1: there is no column "z"; there are x, y');
  expect(() => csvColumn(strict('"s, 1",t\n1,2\n'), 'z')).toThrow('there are "s, 1", t');
});

test('a list holds names with commas in quotes', () => {
  expect(splitList('a, b')).toEqual(['a', 'b']);
  expect(splitList('"s, 1","he said ""x""",c')).toEqual(['s, 1', 'he said "x"', 'c']);
  expect(splitList('"a+b"+c', '+')).toEqual(['a+b', 'c']);
  expect(() => splitList('"a,b')).toThrow('this quote is never closed in the list');
});

describe('what is written is read back', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom('a', ' ', '"', ',', ';', '\t', '|', '\n', '\r', '\ufeff', '#', 'é', '='),
    }),
  );
  // Control characters cannot be in a text file.

  const text = cell.map((s) => s.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, ''));
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((n) => fc.array(fc.array(text, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 6 }));
  const separator = fc.constantFrom(',', ';', '\t', '|', ':', 'é');
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

  test('with any separator, line end and piece size, strictly and forgivingly', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        separator,
        lineEnd,
        fc.integer({ min: 1, max: 9 }),
        async (rows, s, end, piece) => {
          const header = rows[0].map((_, c) => `column ${c}`);
          const file = [header, ...rows].map((row) => csvLine(row, s) + end).join('');
          expect(cells(file, { separator: s })).toEqual(rows);
          const streamed: (readonly string[])[] = [];
          await readCsvSource(
            memorySource('f', file, piece),
            { row: (row) => void streamed.push(row.cells) },
            { separator: s, forgive: (what) => expect(what).toBeUndefined() },
          );
          expect(streamed).toEqual(rows);
        },
      ),
    );
  });

  test('all cells quoted, with blanks around the quotes', () => {
    fc.assert(
      fc.property(table, separator, lineEnd, (rows, s, end) => {
        const quoted = (row: readonly string[]) =>
          row.map((c) => ` "${c.replaceAll('"', '""')}" `).join(s) + end;
        const file = quoted(rows[0].map((_, c) => `column ${c}`)) + rows.map(quoted).join('');
        expect(cells(file, { separator: s })).toEqual(rows);
      }),
    );
  });

  test('an exported table, with the separator guessed', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (values) => {
        const columns = [
          { name: 'k', label: '', unit: '', values: Float64Array.from(values, (_, i) => i) },
          { name: 'v', label: '', unit: '', values },
        ];
        const csv = toCsv({ name: 't', title: '', rows: values.length, facts: {}, columns });
        expect(cells(csv).map((row) => row[1])).toEqual(values);
      }),
    );
  });
});

test('the pieces in which a text comes do not matter', () => {
  const parts = fc.constantFrom('a', '"', ',', '\n', '\r\n', '\r', ';', 'é', '😀', '""', '1', ' ', '#');
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (list, piece) => {
      const content = list.join('');
      const all = (size: number) => {
        const scanner = new CsvScanner('f.csv', ',', 1 << 20);
        const found: unknown[] = [];
        const take = (last: boolean) => {
          for (let r = scanner.next(last); r !== null; r = scanner.next(last))
            found.push(r instanceof CsvRecord ? [...r.cells, r.where(r.cells.length - 1), r.bareQuote] : r);
        };
        for (let at = 0; at < content.length; at += size) {
          scanner.add(content.slice(at, at + size));
          take(false);
        }
        take(true);
        return found;
      };
      expect(all(piece)).toEqual(all(1 << 20));
    }),
    { numRuns: 500 },
  );
});
