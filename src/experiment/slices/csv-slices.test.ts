import { describe, expect, test } from 'vitest';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { readCsv } from '../../base/text/csv.ts';
import { analyseCsv } from './csv-slices.ts';
import type { SlicesRequest } from './slice-roles.ts';

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

describe('claims', () => {
  test('a reversal is claimed where the corrected intervals of the slices say so', () => {
    const many = stones.replaceAll(/,(\d+)$/gm, (_, n: string) => `,${10 * Number(n)}`);
    expect(run(stones)).toMatchObject({ verdict: 'full', claimed: 'none', mayBeChance: true });
    expect(run(many)).toMatchObject({ verdict: 'full', claimed: 'full', mayBeChance: false });
    // One slice is certain, the other one is not.
    const one = many.replace('large,B,0,250', 'large,B,0,255').replace('large,B,1,550', 'large,B,1,1550');
    expect(run(one).slices?.map((s) => s.reversed && s.flagged)).toEqual([true, false]);
  });

  test('signs without spread claim nothing', () => {
    const result = run('s,t,y\na,A,2\na,A,2\na,B,1\na,B,1\nb,A,0\nb,B,9\n', { count: undefined });
    expect(result).toMatchObject({ verdict: 'partial', claimed: 'none', mayBeChance: true });
    expect(result.slices?.[0]).toMatchObject({ difference: 1, low: null, flagged: false });
  });

  /** Chats of people who differ; the treatment does nothing. */
  const chats = (seed: number, people: number, count: number) => {
    const rows = Array.from({ length: count }, (_, chat) => {
      const draw = (what: number) => uniform(seed, Stream.world, chat, what, 0);
      const arm = draw(0) < 0.5 ? 'A' : 'B';
      const a = Math.floor(draw(1) * people);
      const b = (a + 1 + Math.floor(draw(2) * (people - 1))) % people;
      const own = (p: number) => normal(seed, Stream.world, p, arm === 'A' ? 7 : 8, 1);
      return `${arm}${a},${arm}${b},${arm},s${Math.floor(4 * draw(3))},${own(a) + own(b) + normal(seed, Stream.world, chat, 9, 1)}`;
    });
    return `a,b,t,s,y\n${rows.join('\n')}\n`;
  };

  test('chats of the same people: the interval covers with --unit, and does not without', () => {
    const covered = (unit: string[]) =>
      Array.from({ length: 80 }, (_, k) => {
        const { difference } = run(chats(50_000 + k, 25, 250), { count: undefined, unit });
        return (difference?.crude.low ?? -1) <= 0 && (difference?.crude.high ?? 1) >= 0;
      }).filter(Boolean).length / 80;
    expect(covered(['a,b'])).toBeGreaterThan(0.88);
    expect(covered([])).toBeLessThan(0.8);
  });

  test('too few people have no interval, and odds ratios of dependent rows have none', () => {
    const few = run(chats(50_200, 5, 60), { count: undefined, unit: ['a', 'b'] });
    expect(few.difference?.crude).toMatchObject({ low: null, high: null });
    expect(few.claimed).toBe('none');
    const shares = run('u,s,t,y\n1,x,A,1\n1,x,A,0\n2,x,B,1\n3,x,B,0\n', { count: undefined, unit: ['u'] });
    expect(shares.oddsRatio).toMatchObject({ crude: 1, crudeLow: null, low: null });
  });

  test('what cannot be: a person in a chat with themselves, three units, two roles', () => {
    expect(() => run('a,b,s,t,y\n1,1,x,A,1\n', { count: undefined, unit: ['a,b'] })).toThrow(
      'f.csv:2:3: a and b are both "1"; a row belongs to two different people',
    );
    expect(() => run('a,b,c,s,t,y\n1,2,3,x,A,1\n', { count: undefined, unit: ['a,b,c'] })).toThrow(
      '--unit names 3 columns',
    );
    expect(() => run(stones, { mediator: ['s'] })).toThrow('columns of different roles cut the rows');
  });
});
