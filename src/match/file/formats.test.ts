import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { parseEdges, parseEmbeddings } from './formats.ts';
import { parseCosts } from './read-costs.ts';
import { matchFile } from './match-file.ts';
import { fileOptions as options } from '../testing/file-options.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const parsers = { costs: parseCosts, edges: parseEdges, embeddings: parseEmbeddings };

async function refusal(format: keyof typeof parsers, data: string | Uint8Array): Promise<string> {
  try {
    await parsers[format](typeof data === 'string' ? bytes(data) : data, 'f');
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return (error as LabError).message;
  }
  return 'accepted';
}

describe('costs', () => {
  it('reads numbers wherever the lines break', () => {
    const { rows, columns, cost } = parseCosts(bytes('\ufeff 2\r\n 1 -2.5\r\n+3e1\t .5 \n\n\n'), 'f');
    expect([rows, columns]).toEqual([2, 2]);
    expect([...cost]).toEqual([1, -2.5, 30, 0.5]);
    expect(parseCosts(bytes('0\n'), 'f')).toMatchObject({ rows: 0, columns: 0 });
  });

  it('reads rectangles and forbidden pairs', () => {
    const { rows, columns, cost } = parseCosts(bytes('2 3\n1 - 2\n inf 4 INF\n'), 'f');
    expect([rows, columns]).toEqual([2, 3]);
    expect([...cost]).toEqual([1, Infinity, 2, Infinity, 4, Infinity]);
    // A first line of two numbers is n and the first cost where that fits the count.
    expect(parseCosts(bytes('1 5'), 'f')).toMatchObject({ rows: 1, columns: 1 });
    expect(parseCosts(bytes('2 1\n2\n3\n4'), 'f')).toMatchObject({ rows: 2, columns: 2 });
    expect(parseCosts(bytes('0 7\n'), 'f')).toMatchObject({ rows: 0, columns: 7 });
  });

  it.each([
    ['2\n1 2\n3 x4\n', 'f:3:3: cost in row 1, column 1 is "x4"; expected a finite number'],
    ['2 3\n1 2 3\n4 5\n', 'f:4:1: the file ends after 5 costs; expected 2 x 3 = 6'],
    ['2 1\n5 6 7 8\n', 'f:2:5: more numbers than 2 x 1 = 2 costs: "7"'],
    ['2\n1 2\n3 NaN', 'f:3:3: cost'],
    ['2\n1 Infinity 3 4', 'f:2:3: cost'],
    ['2\n1 1e999 3 4', 'f:2:3: cost'],
    ['2\n1 0x10 3 4', 'f:2:3: cost'],
    ['2\n1,2\n3,4\n', 'f:2:1: cost in row 0, column 0 is "1,2"'],
    ['2\n1 2\n3\n', 'f:4:1: the file ends after 3 costs; expected 2 x 2 = 4'],
    ['2\n1 2 3 4\n5\n', 'f:3:1: more numbers than 2 x 2 = 4 costs: "5"'],
    ['2.5\n1 2', 'f:1:1: n is "2.5"'],
    ['-1\n', 'f:1:1: n is "-1"'],
    ['99999999\n1 2 3\n', 'cannot hold 99999999 x 99999999'],
    ['', 'f:1:1: the file is empty'],
    ['\n \r\n', 'f:1:1: the file is empty'],
  ])('refuses %j', async (text, message) => {
    expect(await refusal('costs', text)).toContain(message);
  });
});

