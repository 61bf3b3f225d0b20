import { jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';

/**
 * One training step in jax-js: loss, gradient and Adam with decoupled weight decay in one compiled
 * function.
 *
 * jax-js owns by move: what is passed to one of its functions is gone, `x.ref` keeps it. Functions
 * of this folder consume their array arguments, as the library's own do.
 */

export type Arrays = Record<string, np.Array>;
/** The scalar to be minimised, as a function of parameters and batch; it consumes both. */
export type Loss = (params: Arrays, batch: Arrays) => np.Array;

export interface AdamState {
  readonly params: Arrays;
  readonly mean: Arrays;
  readonly square: Arrays;
}

/** Decay rates of the two running means, guard of the division (Kingma and Ba, "Adam", 2015). */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export interface CompiledStep {
  /** Consumes state and batch. `step` counts from 1. */
  (state: AdamState, batch: Arrays, rate: number, step: number): { state: AdamState; loss: np.Array };
  dispose(): void;
}

/**
 * @param decay share of a parameter lost per unit of learning rate (Loshchilov and Hutter,
 * "Decoupled Weight Decay", 2019), by name:
 *   a number or an array that broadcasts against it; missing means none. Consumed by dispose().
 */
export function compileStep(loss: Loss, decay: Readonly<Record<string, number | np.Array>>): CompiledStep {
  const compiled = jit(
    (state: { params: Arrays; mean: Arrays; square: Arrays }, batch: Arrays, rates: np.Array) => {
      const [value, gradient] = valueAndGrad(loss)(tree.ref(state.params), batch) as unknown as [
        np.Array,
        Arrays,
      ];
      const params: Arrays = {};
      const mean: Arrays = {};
      const square: Arrays = {};
      // rates: learning rate, 1 / (1 - beta1^t), 1 / (1 - beta2^t).
      const rate = rates.ref.slice(0);
      const fix1 = rates.ref.slice(1);
      const fix2 = rates.slice(2);
      for (const name of Object.keys(state.params)) {
        const g = gradient[name];
        const p = state.params[name];
        mean[name] = state.mean[name].mul(BETA1).add(g.ref.mul(1 - BETA1));
        square[name] = state.square[name].mul(BETA2).add(g.ref.mul(g).mul(1 - BETA2));
        const spread = np.sqrt(square[name].ref.mul(fix2.ref)).add(EPSILON);
        let move = mean[name].ref.mul(fix1.ref).div(spread);
        const d = decay[name];
        if (d !== undefined && d !== 0) move = move.add(p.ref.mul(typeof d === 'number' ? d : d.ref));
        params[name] = p.sub(move.mul(rate.ref));
      }
      tree.dispose([rate, fix1, fix2]);
      return { params, mean, square, loss: value };
    },
  );
  const step = (state: AdamState, batch: Arrays, rate: number, count: number) => {
    const rates = np.array(new Float32Array([rate, 1 / (1 - BETA1 ** count), 1 / (1 - BETA2 ** count)]));
    const { loss: value, ...next } = compiled({ ...state }, batch, rates);
    return { state: next, loss: value };
  };
  return Object.assign(step, {
    dispose: () => {
      compiled.dispose();
      for (const d of Object.values(decay)) if (typeof d !== 'number') d.dispose();
    },
  });
}

/** Adam's state at the start: no mean, no spread. Consumes `params`. */
export function freshState(params: Arrays): AdamState {
  const zeros = (): Arrays =>
    Object.fromEntries(Object.entries(params).map(([name, p]) => [name, np.zeros([...p.shape])]));
  return { params, mean: zeros(), square: zeros() };
}

/** Plain numbers of arrays, for storage. Does not consume. */
export async function readArrays(arrays: Arrays): Promise<Record<string, Float32Array>> {
  const entries = await Promise.all(
    Object.entries(arrays).map(async ([name, a]): Promise<[string, Float32Array]> => [
      name,
      Float32Array.from((await a.ref.data()) as ArrayLike<number>),
    ]),
  );
  return Object.fromEntries(entries);
}
