import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../cli/options.ts';
import { command } from './match.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-match-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, 'input');
  writeFileSync(path, content);
  return path;
}

test('options reach the matcher, and the result prints', async () => {
  const costs = file('3\n4 1 3\n2 0 5\n3 2 2\n');
  const most = await command.run([costs, '--format', 'costs', '--algorithm=exact']);
  const least = await command.run([costs, '--format', 'costs', '--algorithm=exact', '--goal', 'min']);
  expect([most.weight, least.weight]).toEqual([11, 5]);
  const edges = file('u,v,weight\n__proto__,constructor,3\n007,b,-2\n');
  const run = (threshold: string) => command.run([edges, '--format=edges', '--threshold', threshold]);
  expect((await run('0')).pairs).toEqual([['__proto__', 'constructor']]);
  const both = await run('-2.5');
  expect(both.pairs).toContainEqual(['007', 'b']);
  expect(command.print(both)).toMatch(/^pairs {7}2\nweight {6}1\n[^]*\n {2}007 - b/);
});

test.each([
  [[], 'FILE is missing'],
  [['x', '--format', 'csv'], '--format: must be one of auto, costs, edges, embeddings; it is "csv"'],
  [['x', '--format', 'edges', '--algorithm', 'exakt'], 'did you mean "exact"?'],
  [['x', '--format', 'costs', '--threshold', '1'], '--threshold: is not for costs'],
  [['x', '--format', 'edges', '--goal', 'min'], '--goal min: needs --format costs'],
  [['x', '--format', 'edges', '--threshold', 'Infinity'], '--threshold: must be a number; it is "Infinity"'],
  [['x', '--format', 'edges', '--epsilon', '0'], '--epsilon: must be a number above 0; it is "0"'],
  [['x', '--format', 'edges', '--candidates', '1025'], '--candidates: must be a whole number from 1 to 1024'],
  [['x', '--format', 'edges', '--seed', '-1'], '--seed: must be a whole number from 0 to 4294967295'],
])('%j is wrong usage', async (args, message) => {
  const error: unknown = await command.run(args).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toContain(message);
});

test.each<[string, string | Uint8Array, string]>([
  ['a place after a line break in quotes', 'u,v,weight\n"a\nb",c,zzz\n', ':3:6: '],
  ['UTF-16', new Uint8Array(Buffer.from('\uFEFFu,v,weight\na,b,1\n', 'utf16le')), 'the file is UTF-16'],
])('%s is named', async (_, content, message) => {
  await expect(command.run([file(content), '--format', 'edges'])).rejects.toThrow(message);
  await expect(command.run([file(content)])).rejects.toThrow(message);
});

test.each([
  ['costs', '2\n1 5\n5 1\n', 10],
  ['edges', '\ufeffu;v;weight\na;b;3\n', 3],
  ['embeddings', 'id,side,v1\na,A,2\nb,B,4\n', 8],
])('%s are told by their first line', async (_, content, weight) => {
  expect((await command.run([file(content)])).weight).toBe(weight);
});
