/** The observations of one length: how many ended at it, and how many were last seen at it. */
export interface LengthCounts {
  readonly at: number;
  readonly ended: number;
  /** Still going on when they were last seen. */
  readonly open: number;
}

/** A step of the curve: the share that lasts longer than `at`, and the share before the step. */
export interface SurvivalStep extends LengthCounts {
  readonly before: number;
  readonly after: number;
  /** Number of observations that last at least as long. */
  readonly atRisk: number;
}

/**
 * Product-limit estimate of the share that lasts longer (Kaplan and Meier, 1958). `lengths` ascend.
 * An observation that was last seen at a length is at risk at that length.
 */
export function productLimit(lengths: readonly LengthCounts[]): SurvivalStep[] {
  let atRisk = lengths.reduce((sum, { ended, open }) => sum + ended + open, 0);
  let after = 1;
  return lengths.map((counts) => {
    const step = { ...counts, before: after, after: after * (1 - counts.ended / atRisk), atRisk };
    after = step.after;
    atRisk -= counts.ended + counts.open;
    return step;
  });
}

/** Length that a share q of the observations does not exceed; NaN if so many have not ended. */
export function survivalQuantile(steps: readonly SurvivalStep[], q: number): number {
  return steps.find(({ ended, after }) => ended > 0 && after <= 1 - q + 1e-12)?.at ?? NaN;
}
