/**
 * One step of the forward filter of a hidden intent (Rabiner, Proc. IEEE 77, 1989): the intent
 * stays with chance `stay` and else is any other alike; then the observation weighs it. Changes
 * `belief`, the chances of the intents, and returns the chance of the observation; where that is 0,
 * the belief is left as it was predicted. @param likelihood of the observation, by intent.
 * @param stay 1 for the first observation, before which nothing moves.
 */
export function filterIntent(belief: Float64Array, likelihood: ArrayLike<number>, stay: number): number {
  const n = belief.length;
  const move = n === 1 ? 0 : (1 - stay) / (n - 1);
  const keep = n === 1 ? 1 : stay;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += belief[k];
  let observed = 0;
  for (let k = 0; k < n; k++) {
    belief[k] = keep * belief[k] + move * (sum - belief[k]);
    observed += belief[k] * likelihood[k];
  }
  if (observed > 0) for (let k = 0; k < n; k++) belief[k] = (belief[k] * likelihood[k]) / observed;
  return observed;
}