describe('edges', () => {
  it('reads a graph, quoted or not, with any line ends', async () => {
    const data = await parseEdges(
      bytes('\ufeff"u",v,"weight"\r\nann,"b,""o""b", 2.5 \rbob,ann,-1e-3\n\n \n'),
      'f',
    );
    expect(data.ids).toEqual(['ann', 'b,"o"b', 'bob']);
    expect([...data.u]).toEqual([0, 2]);
    expect([...data.v]).toEqual([1, 0]);
    expect([...data.weight]).toEqual([2.5, -1e-3]);
  });

  it('keeps whole-number ids as numbers', async () => {
    expect((await parseEdges(bytes('u,v,weight\n7,-2,1\n'), 'f')).ids).toEqual([7, -2]);
    expect((await parseEdges(bytes('u,v,weight\n7,02,1\n'), 'f')).ids).toEqual(['7', '02']);
    expect((await parseEdges(bytes('u,v,weight\n'), 'f')).ids).toEqual([]);
  });

  it.each([
    ['u,v\n1,2\n', 'f:1:3: the header ends before weight'],
    ['u,v,w\n', 'f:1:5: column 3 of the header is "w"; expected weight'],
    ['u,v,weight,x\n', 'f:1:12: column 4 of the header is "x"; expected no further column'],
    ['1,2,3\n', 'f:1:1: column 1 of the header is "1"; expected u'],
    ['u,v,weight\n1,2,3\n2,1,3\n', 'f:3:1: this edge was already given in line 2'],
    ['u,v,weight\n1,2,3\n3,4,1\n1,2,3\n4,3,1', 'f:4:1: this edge was already given in line 2'],
    ['u,v,weight\n1,1,3\n', 'f:2:3: an edge from "1" to itself'],
    ['u,v,weight\n1,2\n', 'f:2:3: the row has 2 cells; the header has 3'],
    ['u,v,weight\n1,2,3,4\n', 'f:2:7: the row has 4 cells; the header has 3'],
    ['u,v,weight\n1,2,\n', 'f:2:5: weight must be a finite number; it is empty'],
    ['u,v,weight\n1,2,abc\n', 'f:2:5: weight must be a finite number; it is "abc"'],
    ['u,v,weight\n1,2,NaN\n', 'weight must be a finite number; it is "NaN"'],
    ['u,v,weight\n1,2,-Infinity\n', 'it is "-Infinity"'],
    ['u,v,weight\n,2,1\n', 'f:2:1: u is empty'],
    ['u,v,weight\n1,2,1\n\n2,3,1\n', 'f:3:1: a line is blank'],
    ['u,v,weight\n"1,2,1\n', 'f:2:1: this quote is never closed'],
    ['u,v,weight\n"1"x,2,1\n', 'f:2:4: text stands after a closing quote'],
    ['u,v,weight\n"a\nb",c,zzz\n', 'f:3:6: weight must be'],
    ['', 'f:1:1: the file is empty'],
  ])('refuses %j', async (text, message) => {
    expect(await refusal('edges', text)).toContain(message);
  });

  it('reads semicolons, and keeps ids as they are written', async () => {
    expect((await parseEdges(bytes('u;v;weight\n007;7;3\n7.0;07;4\n'), 'f')).ids).toEqual([
      '007',
      '7',
      '7.0',
      '07',
    ]);
  });

  it('refuses bytes that are not text', async () => {
    for (const format of ['costs', 'edges', 'embeddings'] as const)
      expect(await refusal(format, Uint8Array.of(0xff, 0xfe, 51, 0, 10, 0))).toContain(
        'f:1:1: the file is UTF-16',
      );
    expect(await refusal('edges', Uint8Array.of(117, 44, 118, 10, 49, 0, 50))).toContain(
      'f:2:2: a NUL character',
    );
    expect(await refusal('edges', Uint8Array.of(117, 44, 118, 10, 255, 254, 10))).toContain(
      'f:2:1: the bytes here are not UTF-8',
    );
  });
});

describe('embeddings', () => {
  it('reads vectors with and without sides', async () => {
    const sided = await parseEmbeddings(bytes('id,side,v1,v2\na,A,1,-2\nb,B,.5,1e3\n'), 'f');
    expect([...sided.vectors]).toEqual([1, -2, 0.5, 1000]);
    expect([...sided.side]).toEqual([1, 2]);
    expect(sided.dim).toBe(2);
    const plain = await parseEmbeddings(bytes('id,side,v1\n1,,3\n2,"",4\n'), 'f');
    expect(plain.sided).toBe(false);
    expect(plain.ids).toEqual([1, 2]);
  });

  it.each([
    ['id,side\n', 'f:1:1: 2 columns; expected'],
    ['id,side,v1,v3\n', 'f:1:12: column 4 of the header is "v3"; expected v2'],
    ['id,side,v1\na,,1\na,,2\n', 'f:3:1: id "a" was already given'],
    ['id,side,v1\na,C,1\n', 'f:2:3: side is "C"; expected A, B or nothing'],
    ['id,side,v1\na,A,1\nb,,1\n', 'f:3:3: side is "", while earlier lines have one'],
    ['id,side,v1,v2\na,,1\n', 'f:2:4: the row has 3 cells; the header has 4'],
    ['id,side,v1\na,,\n', 'f:2:4: v1 must be a finite number; it is empty'],
    ['id,side,v1\na,,1e400\n', 'f:2:4: v1 must be a finite number; it is "1e400"'],
  ])('refuses %j', async (text, message) => {
    expect(await refusal('embeddings', text)).toContain(message);
  });
});

