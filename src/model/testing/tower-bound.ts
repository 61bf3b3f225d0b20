import type { TowerInput } from '../layout/tower.ts';

/** Unit roundoff of f32. */
export const U = 2 ** -24;

/** Higham's gamma: relative error of a sum of `k` terms in f32, in any order, fused or not. */
export const gamma = (k: number): number => (k * U) / (1 - k * U);

/** Numbers with the error bound of an f32 evaluation. */
export interface Bounded {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

/** x W + b with its error bound; see {@link embedErrorBound}. `extra`: more terms in the sum. */
export function boundedProduct(
  { value: x, error }: Bounded,
  w: Float32Array,
  outputs: number,
  b: ArrayLike<number> = new Float32Array(outputs),
  extra = 0,
): Bounded {
  const value = Float64Array.from(b);
  const size = value.map(Math.abs);
  const carried = new Float64Array(outputs);
  for (let k = 0; k < x.length; k++)
    for (let o = 0; o < outputs; o++) {
      const weight = w[k * outputs + o];
      value[o] += x[k] * weight;
      size[o] += (Math.abs(x[k]) + error[k]) * Math.abs(weight);
      carried[o] += error[k] * Math.abs(weight);
    }
  return { value, error: carried.map((c, o) => c + gamma(x.length + 2 + extra) * size[o]) };
}

/** The network's own outputs for row `i` with their error bound: f64[outputs]. */
export function boundedFeatures({ tower, sparse, dense }: TowerInput, i: number): Bounded {
  const { slots, embed } = tower;
  const input = Float64Array.from({ length: slots * embed + tower.dense }, (_, k) =>
    k < slots * embed
      ? tower.embedding[sparse[i * slots + Math.floor(k / embed)] * embed + (k % embed)]
      : dense[i * tower.dense + k - slots * embed],
  );
  let x: Bounded = { value: input, error: new Float64Array(input.length) };
  tower.layers.forEach(({ outputs, w, b }, l) => {
    if (l < tower.layers.length - 1) {
      const y = boundedProduct(x, w, outputs, b);
      x = { value: y.value.map((v) => Math.max(v, 0)), error: y.error };
      return;
    }
    const y = boundedProduct(x, w, outputs, b, slots);
    const size = new Float64Array(outputs);
    for (let s = 0; s < slots; s++)
      for (let k = 0; k < outputs; k++) {
        const weight = tower.wide[sparse[i * slots + s] * outputs + k];
        y.value[k] += weight;
        size[k] += Math.abs(weight);
      }
    x = {
      value: y.value,
      error: y.error.map((e, k) => e + gamma(inputsOf(w, outputs) + 2 + slots) * size[k]),
    };
  });
  return x;
}

const inputsOf = (w: Float32Array, outputs: number): number => w.length / outputs;

/**
 * Bound of the difference between an f32 evaluation of row `i` and the CPU reference, f64[2 dim],
 * in units of `quantum` before rounding to integers. Source: N. Higham, Accuracy and Stability of
 * Numerical Algorithms, 2nd ed., section 3.1, layer by layer. The rectifier does not enlarge an
 * error; WGSL's division adds 2.5 ULP.
 */
export function embedErrorBound(input: TowerInput, i: number): Float64Array {
  const { tower, session } = input;
  let x = boundedFeatures(input, i);
  if (tower.head !== undefined) {
    const { inputs, w } = tower.head;
    const value = x.value.map((v, k) => v + (session?.[i * inputs + k] ?? 0));
    const error = x.error.map((e, k) => e + U * (Math.abs(value[k]) + e));
    x = boundedProduct({ value, error }, w, 2 * tower.dim);
  }
  return x.error.map((e, k) => {
    const value = (Math.abs(x.value[k]) + e) / tower.quantum;
    return e / tower.quantum + 2.5 * 2 * U * value;
  });
}
