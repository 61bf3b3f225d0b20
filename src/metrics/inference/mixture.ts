/** Tuning of a two-sided mixture that is tightest at that variance (Howard et al., 2021). */
export function tuning(optimalAt: number, alpha: number): number {
  const log = 2 * Math.log(1 / alpha);
  return optimalAt / (log + Math.log1p(log));
}

/** Logarithm of the normal-mixture martingale of a sum with known variance. */
export const normalMixture = (sum: number, variance: number, rho: number): number =>
  0.5 * Math.log(rho / (variance + rho)) + sum ** 2 / (2 * (variance + rho));

/** The sum's always-valid bound: |sum| stays below it at all times with probability 1 - alpha. */
export const mixtureBound = (variance: number, rho: number, alpha: number): number =>
  Math.sqrt((variance + rho) * Math.log((variance + rho) / (rho * alpha ** 2)));
