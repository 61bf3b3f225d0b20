import { expect, test } from 'vitest';
import { Stream, normal, uniform } from '../../../base/hash.ts';
import { clampOf } from '../../../model/layout/tower.ts';
import type { Tower, TowerInput } from '../../../model/layout/tower.ts';
import { embedErrorBound } from '../../../model/testing/tower-bound.ts';
import { forwardTower } from '../../../model/serve/tower.ts';
import { ThroughputModel } from '../../batch/throughput.ts';
import { sharedBackend } from '../../testing/open.ts';
import { familyPool } from '../../testing/pools.ts';

const backend = sharedBackend();

/** A random tower; `hidden`: outputs of the hidden layers. */
function randomTower(options: {
  dim: number;
  slots: number;
  embed: number;
  dense: number;
  hidden: number[];
  /** Length of the embedding that a head turns into both vectors. */
  size?: number;
}): Tower {
  const { dim, slots, embed, dense, hidden, size } = options;
  const outputs = size ?? 2 * dim;
  const rows = 40;
  let stream = 0;
  const values = (count: number, scale: number) => {
    stream++;
    return Float32Array.from({ length: count }, (_, k) => scale * normal(3, Stream.training, stream, k));
  };
  let inputs = slots * embed + dense;
  const layers = [...hidden, outputs].map((width) => {
    const layer = {
      inputs,
      outputs: width,
      w: values(inputs * width, inputs ** -0.5),
      b: values(width, 0.3),
    };
    inputs = width;
    return layer;
  });
  return {
    dim,
    slots,
    embed,
    dense,
    rows,
    embedding: values(rows * embed, 1),
    wide: values(rows * outputs, 0.2),
    layers,
    quantum: 0.004,
    ...(size !== undefined && { head: { inputs: size, w: values(size * 2 * dim, size ** -0.5) } }),
  };
}

function randomInput(tower: Tower, n: number): TowerInput {
  const u = (k: number, c: number) => uniform(5, Stream.training, k, c);
  return {
    tower,
    sparse: Uint32Array.from({ length: n * tower.slots }, (_, k) => Math.floor(tower.rows * u(k, 1))),
    dense: Float32Array.from({ length: n * tower.dense }, (_, k) => 2 * u(k, 2) - 1),
    ...(tower.head && {
      session: Float32Array.from({ length: n * tower.head.inputs }, (_, k) => 2 * u(k, 3) - 1),
    }),
  };
}

for (const [n, shape] of [
  [65, { dim: 8, slots: 3, embed: 5, dense: 2, hidden: [9, 6] }],
  [17, { dim: 32, slots: 4, embed: 8, dense: 7, hidden: [64] }],
  [3, { dim: 4, slots: 1, embed: 1, dense: 0, hidden: [] }],
  [66, { dim: 16, slots: 4, embed: 3, dense: 5, hidden: [12], size: 32 }],
  [5, { dim: 8, slots: 2, embed: 3, dense: 1, hidden: [], size: 4 }],
] as const)
  test(`embeddings are the integers of the CPU reference, off by one only where rounding may go either way: ${n} x ${shape.dim}${'size' in shape ? ', with a head and sessions' : ''}`, async () => {
    const tower = randomTower({ ...shape, hidden: [...shape.hidden] });
    const input = randomInput(tower, n);
    const { user, peer } = await (await backend()).embedOnly(input, n);
    const reference = forwardTower(input, n);
    let different = 0;
    for (let i = 0; i < n; i++) {
      const bound = embedErrorBound(input, i);
      for (let k = 0; k < 2 * tower.dim; k++) {
        const value = k < tower.dim ? user[i * tower.dim + k] : peer[i * tower.dim + k - tower.dim];
        const exact = reference[2 * i * tower.dim + k] / tower.quantum;
        expect(Number.isInteger(value)).toBe(true);
        if (Math.abs(exact) > clampOf(tower) + 1) expect(Math.abs(value)).toBe(clampOf(tower));
        else expect(Math.abs(value - exact)).toBeLessThanOrEqual(0.5 + bound[k]);
        if (value !== Math.round(exact)) different++;
      }
    }
    expect(different).toBeLessThan(0.01 * n * 2 * tower.dim + 1);
  });

test('embeddings do not depend on how the work is cut', async () => {
  const gpu = await backend();
  const tower = randomTower({ dim: 8, slots: 3, embed: 5, dense: 2, hidden: [9], size: 12 });
  const input = randomInput(tower, 300);
  const before = gpu.gpu.throughput;
  const all = await gpu.embedOnly(input, 300);
  let submissions = 0;
  try {
    gpu.gpu.throughput = new ThroughputModel(1e-9);
    gpu.gpu.watch = () => submissions++;
    expect(await gpu.embedOnly(input, 300)).toEqual(all);
  } finally {
    gpu.gpu.watch = undefined;
    gpu.gpu.throughput = before;
  }
  // The upload; five groups of people in each of three kernels, two of four times as many in each
  // dense layer.
  expect(submissions).toBe(1 + 3 * 5 + 3 * 2);
});

test('a pool with features is scored by its embeddings', async () => {
  const n = 70;
  const tower = randomTower({ dim: 8, slots: 3, embed: 5, dense: 2, hidden: [9] });
  const input = randomInput(tower, n);
  const gpu = await backend();
  const { user, peer } = await gpu.embedOnly(input, n);
  const base = familyPool({ family: 'random', n });
  const rule = { transform: 'exp', scale: 1e-5, bias: 0, combination: 'product', threshold: 0 } as const;
  const options = { matcher: 'greedy', seed: 2, wantVectors: true } as const;
  const plain = await gpu.match({ ...base, user, peer }, rule, options);
  const none = new Float32Array(0);
  const featured = await gpu.match({ ...base, user: none, peer: none, features: input }, rule, options);
  expect(featured.mate).toEqual(plain.mate);
  expect(featured.weight).toEqual(plain.weight);
  expect(featured.user).toEqual(user);
});

test('a broken input is refused', async () => {
  const tower = randomTower({ dim: 4, slots: 1, embed: 1, dense: 1, hidden: [] });
  const input = randomInput(tower, 2);
  input.sparse[1] = 40;
  await expect((await backend()).embedOnly(input, 2)).rejects.toThrow('pool.features.sparse[1] is 40');
});
