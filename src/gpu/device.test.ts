import { expect, test } from 'vitest';
import type { WeightRule } from '../score/types.ts';
import { createGpuBackend } from '../match/gpu-backend.ts';
import type { GpuBackend } from '../match/gpu-backend.ts';
import { openDevice } from './device.ts';
import { DeviceLostError } from './errors.ts';
import { DeviceKeeper } from './keeper.ts';
import { familyPool } from './testing/pools.ts';

const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const greedy = { matcher: 'greedy', seed: 1 } as const;

test('no adapter is a clear error', async () => {
  const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(openDevice(none)).rejects.toThrow('no WebGPU adapter was found');
});

test('a lost device rejects what is pending with a typed error, the keeper opens another and rebuilds once', async () => {
  const recovered: [string, number][] = [];
  const keeper = new DeviceKeeper<GpuBackend>({
    open: (onLost) => createGpuBackend({ gpu: navigator.gpu, onLost }),
    dispose: (backend) => backend.dispose(),
    recovered: (_, reason, generation) => {
      recovered.push([reason, generation]);
    },
  });
  const backend = await keeper.get();
  const pool = familyPool({ family: 'random', n: 200, dim: 16 });
  const before = await backend.match(pool, rule, greedy);
  const pending = [1, 2, 3].map(() => backend.match(pool, rule, greedy));
  const outcomes = Promise.allSettled(pending);
  backend.device.destroy();
  for (const outcome of await outcomes) {
    expect(outcome.status).toBe('rejected');
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DeviceLostError);
  }
  await expect(backend.match(pool, rule, greedy)).rejects.toThrow(DeviceLostError);
  const next = await keeper.get();
  expect(next).not.toBe(backend);
  expect(keeper.generation).toBe(2);
  expect(recovered).toHaveLength(1);
  expect(recovered[0][1]).toBe(2);
  const after = await next.match(pool, rule, greedy);
  expect(after.mate).toEqual(before.mate);
  expect(after.weight).toEqual(before.weight);
  keeper.dispose();
  expect(next.resources()).toEqual({ buffers: 0, bufferBytes: 0 });
  expect(backend.resources()).toEqual({ buffers: 0, bufferBytes: 0 });
  await expect(keeper.get()).rejects.toThrow(DeviceLostError);
  await expect(next.match(pool, rule, greedy)).rejects.toThrow(DeviceLostError);
});

test('the keeper gives up on a driver that keeps failing, and reports only the loss of the living device', async () => {
  const failed: string[] = [];
  const losses: ((reason: string) => void)[] = [];
  let disposed = 0;
  const keeper = new DeviceKeeper<number>({
    open: (onLost) => Promise.resolve(losses.push(onLost)),
    dispose: () => disposed++,
    failed: (error) => failed.push(error.message),
    most: 2,
  });
  await keeper.get();
  losses[0]('first');
  losses[0]('first, again');
  expect(await keeper.get()).toBe(2);
  losses[0]('an old one');
  expect(keeper.generation).toBe(2);
  await Promise.resolve();
  losses[1]('second');
  expect(await keeper.get()).toBe(3);
  await new Promise((resolve) => setTimeout(resolve));
  losses[2]('third');
  await expect(keeper.get()).rejects.toThrow('lost 3 times within a minute');
  await new Promise((resolve) => setTimeout(resolve));
  expect(failed).toHaveLength(1);
  expect(disposed).toBe(3);
});
