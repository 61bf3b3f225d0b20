import { defaultDevice, init, jit, numpy as np, tree } from '@jax-js/jax';
import { LabError, must } from '../../base/errors.ts';
import type { Tensor, Tensors } from '../layout/tensors.ts';
import { compileStep, freshState, readArrays, type AdamState, type Arrays, type Loss } from './adam.ts';

export interface Progress {
  /** Steps done so far, of all. */
  readonly step: number;
  readonly steps: number;
  /** Mean training loss since the last report. */
  readonly loss: number;
  /** Loss on the validation batch, with the same formula. */
  readonly validation: number;
}

/** All that is needed to go on where a training stopped, bit for bit. Structured-cloneable. */
export interface Checkpoint {
  readonly step: number;
  readonly params: Tensors;
  readonly mean: Tensors;
  readonly square: Tensors;
}

export interface TrainOptions {
  readonly params: Tensors;
  readonly loss: Loss;
  readonly decay?: Readonly<Record<string, number | Tensor>>;
  readonly steps: number;
  /** Learning rate of step 0, 1, ...; a cosine from `rate` to zero. */
  readonly rate: number;
  /** The batch of a step: a pure function of the step, so that a resumed training sees the same batches. */
  readonly batch: (step: number) => Tensors;
  readonly validation: Tensors;
  /** Steps between two reports. */
  readonly every?: number;
  /** Aborting ends the generator with a LabError within one step (tens of milliseconds). */
  readonly signal?: AbortSignal;
  readonly resume?: Checkpoint;
  /** Stop for now after this step (of `steps`, which shape the learning rate); the checkpoint resumes. */
  readonly stopAfter?: number;
  readonly device?: LearningDevice;
  /** Called after every step with its number (from 1) and its loss. What it returns is waited for, so that it can hold the training. */
  readonly stepped?: (step: number, loss: number) => Promise<void> | void;
  /** Called with every report: what a training that loses its device goes on from. */
  readonly keep?: (checkpoint: Checkpoint) => void;
}

export type LearningDevice = 'wasm' | 'webgpu';

export const toArray = ({ data, shape }: Tensor): np.Array => np.array(data, { shape: [...shape] });
export const toArrays = (blocks: Tensors): Arrays =>
  Object.fromEntries(Object.entries(blocks).map(([name, block]) => [name, toArray(block)]));

async function toBlocks(arrays: Arrays): Promise<Tensors> {
  const numbers = await readArrays(arrays);
  return Object.fromEntries(
    Object.entries(arrays).map(([name, a]) => [name, { data: numbers[name], shape: [...a.shape] }]),
  );
}

/** Readies the library's backend; the first one that this machine has is kept as its default device. */
export async function initLearning(device: LearningDevice = 'wasm'): Promise<void> {
  const ready = await init(device);
  if (!ready.includes(device))
    throw new LabError(`training on ${device} is not possible here; there is ${ready.join(', ')}`, 'device');
  defaultDevice(device);
}

/** The value of a scalar; consumes it. */
async function scalar(x: np.Array): Promise<number> {
  return ((await x.data()) as ArrayLike<number>)[0];
}

/** Lets messages (pause, cancel) in between two steps. */
export const breathe = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

async function checkpointOf(step: number, { params, mean, square }: AdamState): Promise<Checkpoint> {
  return {
    step,
    params: await toBlocks(params),
    mean: await toBlocks(mean),
    square: await toBlocks(square),
  };
}

/**
 * Trains step by step. Every `every` steps it yields progress; who does not ask for the next report pauses it, an aborted signal or a
 * `return()` ends it and frees everything. The returned checkpoint holds the trained parameters, and resumes with more steps.
 *
 * Deterministic: same options, same machine, same backend, same bits.
 *
 * Throws LabError when the loss is not finite, or on abort.
 */
export async function* train(options: TrainOptions): AsyncGenerator<Progress, Checkpoint> {
  const { steps, rate, signal, every = 50 } = options;
  must(Number.isInteger(steps) && steps >= 0, `steps must be a whole number from 0; it is ${steps}`);
  must(rate > 0 && Number.isFinite(rate), `rate must be above 0; it is ${rate}`);
  await initLearning(options.device);
  const step = compileStep(
    options.loss,
    Object.fromEntries(
      Object.entries(options.decay ?? {}).map(([k, d]) => [k, typeof d === 'number' ? d : toArray(d)]),
    ),
  );
  const judge = jit((p: Arrays, b: Arrays) => options.loss(p, b));
  let state: AdamState =
    options.resume === undefined
      ? freshState(toArrays(options.params))
      : {
          params: toArrays(options.resume.params),
          mean: toArrays(options.resume.mean),
          square: toArrays(options.resume.square),
        };
  const first = options.resume?.step ?? 0;
  const last = Math.min(steps, options.stopAfter ?? steps);
  let sum = 0;
  let count = 0;
  let rested = Date.now();
  try {
    for (let k = first; k < last; k++) {
      const learningRate = rate * 0.5 * (1 + Math.cos((Math.PI * k) / steps));
      const result = step(state, toArrays(options.batch(k)), learningRate, k + 1);
      state = result.state;
      const loss = await scalar(result.loss);
      if (!Number.isFinite(loss))
        throw new LabError(`the loss is ${loss} at step ${k}; a lower learning rate than ${rate} may help`);
      sum += loss;
      count++;
      if (Date.now() - rested > 50) {
        await breathe();
        rested = Date.now();
      }
      await options.stepped?.(k + 1, loss);
      if (signal?.aborted) throw new LabError(`training was cancelled at step ${k + 1} of ${steps}`);
      if ((k + 1) % every === 0 || k + 1 === last) {
        const validation = judge(tree.ref(state.params), toArrays(options.validation));
        options.keep?.(await checkpointOf(k + 1, state));
        yield {
          step: k + 1,
          steps,
          loss: sum / count,
          validation: await scalar(validation),
        };
        sum = count = 0;
      }
    }
    return await checkpointOf(Math.max(first, last), state);
  } finally {
    tree.dispose([state.params, state.mean, state.square]);
    step.dispose();
    judge.dispose();
  }
}
