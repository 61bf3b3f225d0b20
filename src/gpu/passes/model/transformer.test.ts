import { expect, test } from 'vitest';
import { boundedSessions } from '../../../model/testing/session-bound.ts';
import { randomTokens, randomTransformer } from '../../../model/testing/random-transformer.ts';
import { ThroughputModel } from '../../batch/throughput.ts';
import { sharedBackend } from '../../testing/open.ts';

const backend = sharedBackend();

test.each([
  [
    'one layer, any length up to 128',
    { size: 32, heads: 2, layers: 1, history: 128 },
    [128, 0, 7, 64, 33, 1, 2, 16],
  ],
  ['three layers of four heads', { size: 16, heads: 4, layers: 3, history: 20 }, [3, 20, 0, 11, 5]],
  ['heads as wide as they may be', { size: 64, heads: 2, layers: 2, history: 9 }, [9, 1, 0]],
  ['one head of four', { size: 4, heads: 1, layers: 1, history: 2 }, [2, 0, 1]],
])('vectors are those of the CPU reference within the derived bound: %s', async (_, shape, matches) => {
  const net = randomTransformer(shape, 3);
  const batch = randomTokens(net, matches, 5);
  const vectors = await (await backend()).sessionVectors(net, batch);
  const bounds = boundedSessions(net, batch);
  let largest = 0;
  let loosest = 0;
  bounds.forEach(({ value, error }, i) =>
    value.forEach((x, k) => {
      expect(Math.abs(vectors[i * shape.size + k] - x)).toBeLessThanOrEqual(error[k]);
      largest = Math.max(largest, Math.abs(x));
      loosest = Math.max(loosest, error[k]);
    }),
  );
  expect(loosest).toBeLessThan(1e-4 * largest);
});

test('vectors do not depend on how the batch is cut, nor on the other people in it', async () => {
  const gpu = await backend();
  const net = randomTransformer({ size: 16, heads: 2, layers: 2, history: 12 }, 8);
  const batch = randomTokens(
    net,
    Array.from({ length: 70 }, (_, i) => (5 * i) % 13),
    2,
  );
  const whole = await gpu.sessionVectors(net, batch);
  const before = gpu.gpu.throughput;
  gpu.gpu.throughput = new ThroughputModel(1e-9);
  const cut = await gpu.sessionVectors(net, batch);
  gpu.gpu.throughput = before;
  expect(cut).toEqual(whole);
  const [from, to] = [batch.first[40], batch.first[41]];
  const alone = await gpu.sessionVectors(net, {
    count: 1,
    first: Uint32Array.of(0, to - from),
    vectors: batch.vectors.slice(from * 16, to * 16),
    outcomes: batch.outcomes.slice(from * 8, to * 8),
  });
  expect(alone).toEqual(whole.slice(40 * 16, 41 * 16));
});

test('an empty batch gives no vectors, and a broken history is refused', async () => {
  const gpu = await backend();
  const net = randomTransformer({ size: 8, heads: 2, layers: 1, history: 4 }, 1);
  expect(await gpu.sessionVectors(net, randomTokens(net, [], 1))).toHaveLength(0);
  await expect(gpu.sessionVectors(net, randomTokens(net, [5], 1))).rejects.toThrow(
    '1 to 5 tokens; there are 6',
  );
});
