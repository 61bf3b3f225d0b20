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
  expect(text).toContain(
    'verdict: full by the signs, which may be chance: every slice with a difference goes against the overall one',
  );
  expect(text).toContain('Standardising over size assumes that it is a confounder');
  expect(text).toMatch(/small +0\.93103 +0\.86667 +0\.064368 .*n 87, 270 {2}reversed, may be chance/);
});

test('by role: a confounder is standardised over, a mediator divides the effect, a collider is refused', async () => {
  const run = async (role: string) => {
    const result = await command.run([
      ...[file, '--treatment', 'treatment', '--outcome', 'success', '--count', 'n'],
      ...[role, 'size'],
    ]);
    return { result, text: command.print(result) };
  };
  const confounder = await run('--confounder');
  expect(confounder.result.role).toBe('confounder');
  expect(confounder.text).toContain('size is a confounder: the standardised difference is the effect');
  const { effects } = (await run('--mediator')).result;
  expect(effects?.total.value).toBeCloseTo(0.78 - 0.8257, 4);
  expect(effects?.naturalDirect.low).toBeLessThan(effects?.naturalDirect.value ?? NaN);
  const collider = await run('--collider');
  expect(collider.result).toMatchObject({ standardised: { A: null, B: null }, verdict: 'none' });
  expect(collider.result.ifAdjusted?.difference.value).toBeCloseTo(0.8325 - 0.7789, 3);
  expect(collider.text).toContain('It is not standardised over');
  expect(collider.text).not.toContain('verdict');
});

test('three treatments are printed one comparison after the other', async () => {
  const three = join(folder, 'three.csv');
  await writeFile(three, 't,y,s\nA,1,x\nB,2,x\nC,3,x\n');
  const text = command.print(await command.run([three, '--treatment', 't', '--outcome', 'y', '--by', 's']));
  expect(text).toContain('A - B (95 %)');
  expect(text).toContain('A - C (95 %)');
});

test('long names keep their columns apart', async () => {
  const long = join(folder, 'long.csv');
  const [one, two] = ['a treatment with a very long name', 'another one, longer than its column'];
  await writeFile(long, `t,o,s\n"${one}",1,${'x'.repeat(40)}\n"${two}",0.5,${'x'.repeat(40)}\n`);
  const text = command.print(await command.run([long, '--treatment', 't', '--outcome', 'o', '--by', 's']));
  const [head, crude, , slice] = text.split('\n').slice(1);
  expect(head).toContain(`${one}  ${two}  ${one} - ${two} (95 %)`);
  const right = head.indexOf(one) + one.length;
  for (const line of [crude, slice]) expect(line.slice(0, right)).toMatch(/ {2}1$/);
});

test('a column whose name has a comma is named in quotes, alone, or in one of several --by', async () => {
  const comma = join(folder, 'comma.csv');
  await writeFile(comma, '"s, 1",u,t,o\nx,y,A,1\nx,y,B,0\n');
  const run = (...by: string[]) =>
    command.run([comma, '--treatment', 't', '--outcome', 'o', ...by.flatMap((b) => ['--by', b])]);
  expect((await run('s, 1')).by).toEqual(['s, 1']);
  expect((await run('"s, 1",u')).by).toEqual(['s, 1', 'u']);
  expect((await run('u', 's, 1')).by).toEqual(['u', 's, 1']);
  await expect(run('t')).rejects.toThrow('column "t" is named twice');
});

test.each([
  [[], 'FILE is missing'],
  [['x.csv'], '--treatment: is missing; expected --treatment COLUMN'],
  [['x.csv', ...options.slice(0, 4)], '--by: is missing'],
  [['x.csv', '--tratment=x'], 'there is no option --tratment; did you mean "--treatment"?'],
  [
    ['x.csv', '--colour', 'red'],
    'there is no option --colour; there are --treatment, --outcome, --by, --confounder, --mediator, --collider, --unit, --count, --missing',
  ],
  [['x.csv', ...options, '--missing', 'maybe'], '--missing: must be one of refuse, skip; it is "maybe"'],
  [['no-such-file.csv', ...options], 'no-such-file.csv: cannot be read: there is no such file'],
])('%j is refused', async (args, message) => {
  await expect(command.run(args)).rejects.toThrow(message);
});
