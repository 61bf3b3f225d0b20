import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { WeightRule } from '../score/types.ts';
import { createGpuBackend } from '../match/gpu-backend.ts';
import { openAdapter } from './adapter.ts';
import { openDevice } from './device.ts';
import { DeviceLostError } from './errors.ts';
import { familyPool } from './testing/pools.ts';

const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const greedy = { matcher: 'greedy', seed: 1 } as const;

test('no adapter is a clear error', async () => {
  const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(openDevice(none)).rejects.toThrow('no WebGPU adapter was found');
  await expect(openAdapter(none)).rejects.toThrow('no WebGPU adapter was found');
});

test('a device opens on an adapter that was looked at before', async () => {
  const { gpu } = navigator;
  const adapter = await openAdapter(gpu);
  const device = await openDevice(gpu, { adapter });
  expect(device.facts.vendor).toBe(adapter.info.vendor);
  device.dispose();
});

test('a lost device rejects pending calls with a typed error, and a new one repeats the tick', async () => {
  const losses: string[] = [];
  const open = () => createGpuBackend({ gpu: navigator.gpu, onLost: (reason) => losses.push(reason) });
  const backend = await open();
  const pool = familyPool({ family: 'random', n: 200, dim: 16 });
  const before = await backend.match(pool, rule, greedy);
  const pending = Promise.allSettled([1, 2, 3].map(() => backend.match(pool, rule, greedy)));
  backend.device.destroy();
  for (const outcome of await pending) {
    expect(outcome.status).toBe('rejected');
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DeviceLostError);
  }
  await expect(backend.match(pool, rule, greedy)).rejects.toThrow(DeviceLostError);
  expect(losses).toHaveLength(1);
  const next = await open();
  const after = await next.match(pool, rule, greedy);
  expect(after.mate).toEqual(before.mate);
  expect(after.weight).toEqual(before.weight);
  for (const each of [backend, next]) {
    each.dispose();
    expect(each.resources()).toEqual({ buffers: 0, bufferBytes: 0 });
  }
  await expect(next.match(pool, rule, greedy)).rejects.toThrow(DeviceLostError);
  expect(losses).toHaveLength(1);
});

test('a device keeps no result of a call that has ended', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const device = await openDevice(navigator.gpu);
  const results: WeakRef<object>[] = [];
  for (let k = 0; k < 20; k++) {
    const ended = await device.alive(Promise.resolve(new Float64Array(1000)));
    results.push(new WeakRef(ended));
  }
  // A WeakRef keeps its target until the current job has ended.
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  expect(results.filter((result) => result.deref() !== undefined).length).toBeLessThan(3);
  device.dispose();
});
