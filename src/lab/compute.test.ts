import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command } from './compute.ts';

const folder = mkdtempSync(join(tmpdir(), 'compute-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function compute(kind: string, input: unknown): Promise<object> {
  const path = join(folder, 'input.json');
  writeFileSync(path, JSON.stringify(input));
  return command.run([kind, path]);
}

test('computes a formula from JSON', async () => {
  expect(await compute('srm', { observed: [60, 40], shares: [0.5, 0.5] })).toMatchObject({
    chi_square: 4,
    degrees_of_freedom: 1,
  });
});

test('reads the table that the input names', async () => {
  const file = join(folder, 'people.csv');
  writeFileSync(file, 'arm,pre,y\n0,1,2\n0,3,4\n1,1,3\n1,3,5\n');
  const result = await compute('cuped', { file, treatment: 'arm', pre: 'pre', outcome: 'y' });
  expect(result).toMatchObject({ raw: { estimate: 1 }, pooled_theta: { theta: 1, estimate: 1 } });
  await expect(compute('cuped', { file, treatment: 'arm', pre: 'before', outcome: 'y' })).rejects.toThrow(
    'there is no column "before"',
  );
});

test.each([
  [{ standard_error: '2', alpha: 0.05, power: 0.8 }, 'standard_error is "2"; expected a number'],
  [{ standard_error: 2, alpha: 1.5, power: 0.8 }, 'alpha is 1.5; expected less than 1'],
  [{ standard_error: 2, power: 0.8 }, 'alpha is missing'],
  [{ standard_error: 2, alpha: 0.5, power: 0.2 }, 'the input is not accepted: power is above alpha'],
  [[], 'expected an object { }'],
])('names what is wrong with %j', async (input, message) => {
  await expect(compute('mde', input)).rejects.toThrow(message);
});

test('finds the table beside the input, and says how long a list has to be', async () => {
  writeFileSync(join(folder, 'beside.csv'), 'item\n1\n1\n0\n');
  const input = { stream: 'beside.csv', width: 8, rows: [[3, 1]], items: 2 };
  expect(await compute('count-min', input)).toMatchObject({
    sumTrue: 3,
    top: [
      [1, 2, 2],
      [0, 1, 1],
    ],
  });
  await expect(compute('count-min', { ...input, stream: 'nowhere.csv' })).rejects.toThrow(
    'nowhere.csv: cannot be read',
  );
  await expect(compute('count-min', { ...input, rows: [] })).rejects.toThrow(
    'rows has 0 entries; expected at least 1',
  );
});

test.each(['toString', '__proto__', 'MDE'])('there is no formula %s', async (kind) => {
  await expect(compute(kind, {})).rejects.toThrow(`there is no formula "${kind}"`);
});
