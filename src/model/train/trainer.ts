import { defaultDevice, init, jit, numpy as np, tree } from '@jax-js/jax';
import { LabError, must } from '../../base/errors.ts';
import type { Tensor, Tensors } from '../layout/tensors.ts';
import type { CurvePoint } from '../layout/weights-file.ts';
import { compileStep, freshState, readArrays, type AdamState, type Arrays, type Loss } from './adam.ts';

export interface Progress {
  readonly phase: 1 | 2;
  /** Steps done so far, of all. */
  readonly step: number;
  readonly steps: number;
  /** Mean training loss since the last report. */
  readonly loss: number;
  /** Loss on the validation batch, with the same formula. */
  readonly validation: number;
}

/** Everything that an interrupted training needs to continue, bit for bit. Structured-cloneable. */
export interface Checkpoint {
  readonly step: number;
  readonly params: Tensors;
  readonly mean: Tensors;
  readonly square: Tensors;
}

/** How a caller follows, interrupts and resumes a training. */
export interface TrainingHooks {
  /** Steps between two reports; default 50. */
  readonly every?: number;
  /** Aborting ends the training with a LabError within one step (tens of milliseconds). */
  readonly signal?: AbortSignal;
  readonly resume?: Checkpoint;
  readonly device?: LearningDevice;
  /** Called after every step with its number (from 1) and loss. A returned promise is awaited. */
  readonly stepped?: (step: number, loss: number) => Promise<void> | void;
  /** Called with every report: where to resume if the device is lost. */
  readonly keep?: (checkpoint: Checkpoint) => void;
}

export interface TrainOptions extends TrainingHooks {
  readonly params: Tensors;
  readonly loss: Loss;
  readonly decay?: Readonly<Record<string, number | Tensor>>;
  readonly steps: number;
  /** Learning rate of the first step; a cosine brings it to zero. */
  readonly rate: number;
  /** The batch of a step: a pure function, so that a resumed training sees the same batches. */
  readonly batch: (step: number) => Tensors;
  readonly validation: Tensors;
  /** Stop after this step. `steps` still shapes the learning rate, and the checkpoint resumes. */
  readonly stopAfter?: number;
  /** The phase that reports carry; default 1. */
  readonly phase?: 1 | 2;
}

export type LearningDevice = 'wasm' | 'webgpu';

const toArray = ({ data, shape }: Tensor): np.Array =>
  np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] });
export const toArrays = (tensors: Tensors): Arrays =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toArray(tensor)]));

async function toTensors(arrays: Arrays): Promise<Tensors> {
  const numbers = await readArrays(arrays);
  return Object.fromEntries(
    Object.entries(arrays).map(([name, a]) => [name, { data: numbers[name], shape: [...a.shape] }]),
  );
}

/** Initialises the library on a device. Throws LabError if the device is not available. */
export async function initLearning(device: LearningDevice = 'wasm'): Promise<void> {
  const ready = await init(device);
  if (!ready.includes(device))
    throw new LabError(
      `training on ${device} is not possible here; available: ${ready.join(', ')}`,
      'device',
    );
  defaultDevice(device);
}

/** The value of a scalar; consumes it. */
async function scalar(x: np.Array): Promise<number> {
  return ((await x.data()) as ArrayLike<number>)[0];
}

/** Lets pending messages (pause, cancel) be handled. */
export const breathe = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** Milliseconds of training after which pending messages are handled. */
const BREATHE_MS = 50;

async function checkpointOf(step: number, { params, mean, square }: AdamState): Promise<Checkpoint> {
  return {
    step,
    params: await toTensors(params),
    mean: await toTensors(mean),
    square: await toTensors(square),
  };
}

/**
 * Trains step by step and yields progress every `every` steps. Not asking for the next report
 * pauses the training; an aborted signal or `return()` ends it and frees its arrays. The returned
 * checkpoint holds the trained parameters.
 *
 * Deterministic: same options, machine and backend give the same bits.
 *
 * Throws LabError on abort, and if the loss is not finite.
 */
export async function* train(options: TrainOptions): AsyncGenerator<Progress, Checkpoint> {
  const { steps, rate, signal, every = 50, resume, phase = 1 } = options;
  must(Number.isInteger(steps) && steps >= 0, `steps must be a whole number from 0; it is ${steps}`);
  must(rate > 0 && Number.isFinite(rate), `rate must be above 0; it is ${rate}`);
  await initLearning(options.device);
  const step = compileStep(
    options.loss,
    Object.fromEntries(
      Object.entries(options.decay ?? {}).map(([k, d]) => [k, typeof d === 'number' ? d : toArray(d)]),
    ),
  );
  const validate = jit((p: Arrays, b: Arrays) => options.loss(p, b));
  let state: AdamState =
    resume === undefined
      ? freshState(toArrays(options.params))
      : {
          params: toArrays(resume.params),
          mean: toArrays(resume.mean),
          square: toArrays(resume.square),
        };
  const first = resume?.step ?? 0;
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
        throw new LabError(`the loss is ${loss} at step ${k}; try a learning rate below ${rate}`);
      sum += loss;
      count++;
      if (Date.now() - rested > BREATHE_MS) {
        await breathe();
        rested = Date.now();
      }
      await options.stepped?.(k + 1, loss);
      if (signal?.aborted) throw new LabError(`training was cancelled at step ${k + 1} of ${steps}`);
      if ((k + 1) % every === 0 || k + 1 === last) {
        const validation = validate(tree.ref(state.params), toArrays(options.validation));
        options.keep?.(await checkpointOf(k + 1, state));
        yield { phase, step: k + 1, steps, loss: sum / count, validation: await scalar(validation) };
        sum = count = 0;
      }
    }
    return await checkpointOf(Math.max(first, last), state);
  } finally {
    tree.dispose([state.params, state.mean, state.square]);
    step.dispose();
    validate.dispose();
  }
}

/** Six digits are enough for a curve, and keep headers small. */
const rounded = (x: number): number => Number(x.toPrecision(6));

/**
 * Runs a training to its end and returns its result. Appends a point to `curve` for every report
 * and passes it to `point`, whose promise is awaited.
 */
export async function followTraining<Result>(
  training: AsyncGenerator<Progress, Result> | Generator<Progress, Result>,
  curve: CurvePoint[],
  point?: (point: CurvePoint, steps: number) => Promise<void> | void,
): Promise<Result> {
  for (;;) {
    const { done, value } = await training.next();
    if (done) return value;
    const { phase, step, steps, loss, validation } = value;
    const next = { phase, step, loss: rounded(loss), validation: rounded(validation) };
    curve.push(next);
    await point?.(next, steps);
  }
}
