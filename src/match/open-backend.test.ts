import { expect, test } from 'vitest';
import { LabError } from '../base/errors.ts';
import type { AdapterIdentity } from '../gpu/software.ts';
import { createCpuBackend } from './cpu-backend.ts';
import { openBackend } from './open-backend.ts';

/** WebGPU with one adapter, which cannot give a device; counts how often it was asked for one. */
function fakeGpu(info: AdapterIdentity | undefined) {
  const seen = { devices: 0 };
  const adapter = {
    info,
    limits: {},
    features: new Set<string>(),
    requestDevice() {
      seen.devices++;
      return Promise.reject(new LabError('this adapter gives no device'));
    },
  };
  const gpu = { requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU;
  const options = { findGpu: () => Promise.resolve(gpu), createCpu: () => createCpuBackend() };
  return { seen, options };
}

const none = {
  findGpu: () => Promise.reject(new LabError('this browser has no WebGPU')),
  createCpu: () => createCpuBackend(),
};

test('a software adapter: auto takes the CPU without opening a device, gpu insists', async () => {
  for (const info of [
    { vendor: 'google', architecture: 'swiftshader' },
    { isFallbackAdapter: true },
    { description: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
  ]) {
    const { seen, options } = fakeGpu(info);
    const { backend, gpu, note } = await openBackend('auto', options);
    expect([backend.kind, gpu]).toEqual(['cpu', null]);
    expect(note).toMatch(/^Computes on the CPU: the GPU adapter here is software/);
    expect(seen.devices).toBe(0);
    await expect(openBackend('gpu', options)).rejects.toThrow('gives no device');
    expect(seen.devices).toBe(1);
  }
});

test('a real adapter: auto opens its device, and falls back to the CPU where that fails', async () => {
  for (const info of [{ vendor: 'nvidia', architecture: 'hopper' }, undefined]) {
    const { seen, options } = fakeGpu(info);
    const { backend, note } = await openBackend('auto', options);
    expect(seen.devices).toBe(1);
    expect(backend.kind).toBe('cpu');
    expect(note).toBe('Computes on the CPU: this adapter gives no device.');
  }
});

test('no WebGPU: auto takes the CPU and says why, gpu throws, cpu never looks', async () => {
  expect(await openBackend('auto', none)).toMatchObject({
    gpu: null,
    note: 'Computes on the CPU: this browser has no WebGPU.',
  });
  await expect(openBackend('gpu', none)).rejects.toThrow('no WebGPU');
  const noAdapter = {
    ...none,
    findGpu: () => Promise.resolve({ requestAdapter: () => Promise.resolve(null) } as unknown as GPU),
  };
  expect((await openBackend('auto', noAdapter)).note).toBe(
    'Computes on the CPU: no WebGPU adapter was found.',
  );
  await expect(openBackend('gpu', noAdapter)).rejects.toThrow('choose the CPU backend');
  const { seen, options } = fakeGpu({ vendor: 'nvidia' });
  expect((await openBackend('cpu', options)).note).toBe('Computes on the CPU, as asked.');
  expect(seen.devices).toBe(0);
});
