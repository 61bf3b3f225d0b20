import { getWebGPUDevice, init } from '@jax-js/jax';
import type { TrainingData } from '../../../src/model/train/train-family.ts';
import { selectChats } from '../../../src/model/train/chat-log.ts';
import { fitFamily } from '../../../src/model/train/family/fit-family.ts';
import { fitTowers } from '../../../src/model/train/fit-towers.ts';
import type { Checkpoint, LearningDevice } from '../../../src/model/train/trainer.ts';
import type { Tensors } from '../../../src/model/layout/tensors.ts';
import { LabError } from '../../../src/base/errors.ts';
import { isSoftwareAdapter } from '../../../src/gpu/software.ts';
import { Stopped } from './job-gate.ts';
import { DEVICE_LOST, type FitOrder, type TrainingDevice } from './protocol.ts';

/** Max relative difference of gradients, in norm. Backends sum f32 in different orders. */
const MAX_DIFFERENCE = 1e-3;

class DeviceLost extends Error {
  override readonly name = DEVICE_LOST;
  constructor(reason: string) {
    super(`The GPU was lost (${reason}).`);
  }
}

/**
 * Chooses the device of a training. WebGPU is used on a real GPU, after it has computed the same
 * gradient as WebAssembly on a batch of this training. A software adapter is used only on demand.
 */
export async function choosePlace(order: FitOrder, data: TrainingData): Promise<TrainingDevice> {
  if (order.kind === 'factors')
    return { device: 'cpu', why: 'a step is one chat, which is too little work for a GPU' };
  const { wish } = order;
  const wasm = (why: string): TrainingDevice => ({ device: 'wasm', why });
  if (wish === 'wasm') return wasm('as asked');
  if (!('gpu' in navigator)) return wasm('this browser has no WebGPU');
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return wasm('there is no WebGPU adapter');
  const { vendor, architecture } = adapter.info;
  const name = [vendor, architecture].filter((part) => part !== '').join(' ') || 'unnamed adapter';
  if (wish === 'auto' && isSoftwareAdapter(adapter.info))
    return wasm(`the only adapter is software (${name}), and WebAssembly is quicker`);
  try {
    const ready = await init('webgpu');
    if (!ready.includes('webgpu')) return wasm(`${name} gave no device`);
    const onGpu = await gradient('webgpu', order, data);
    const off = difference(onGpu, await gradient('wasm', order, data));
    if (!(off <= MAX_DIFFERENCE))
      return wasm(
        `on ${name} the gradient of a step differs from WebAssembly's by ${Number.isFinite(off) ? `${(100 * off).toPrecision(2)} %` : 'an amount that is not finite'}`,
      );
    return {
      device: 'webgpu',
      why: `${name}; its gradient agrees with WebAssembly's to ${off.toExponential(0)}`,
    };
  } catch (error) {
    return wasm(`${name} failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}

/** Rejects when the trainer's GPU is lost. It never resolves. */
async function untilLost(): Promise<never> {
  const { reason, message } = await getWebGPUDevice().lost;
  throw new DeviceLost(message || reason);
}

/** Max time between a failed readback and the device loss that explains it, milliseconds. */
const LOSS_MS = 5000;

/** The result of a training, or a rejection with DEVICE_LOST as soon as its GPU is lost. */
export async function unlessLost<T>({ device }: TrainingDevice, result: Promise<T>): Promise<T> {
  if (device !== 'webgpu') return result;
  const lost = untilLost();
  lost.catch(() => undefined);
  try {
    return await Promise.race([result, lost]);
  } catch (error) {
    if (error instanceof Stopped || error instanceof LabError) throw error;
    // A failed readback is reported before the loss that caused it; on a busy machine, long before.
    const late = await Promise.race([
      lost.catch((e: unknown) => e),
      new Promise((resolve) => setTimeout(resolve, LOSS_MS)),
    ]);
    throw late instanceof DeviceLost ? late : error;
  } finally {
    result.catch(() => undefined);
  }
}

/** Destroys the trainer's device, as a driver may do. For tests. */
export function loseTrainingDevice(): void {
  getWebGPUDevice().destroy();
}

/** Adam's first running mean after one small step, which is a tenth of the gradient. */
async function gradient(device: LearningDevice, order: FitOrder, data: TrainingData): Promise<Tensors> {
  let seen: Checkpoint | null = null;
  const steps = oneStep(device, order, data, (checkpoint) => (seen = checkpoint));
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
      throw new Error('Matrix factorisation computes on the CPU.');
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