describe('matching a file', () => {
  const host = { progress: () => undefined, openBackend: () => Promise.reject(new LabError('no adapter')) };

  it('answers every format with every algorithm on the CPU', async () => {
    const files = {
      costs: '3\n4 1 3\n2 0 5\n3 2 2\n',
      edges: 'u,v,weight\na,b,8\nb,c,9\nc,d,8\n',
      embeddings: 'id,side,v1,v2\np,,1,0\nq,,2,1\nr,,0,3\ns,,-1,2\n',
    };
    const best = { costs: 11, edges: 16, embeddings: 8 };
    for (const format of ['costs', 'edges', 'embeddings'] as const)
      for (const algorithm of ['greedy', 'auction', 'exact'] as const) {
        const found = await matchFile(
          bytes(files[format]),
          'f',
          options({ format, algorithm, backend: 'cpu' }),
          host,
        );
        expect(found.upperBound).toBeGreaterThanOrEqual(best[format]);
        expect(found.weight).toBeLessThanOrEqual(best[format]);
        expect(found.backend).toBe('cpu');
        if (algorithm === 'exact') {
          expect(found.weight).toBe(best[format]);
          expect(found.gap).toBe(0);
        }
      }
  });

  it('minimises costs, with a lower bound', async () => {
    const file = bytes('3\n4 1 3\n2 0 5\n3 2 2\n');
    const exact = await matchFile(
      file,
      'f',
      options({ format: 'costs', goal: 'min', algorithm: 'exact' }),
      host,
    );
    expect(exact).toMatchObject({
      weight: 5,
      upperBound: 5,
      gap: 0,
      pairs: [
        [0, 1],
        [1, 0],
        [2, 2],
      ],
    });
    const greedy = await matchFile(
      file,
      'f',
      options({ format: 'costs', goal: 'min', algorithm: 'greedy' }),
      host,
    );
    expect(greedy.weight).toBe(6);
    expect(greedy.upperBound).toBeLessThanOrEqual(5);
  });

  it('pairs only across sides and only above the threshold', async () => {
    const file = bytes('id,side,v1\n1,A,5\n2,A,4\n3,B,3\n4,B,-3\n5,B,1\n');
    const found = await matchFile(file, 'f', options({ format: 'embeddings', algorithm: 'auction' }), host);
    expect(found.weight).toBe(19);
    const picky = await matchFile(file, 'f', options({ format: 'embeddings', threshold: 5 }), host);
    expect(picky.pairs).toEqual([[1, 3]]);
  });

  it('takes equal edges in the order of the file', async () => {
    const file = bytes('u,v,weight\n1,2,1\n2,3,1\n3,4,1\n');
    expect((await matchFile(file, 'f', options({ format: 'edges' }), host)).pairs).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const other = bytes('u,v,weight\n2,3,1\n1,2,1\n3,4,1\n');
    expect((await matchFile(other, 'f', options({ format: 'edges' }), host)).pairs).toEqual([[2, 3]]);
  });

  it('answers empty files with no pairs', async () => {
    for (const algorithm of ['greedy', 'auction', 'exact'] as const)
      for (const [format, text] of [
        ['costs', '0'],
        ['edges', 'u,v,weight\n'],
        ['embeddings', 'id,side,v1\n'],
      ] as const) {
        const found = await matchFile(bytes(text), 'f', options({ format, algorithm }), host);
        expect(found).toMatchObject({ pairs: [], weight: 0, upperBound: 0, gap: 0 });
      }
  });

  it('says why there is no GPU when asked for one', async () => {
    const file = bytes('id,side,v1\n1,,5\n2,,4\n');
    await expect(
      matchFile(file, 'f', options({ format: 'embeddings', backend: 'gpu' }), host),
    ).rejects.toThrow('no adapter');
  });
});
