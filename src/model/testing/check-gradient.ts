import { jit, tree, valueAndGrad, type numpy as np } from '@jax-js/jax';
import type { Arrays, Loss } from '../train/adam.ts';
import { toArrays } from '../train/trainer.ts';
import type { Tensor, Tensors } from '../layout/tensors.ts';

export interface GradientCheck {
  /**
   * Largest difference between gradient and central difference, relative to the largest entry of
   * that parameter's gradient (at least 2 % of the largest of all).
   */
  readonly finite: number;
  /** The same between compiled and uncompiled gradient, and loss. */
  readonly compiled: number;
  /** Parameter at which `finite` is reached. */
  readonly where: string;
}

/**
 * Compares the library's gradient of a loss, compiled and not, with central differences of the
 * loss, for some entries of every parameter: the library's derivative rules have been silently
 * wrong before. In f32, differences are accurate to about a percent. The best of several `steps`
 * counts, because a corner of a rectifier inside one step spoils it; a wrong gradient agrees with
 * none.
 */
export async function checkGradient(
  loss: Loss,
  params: Tensors,
  batch: Tensors,
  { steps = [0.003, 0.0005], entries = 1 } = {},
): Promise<GradientCheck> {
  const read = async (x: np.Array): Promise<Float32Array> => (await x.data()) as Float32Array;
  const both = valueAndGrad(loss) as unknown as (p: Arrays, b: Arrays) => [np.Array, Arrays];
  const fast = jit((p: Arrays, b: Arrays) => both(p, b)[1]);
  const fastLoss = jit((p: Arrays, b: Arrays) => loss(p, b));
  const valueOf = async (p: Tensors): Promise<number> =>
    (await read(fastLoss(toArrays(p), toArrays(batch))))[0];
  const [value, eager] = both(toArrays(params), toArrays(batch));
  const slow = (await read(value))[0];
  const compiled = fast(toArrays(params), toArrays(batch));
  const at = async (name: string, k: number, by: number): Promise<number> => {
    const data = Float32Array.from(params[name].data);
    data[k] += by;
    const moved: Record<string, Tensor> = { ...params, [name]: { ...params[name], data } };
    return valueOf(moved);
  };
  const all = await Promise.all(Object.values(eager).map((g) => read(g.ref)));
  const largest = Math.max(...all.map((g) => g.reduce((m, x) => Math.max(m, Math.abs(x)), 0)));
  const worst = { finite: 0, compiled: Math.abs(slow - (await valueOf(params))) / Math.abs(slow), where: '' };
  for (const name of Object.keys(params)) {
    const a = await read(eager[name].ref);
    const b = await read(compiled[name].ref);
    const size = a.reduce((m, x) => Math.max(m, Math.abs(x)), 0.02 * largest);
    for (let k = 0; k < a.length; k++)
      worst.compiled = Math.max(worst.compiled, Math.abs(a[k] - b[k]) / size);
    // The entries with the largest gradient, and one of the others.
    const order = Array.from(a.keys()).sort((x, y) => Math.abs(a[y]) - Math.abs(a[x]));
    for (const k of [...order.slice(0, entries), order[order.length >> 1]]) {
      let off = Infinity;
      let difference = NaN;
      for (const step of steps) {
        const slope = ((await at(name, k, step)) - (await at(name, k, -step))) / (2 * step);
        if (Math.abs(slope - a[k]) / size >= off) continue;
        off = Math.abs(slope - a[k]) / size;
        difference = slope;
      }
      if (off > worst.finite) {
        worst.finite = off;
        worst.where = `${name}[${k}]: ${a[k]} against ${difference}`;
      }
    }
  }
  tree.dispose([eager, compiled]);
  fast.dispose();
  fastLoss.dispose();
  return worst;
}
