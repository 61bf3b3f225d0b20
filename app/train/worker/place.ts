import { getWebGPUDevice, init } from '@jax-js/jax';
import type { TrainingData } from '../../../src/model/train/train-family.ts';
import { selectChats } from '../../../src/model/train/chat-log.ts';
import { fitFamily } from '../../../src/model/train/family/fit-family.ts';
import { fitTowers } from '../../../src/model/train/fit-towers.ts';
import type { Checkpoint, LearningDevice } from '../../../src/model/train/trainer.ts';
import type { Tensors } from '../../../src/model/layout/tensors.ts';
import { DEVICE_LOST, type FitOrder, type Place } from './orders.ts';

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
export async function choosePlace(order: FitOrder, material: TrainingData): Promise<Place> {
  if (order.kind === 'factors')
    return { device: 'cpu', why: 'a step is one chat, too little for anything else' };
  const { wish } = order;
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
      await gradient('webgpu', order, material),
      await gradient('wasm', order, material),
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
async function gradient(device: LearningDevice, order: FitOrder, material: TrainingData): Promise<Tensors> {
  let seen: Checkpoint | null = null;
  const steps = oneStep(device, order, material, (checkpoint) => (seen = checkpoint));
  try {
    await steps.next();
  } finally {
    await steps.return(undefined);
  }
  return (seen as Checkpoint | null)?.mean ?? {};
}

function oneStep(
  device: LearningDevice,
  order: FitOrder,
  { sessions, split }: TrainingData,
  keep: (checkpoint: Checkpoint) => void,
): AsyncGenerator<unknown, unknown> {
  const options = { device, every: 1 };
  switch (order.kind) {
    case 'family':
      return fitFamily({ ...order.config, batch1: 4, epochs1: 1, twoPhase: false }, sessions, split, {
        ...options,
        keep: ({ at }) => keep(at),
      });
    case 'towers':
      return fitTowers(
        selectChats(sessions.log, split.train.slice(0, 32)),
        selectChats(sessions.log, split.validation.slice(0, 32)),
        { ...order.config, batch: Math.min(32, split.train.length), steps: 1 },
        { ...options, keep },
      );
    case 'factors':
      throw new Error('Matrix factorisation takes no accelerator.');
  }
}

/** |a - b| / |b| over all tensors. */
function difference(a: Tensors, b: Tensors): number {
  let apart = 0;
  let size = 0;
  for (const [name, { data }] of Object.entries(b))
    data.forEach((x, k) => {
      apart += (a[name].data[k] - x) ** 2;
      size += x * x;
    });
  return Math.sqrt(apart / size);
}
