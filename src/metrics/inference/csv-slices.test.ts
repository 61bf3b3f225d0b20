import { describe, expect, test } from 'vitest';
import { readCsv } from '../../base/text/csv.ts';
import { analyseCsv, type SlicesRequest } from './csv-slices.ts';

const request: SlicesRequest = { treatment: 't', outcome: 'y', by: ['s'], count: 'n', skipMissing: false };
const run = (text: string, changes: Partial<SlicesRequest> = {}) =>
  analyseCsv(readCsv(new TextEncoder().encode(text), 'f.csv'), { ...request, ...changes });

const stones =
  's,t,y,n\nsmall,A,1,81\nsmall,A,0,6\nlarge,A,1,192\nlarge,A,0,71\nsmall,B,1,234\nsmall,B,0,36\nlarge,B,1,55\nlarge,B,0,25\n';

describe('slices of a CSV', () => {
  test('counts weigh the rows exactly as repeated rows do', () => {
    const counted = run(stones);
    const repeated = stones
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [s, t, y, n] = line.split(',');
        return Array<string>(Number(n)).fill(`${s},${t},${y}`);
      });
    const long = run(`s,t,y\n${repeated.join('\n')}\n`, { count: undefined });
    expect(long.rows).toBe(700);
    expect({ ...long, rows: 0 }).toEqual({ ...counted, rows: 0 });
    expect(counted.verdict).toBe('full');
    expect(counted.slices?.[0]).toMatchObject({ slice: { s: 'small' }, counts: { A: 87, B: 270 } });
  });
  test('two columns cut into every combination that occurs', () => {
    const result = run('s,u,t,y\na,x,A,1\na,x,B,2\na,z,A,3\nb,x,B,4\n', { by: ['s', 'u'], count: undefined });
    expect(result.slices?.map((s) => s.slice)).toEqual([
      { s: 'a', u: 'x' },
      { s: 'a', u: 'z' },
      { s: 'b', u: 'x' },
    ]);
    expect(result.support).toBe(0.5);
    expect(result.slices?.[1]).toMatchObject({ difference: null, values: { A: 3, B: null } });
  });
  test('three treatments: each against the first, standardised over the slices that have all', () => {
    const result = run('s,t,y\na,A,1\na,B,2\na,C,4\nb,A,1\nb,B,3\n', { count: undefined });
    expect(result.comparisons?.map((c) => [c.first, c.second, c.verdict])).toEqual([
      ['A', 'B', 'none'],
      ['A', 'C', 'none'],
    ]);
    expect(result.standardised).toEqual({ A: 1, B: 2, C: 4 });
    expect(result.support).toBeCloseTo(0.6, 14);
    expect(result.slices).toBeUndefined();
  });
  test('names that JavaScript objects treat specially stay plain names', () => {
    const result = run('s,t,y\n__proto__,constructor,1\n__proto__,__proto__,0\n', { count: undefined });
    expect(JSON.parse(JSON.stringify(result.crude))).toEqual(
      JSON.parse('{"constructor":1,"__proto__":0}') as unknown,
    );
  });
  test('an odds ratio that does not exist is null, not a number', () => {
    const result = run('s,t,y,n\na,A,1,5\na,B,1,5\n');
    expect(result.oddsRatio).toMatchObject({ crude: null, mantelHaenszel: null });
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/);
  });
});

describe('what is refused, with its place', () => {
  test.each<[string, string, Partial<SlicesRequest>]>([
    ['missing column', 'f.csv:1:1: there is no column "z"; there are s, t, y, n', { by: ['z'] }],
    ['outcome is text', 'f.csv:2:5: y must be a number; it is "x"', {}],
    ['negative count', 'f.csv:2:7: n must be a whole number, 0 or more; it is -1', {}],
    ['broken count', 'f.csv:2:7: n must be a whole number, 0 or more; it is 1.5', {}],
    ['only zero counts', 'f.csv:2:3: no row is left to compare', {}],
    ['one treatment', 'f.csv:2:3: t has one value only, "A"; two are needed', {}],
    ['blank', 'f.csv:2:1: s is empty; fill it in, or leave such rows out with --missing skip', {}],
    ['infinite outcome', 'f.csv:2:5: y must be a number; it is "Infinity"', {}],
  ])('%s', (what, message, changes) => {
    const row: Record<string, string> = {
      'outcome is text': 'a,A,x,1',
      'negative count': 'a,A,1,-1',
      'broken count': 'a,A,1,1.5',
      'only zero counts': 'a,A,1,0',
      'one treatment': 'a,A,1,2',
      blank: ',A,1,2',
      'infinite outcome': 'a,A,Infinity,1',
    };
    expect(() => run(`s,t,y,n\n${row[what] ?? 'a,A,1,1'}\n`, changes)).toThrow(message);
  });
  test('a column that is no treatment', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `a,${i},1`).join('\n');
    expect(() => run(`s,t,y\n${rows}\n`, { count: undefined })).toThrow('f.csv:22:3: t has more than 20');
  });
  test('words for a missing number are refused with a hint, or left out and counted', () => {
    const text = 's,t,y,n\na,A,1,2\na,B,NA,2\na,B,0,null\na,B,0,2\nNA,B,-,2\nNA,A,1,2\n';
    expect(() => run(text)).toThrow(
      'f.csv:3:5: y is "NA"; fill it in, or leave such rows out with --missing skip',
    );
    const result = run(text, { skipMissing: true });
    expect([result.rows, result.skipped, result.count]).toEqual([3, 3, 6]);
    expect(result.slices?.map((s) => s.slice['s'])).toEqual(['a', 'NA']);
  });
  test('blank lines at the end and semicolons change nothing', () => {
    const result = run(stones);
    expect(run(`${stones}\n\r\n \n`)).toEqual(result);
    expect(run(stones.replaceAll(',', ';'))).toEqual(result);
    expect(() => run(`\n${stones}`)).toThrow('f.csv:1:1: the first line is blank');
  });
  test('blank cells can be left out, and are counted', () => {
    const result = run('s,t,y,n\na,A,1,2\na,B,,2\na,B,0,2\n', { skipMissing: true });
    expect([result.rows, result.skipped, result.count]).toEqual([2, 1, 4]);
  });
});
