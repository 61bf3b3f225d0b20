/**
 * Files in the shapes of public CSV test suites (csv-spectrum, the W3C's and Papa Parse's):
 * `match`, `slices` and `import` must read each of them alike, or refuse it at the same place.
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { readTable } from '../../base/text/csv.ts';
import { memorySource } from '../../base/text/source.ts';
import { parseEdges } from '../../match/file/formats.ts';
import { analyseCsv } from '../../experiment/slices/csv-slices.ts';
import { Tally } from './report.ts';
import { readRows } from './rows.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** u, v and weight of every row, as each command has them. */
const commands: Record<string, (bytes: Uint8Array) => Promise<string[][]>> = {
  async match(bytes) {
    const { ids, u, v, weight } = await parseEdges(bytes, 'f.csv');
    return Array.from(u, (a, e) => [String(ids[a]), String(ids[v[e]]), String(weight[e])]);
  },
  async slices(bytes) {
    const request = { treatment: 'u', outcome: 'weight', by: ['v'], count: undefined, skipMissing: false };
    const { treatments, comparisons = [], ...only } = analyseCsv(await readTable(bytes, 'f.csv'), request);
    const pairs = only.slices === undefined ? comparisons : [{ slices: only.slices }];
    const rows = pairs.flatMap(({ slices }) =>
      slices.flatMap(({ slice, values }) =>
        treatments.flatMap((u) => ((values[u] ?? null) === null ? [] : [[u, slice['v'], String(values[u])]])),
      ),
    );
    return [...new Map(rows.map((row) => [row.join(), row])).values()];
  },
  async import(bytes) {
    const rows: string[][] = [];
    const tally = new Tally('f.csv', bytes.length);
    await readRows(memorySource('f.csv', bytes, 5), tally, {
      row: ({ cells }) => void rows.push([...cells.slice(0, 2), String(Number(cells[2]))]),
    });
    return rows;
  },
};

const plain = [
  ['a', 'b', '1'],
  ['c', 'd', '2'],
];
const text = 'u,v,weight\na,b,1\nc,d,2\n';

test.each<[string, string, string[][]?]>([
  ['plain', text],
  ['CRLF', text.replaceAll('\n', '\r\n')],
  ['CR', text.replaceAll('\n', '\r')],
  ['mixed line ends', 'u,v,weight\r\na,b,1\rc,d,2\n'],
  ['no line end at the end', text.trimEnd()],
  ['blank lines at the end', `${text}\n \r\n\n`],
  ['a byte order mark', `\ufeff${text}`],
  ['a byte order mark before a quote', `\ufeff"u","v",weight\na,b,1\nc,d,2\n`],
  ['all cells quoted', text.replaceAll(/[^,\n]+/g, '"$&"')],
  ['blanks around cells', 'u , v,\tweight\n a,b ,1 \nc,  d,2\n'],
  ['blanks around quotes', '"u" , "v",weight\n "a","b" , 1\nc ,d,"2" \n'],
  ['semicolons', text.replaceAll(',', ';')],
  ['tabs', text.replaceAll(',', '\t')],
  ['bars', text.replaceAll(',', '|')],
  ['a sep= line', `sep=|\r\n${text.replaceAll(',', '|')}`],
  ['separators in quotes', 'u,v,weight\n"a,;|\t","b;;;;",1\n', [['a,;|\t', 'b;;;;', '1']]],
  [
    'doubled quotes',
    'u,v,weight\n"""a""","b""",1\n"""",c,2\n',
    [
      ['"a"', 'b"', '1'],
      ['"', 'c', '2'],
    ],
  ],
  [
    'line ends in quotes',
    'u,v,weight\n"a\nb","c\r\nd",1\n"x\r","\n\ny",2\n',
    [
      ['a\nb', 'c\r\nd', '1'],
      ['x\r', '\n\ny', '2'],
    ],
  ],
  [
    'CRLF around quotes with LF inside',
    'u,v,weight\r\n"a\n",b,1\r\nc,d,2\r\n',
    [
      ['a\n', 'b', '1'],
      ['c', 'd', '2'],
    ],
  ],
  [
    'blanks in quotes',
    'u,v,weight\n" a ",b,1\na,b,2\n',
    [
      [' a ', 'b', '1'],
      ['a', 'b', '2'],
    ],
  ],
  [
    'UTF-8',
    'u,v,weight\nJosé,日本,1\n"😀","e\u0301",2\n',
    [
      ['José', '日本', '1'],
      ['😀', 'e\u0301', '2'],
    ],
  ],
  [
    'ids as they are written',
    'u,v,weight\n007,7.0,1\n+7,1e3,2\n',
    [
      ['007', '7.0', '1'],
      ['+7', '1e3', '2'],
    ],
  ],
])('%s', async (_, content, expected = plain) => {
  const sorted = (rows: string[][]) => rows.map((row) => JSON.stringify(row)).sort();
  for (const [name, read] of Object.entries(commands)) {
    // A comparison needs two treatments.
    if (name === 'slices' && expected.length < 2) continue;
    expect(sorted(await read(utf8(content))), name).toEqual(sorted(expected));
  }
});

