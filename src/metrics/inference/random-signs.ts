import { hash4, Stream } from '../../base/hash.ts';

/** Independent random signs per person: draws from which a variance is estimated. */
export const DRAWS = 128;
const WORDS = DRAWS / 32;

/**
 * Writes the signs of a person, +1 or -1, into f64[DRAWS], or adds them to what is there. With
 * independent signs s_p, the sum over people of (sum of their observations)^2 is the expectation of
 * (sum s_p x)^2 (Alon, Matias and Szegedy, 1996): a variance that is clustered by person in memory
 * that does not grow with the people.
 */
export function drawSigns(signs: Float64Array, seed: number, person: number, onTop: 0 | 1 = 0): void {
  for (let w = 0; w < WORDS; w++) {
    const bits = hash4(seed, Stream.bootstrap, person, w);
    const from = w * 32;
    for (let i = 0; i < 32; i++) {
      const sign = ((bits >>> i) & 1) * 2 - 1;
      signs[from + i] = onTop * signs[from + i] + sign;
    }
  }
}
