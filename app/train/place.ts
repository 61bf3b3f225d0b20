import { getWebGPUDevice, init } from '@jax-js/jax';
import type { FamilyConfig } from '../../src/model/family/config.ts';
import { fitFamily, type FamilyCheckpoint, type TimeSplit } from '../../src/model/family/fit.ts';
import type { Sessions } from '../../src/model/family/sessions.ts';
import type { Blocks, LearningDevice } from '../../src/model/learn/trainer.ts';
import { DEVICE_LOST, type DeviceWish, type Place } from './orders.ts';

/** Largest relative difference, in norm, that two backends may have in a gradient: sums in f32, in another order. */
const TOLERANCE = 1e-3;

export class DeviceLost extends Error {
  override readonly name = DEVICE_LOST;
  constructor(reason: string) {
    super(`The GPU was lost (${reason}).`);
  }
}

/**
 * Where to train. WebGPU where there is a real one, after it has been seen to compute the same gradient as WebAssembly on a batch of this
 * very training; a software adapter only when it is asked for.
 */
export async function choosePlace(
  wish: DeviceWish,
  config: FamilyConfig,
  s: Sessions,
  split: TimeSplit,
): Promise<Place> {
  const wasm = (why: string): Place => ({ device: 'wasm', why });
  if (wish === 'wasm') return wasm('as asked');
  if (!('gpu' in navigator)) return wasm('this browser has no WebGPU');
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return wasm('there is no WebGPU adapter');
  const { vendor, architecture } = adapter.info;
  const name = [vendor, architecture].filter((part) => part !== '').join(' ') || 'unnamed adapter';
  if (wish === 'auto' && (adapter.info.isFallbackAdapter || architecture === 'swiftshader'))
    return wasm(`the only adapter is software (${name}), and WebAssembly is quicker`);
  try {
    const ready = await init('webgpu');
    if (!ready.includes('webgpu')) return wasm(`${name} gave no device`);
    const [there, here] = [
      await gradient('webgpu', config, s, split),
      await gradient('wasm', config, s, split),
    ];
    const off = difference(there, here);
    if (!(off <= TOLERANCE))
      return wasm(
        `on ${name} the gradient of a step differs from WebAssembly's by ${Number.isFinite(off) ? `${(100 * off).toPrecision(2)} %` : 'more than a number can say'}`,
      );
    return {
      device: 'webgpu',
      why: `${name}; its gradient agrees with WebAssembly's to ${off.toExponential(0)}`,
    };
  } catch (error) {
    return wasm(`${name} failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}

/** Rejects when the trainer's GPU is lost; never resolves. */
export async function untilLost(): Promise<never> {
  const { reason, message } = await getWebGPUDevice().lost;
  throw new DeviceLost(message || reason);
}

/** For drills and tests: destroys the trainer's device as a driver would. */
export function loseTrainingDevice(): void {
  getWebGPUDevice().destroy();
}

/** Adam's first running mean after one small step: a tenth of the gradient. */
async function gradient(
  device: LearningDevice,
  config: FamilyConfig,
  s: Sessions,
  split: TimeSplit,
): Promise<Blocks> {
  let seen: FamilyCheckpoint | null = null;
  const steps = fitFamily({ ...config, batch1: 4, epochs1: 1, twoPhase: false }, s, split, {
    device,
    every: 1,
    keep: (checkpoint) => (seen = checkpoint),
  });
  try {
    await steps.next();
  } finally {
    await steps.return(undefined as never);
  }
  return (seen as FamilyCheckpoint | null)?.at.mean ?? {};
}

/** |a - b| / |b| over all tensors. */
function difference(a: Blocks, b: Blocks): number {
  let apart = 0;
  let size = 0;
  for (const [name, { data }] of Object.entries(b))
    data.forEach((x, k) => {
      apart += (a[name].data[k] - x) ** 2;
      size += x * x;
    });
  return Math.sqrt(apart / size);
}