test.each<[string, string | Uint8Array, string, string?]>([
  ['a short row', `${text}e,f\n`, '4:3'],
  ['a long row', `${text}e,f,3,4\n`, '4:7'],
  ['separators at the end', `${text}e,f,3,,\n`, '4:7', 'Empty cells beyond'],
  ['a quote inside a cell', `${text}e,5" f,3\n`, '4:4', 'Quotes inside a cell'],
  ['text after a closing quote', `${text}"e"x,f,3\n`, '4:4'],
  ['an open quote', `${text}e,"f,3\n`, '4:3'],
  ['a blank line', `${text}\ne,f,3\n`, '4:1', 'Blank lines are skipped'],
  ['a blank first line', `\r\n${text}`, '1:1', 'Blank lines are skipped'],
  ['a comment at the beginning', `# from today\n${text}`, '1:1', 'skipped as comments'],
  ['a comment at the end', `${text}# 2 rows\n`, '4:1', 'skipped as comments'],
  ['a name used twice', `u,v,weight,u\na,b,1,c\n`, '1:12', 'the column name "u" is used twice'],
  ['a column without a name', `u,v,weight,\na,b,1,\n`, '1:12', 'column 4 has no name'],
])('%s is refused at its place, or forgiven and reported', async (_, content, place, note) => {
  const bytes = typeof content === 'string' ? utf8(content) : content;
  for (const name of ['match', 'slices'])
    await expect(commands[name](bytes), name).rejects.toThrow(`f.csv:${place}: `);
  const tally = new Tally('f.csv', bytes.length);
  await readRows(memorySource('f.csv', bytes, 5), tally, { row: () => void tally.rows++ });
  const { notes, problems } = tally.report();
  if (note === undefined) {
    expect(notes).toEqual([]);
    expect(problems.map((p) => `${p.examples[0].line}:${p.examples[0].column}`)).toEqual([place]);
  } else {
    expect(notes).toEqual([expect.stringContaining(note)]);
    expect(problems).toEqual([]);
  }
});

test.each<[string, Uint8Array, string]>([
  ['an empty file', utf8(''), '1:1: the file is empty'],
  ['blank lines only', utf8('\n\r\n  \n'), '1:1: the file is empty'],
  ['an open quote in the header', utf8('u,"v,weight\na,b,1\n'), '1:3: this quote is never closed'],
  ['Latin-1', Uint8Array.from([...utf8(text), 74, 0xfc, 10]), '4:2: the bytes here are not UTF-8'],
  [
    'UTF-16',
    new Uint8Array(Uint16Array.from(`\ufeff${text}`, (c) => c.charCodeAt(0)).buffer),
    '1:1: the file is UTF-16',
  ],
  ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), '1:1: the bytes here are not UTF-8'],
  ['a NUL', utf8(`${text}e,\0`), '4:3: a NUL character'],
])('%s is refused by all', async (_, bytes, message) => {
  for (const [name, read] of Object.entries(commands)) {
    const error: unknown = await Promise.resolve(bytes)
      .then(read)
      .catch((e: unknown) => e);
    expect(error, name).toBeInstanceOf(LabError);
    expect((error as LabError).message, name).toContain(`f.csv:${message}`);
  }
});

test('a header alone, and one column', async () => {
  const alone = utf8('u,v,weight\n');
  expect(await commands['match'](alone)).toEqual([]);
  expect(await commands['import'](alone)).toEqual([]);
  await expect(commands['slices'](alone)).rejects.toThrow('there is a header but no row below it');
  const column: string[] = [];
  await readRows(memorySource('f.csv', 'name\nann\n"bob, jr"\n""\n'), null, {
    row: (r) => void column.push(r.cells[0]),
  });
  expect(column).toEqual(['ann', 'bob, jr', '']);
});

test('a Parquet file reads as the same table', async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'u', data: ['a', 'c'] },
        { name: 'v', data: ['b', 'd'] },
        { name: 'weight', data: [1, 2], type: 'INT32' },
      ],
    }),
  );
  for (const read of Object.values(commands)) expect(await read(bytes)).toEqual(plain);
});
