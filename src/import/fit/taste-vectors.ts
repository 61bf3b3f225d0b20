import { TASTE } from '../../world/types.ts';
import type { ImportedPeople } from '../read/people.ts';
import type { Fit } from './fit-types.ts';

/**
 * Both vectors of all people, f64[count][TASTE]: likeness first, then the free factors. Their dot
 * product is the taste term of a pair.
 */
export function tasteVectors(
  fit: Fit,
  { count, inputs, x }: ImportedPeople,
): { user: Float64Array; peer: Float64Array } {
  const user = new Float64Array(count * TASTE);
  const peer = new Float64Array(count * TASTE);
  const like = fit.likeInputs.length;
  for (let p = 0; p < count; p++) {
    fit.likeInputs.forEach((k, f) => {
      const weight = fit.likeWeights[f];
      const value = Math.sqrt(Math.abs(weight)) * x[p * inputs + k];
      user[p * TASTE + f] = value;
      peer[p * TASTE + f] = Math.sign(weight) * value;
    });
    for (let f = 0; f < fit.rank; f++) {
      user[p * TASTE + like + f] = fit.taste[p * fit.rank + f];
      peer[p * TASTE + like + f] = fit.appeal[p * fit.rank + f];
    }
  }
  return { user, peer };
}
