import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from './slices.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slices-'));
  file = join(folder, 'stones.csv');
  await writeFile(
    file,
    '\uFEFFsize,treatment,success,n\r\nsmall,A,1,81\r\nsmall,A,0,6\r\nlarge,A,1,192\r\nlarge,A,0,71\r\nsmall,B,1,234\r\nsmall,B,0,36\r\nlarge,B,1,55\r\nlarge,B,0,25\r\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

const options = ['--treatment', 'treatment', '--outcome', 'success', '--by', 'size', '--count', 'n'];

test('a file from disk, as JSON and as readable lines', async () => {
  const result = await command.run([file, ...options]);
  expect(result).toMatchObject({ verdict: 'full', crude: { A: 0.78 }, treatments: ['A', 'B'] });
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  const text = command.print(result);
  expect(text).toContain('verdict: full: every slice with a difference goes against the overall one');
  expect(text).toMatch(/small +0\.93103 +0\.86667 +0\.064368 .*n 87, 270 {2}reversed/);
});

test('three treatments are printed one comparison after the other', async () => {
  const three = join(folder, 'three.csv');
  await writeFile(three, 't,y,s\nA,1,x\nB,2,x\nC,3,x\n');
  const text = command.print(await command.run([three, '--treatment', 't', '--outcome', 'y', '--by', 's']));
  expect(text).toContain('A - B (95 %)');
  expect(text).toContain('A - C (95 %)');
});

test('a column whose name has a comma is named in quotes, alone, or in one of several --by', async () => {
  const comma = join(folder, 'comma.csv');
  await writeFile(comma, '"s, 1",u,t,o\nx,y,A,1\nx,y,B,0\n');
  const run = (...by: string[]) =>
    command.run([comma, '--treatment', 't', '--outcome', 'o', ...by.flatMap((b) => ['--by', b])]);
  expect((await run('s, 1'))['by']).toEqual(['s, 1']);
  expect((await run('"s, 1",u'))['by']).toEqual(['s, 1', 'u']);
  expect((await run('u', 's, 1'))['by']).toEqual(['u', 's, 1']);
  await expect(run('t')).rejects.toThrow('column "t" is named twice');
});

test.each([
  [[], 'one FILE was expected; there are 0'],
  [['x.csv'], '--treatment, --outcome and --by are needed'],
  [['x.csv', '--colour', 'red'], "Unknown option '--colour'"],
  [['x.csv', ...options, '--missing', 'maybe'], '--missing must be refuse or skip; it is maybe'],
  [['no-such-file.csv', ...options], 'no-such-file.csv: the file cannot be read (ENOENT)'],
])('%j is refused', async (args, message) => {
  await expect(command.run(args)).rejects.toThrow(message);
});
