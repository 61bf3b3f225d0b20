import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command as match } from './match.ts';
import { command as run } from '../run/run.ts';

const example = 'src/lab/examples/fewest-first.ts';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-matcher-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string, ending = 'mjs'): string {
  const path = join(folder, `file-${files++}.${ending}`);
  writeFileSync(path, text);
  return path;
}

const evening = ['default-evening', '--scale', '0.05', '--ticks', '60', '--set', 'policy.scorer=rules'];

test('the worked example lives through an evening, the same one each time, with a certificate', async () => {
  const own = await run.run([...evening, '--matcher', example, '--tables']);
  const again = await run.run([...evening, '--matcher', example]);
  const greedy = await run.run([...evening, '--backend', 'cpu']);
  expect(again.digest).toBe(own.digest);
  expect(greedy.digest).not.toBe(own.digest);
  expect(own).toMatchObject({ matcher: example, backend: 'cpu' });
  expect(greedy.matcher).toBe('greedy');
  expect(run.print(own)).toContain(example);
  expect(own.totals['pairs']).toBeGreaterThan(10);
  const gaps = own.tables!['quality-series'].flatMap(({ gap }) => (typeof gap === 'number' ? [gap] : []));
  expect(gaps.length).toBeGreaterThan(0);
  // A greedy pair first is not the optimum: the certificate says by how much at most.
  expect(Math.max(...gaps)).toBeLessThan(1);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
});

const edges = 'u,v,weight\na,b,0.5\nb,c,0.75\nc,d,0.5\na,e,0.25\n';

test('in a file it gets ids, candidates and weights as the file has them', async () => {
  const path = file(
    `export default ({ n, ids, partners, weights, weight }) => {
       const at = Object.fromEntries(Array.from({ length: n }, (_, i) => [ids[i], i]));
       const list = [...partners(at.b)].map((j) => ids[j]).join();
       if (list !== 'c,a' || weights(at.b).join() !== '0.75,0.5') throw new Error('other candidates: ' + list);
       if (weight(at.a, at.e) !== 0.25 || weight(at.a, at.d) !== -Infinity) throw new Error('other weights');
       return [[at.b, at.a], [at.c, at.d]];
     };`,
  );
  const input = file(edges, 'csv');
  const found = await match.run([input, '--format', 'edges', '--matcher', path]);
  const exact = await match.run([input, '--format', 'edges', '--algorithm', 'exact']);
  expect(found.pairs).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(found.weight).toBe(1);
  expect(found.upperBound).toBeGreaterThanOrEqual(exact.weight);
  const vectors = file('id,side,v1,v2\np,A,1,0\nq,B,2,1\nr,A,0,3\n', 'csv');
  const answer = await match.run([vectors, '--format', 'embeddings', '--matcher', example]);
  expect(answer.pairs).toHaveLength(1);
  expect(answer.upperBound).toBeGreaterThanOrEqual(answer.weight);
});

describe('what a matcher does wrong is said with its name', () => {
  test.each<[string, string]>([
    ['[[0, 1], [1, 2]]', 'pair 2 has person 1 again, who is already paired with 0; expected each once'],
    ['[[0, 0]]', 'pair 1 pairs 0 with themselves'],
    ['[[0, 9]]', 'pair 1 is [0, 9]; expected whole numbers from 0 to 4'],
    ['[[0, 0.5]]', 'pair 1 is [0, 0.5]; expected whole numbers'],
    ['[[0, 3]]', 'pair 1 is [0, 3], who may not meet'],
    ['[[0, 1, 2]]', 'pair 1 is "[0,1,2]"; expected two positions'],
    ['[7]', 'pair 1 is "7"; expected two positions'],
    ['undefined', 'the matcher returned nothing; expected a list of pairs'],
    ['({ pairs: [] })', 'the matcher returned "{\\"pairs\\":[]}"; expected a list of pairs'],
    ['Promise.resolve([])', 'the matcher returned a promise; it must not be async'],
    ['nowhere.at.all', 'the matcher failed in a tick with 5 people: nowhere is not defined'],
  ])('%s', async (answer, message) => {
    const path = file(`export default () => ${answer};`);
    const attempt = match.run([file(edges, 'csv'), '--format', 'edges', '--matcher', path]);
    await expect(attempt).rejects.toThrow(`${path}: ${message}`);
  });

  test('also a pair that is not above the threshold, and a file that is no matcher', async () => {
    const input = file(edges, 'csv');
    const tryIt = (path: string, ...more: string[]) =>
      match.run([input, '--format', 'edges', '--matcher', path, ...more]);
    const pair = file('export default () => [[0, 1]];');
    await expect(tryIt(pair, '--threshold', '0.5')).rejects.toThrow('may not meet');
    await expect(tryIt(file('export const x = 1;'))).rejects.toThrow('its default export is missing');
    await expect(tryIt(file('export default 3;'))).rejects.toThrow('default export is a number; expected a');
    await expect(tryIt(file('export default ('))).rejects.toThrow('the matcher cannot be loaded');
    await expect(tryIt(join(folder, 'none.ts'))).rejects.toThrow('there is no such file');
    await expect(tryIt(join(folder, 'x.py'))).rejects.toThrow('must end in .ts, .js or .mjs');
    await expect(tryIt(pair, '--backend', 'gpu')).rejects.toThrow('runs on the CPU');
    await expect(match.run([input, '--format', 'costs', '--matcher', pair])).rejects.toThrow('not for costs');
  });
});
