import { normalProbability, normalQuantile, studentCdf } from './distributions.ts';
import { studentQuantile, type Interval } from './student.ts';

/** A slice with fewer different people claims no interval: below, sandwich errors are too small. */
export const MIN_PEOPLE = 40;

export const ALPHA = 0.05;
/** The number of people at which the always-valid interval is tightest. */
const PLANNED_PEOPLE = 500;
const RHO = tuning(PLANNED_PEOPLE, ALPHA);

/** An effect with its standard error. NaN: nothing is known. */
export interface Evidence {
  readonly effect: number;
  readonly error: number;
  /** Degrees of freedom of the standard error. */
  readonly freedom: number;
  /** Different people: the information on which the always-valid interval runs. */
  readonly people: number;
}

/** When a claim is made: once, at a moment fixed in advance, or at any look. */
export type Moment = 'fixed' | 'always';

const none: Interval = { low: NaN, high: NaN };

/** 95 % interval, or one of another level; NaN where none is claimed. */
export function intervalOf(e: Evidence, moment: Moment, alpha = ALPHA): Interval {
  if (!isKnown(e)) return none;
  const half = e.error === 0 ? 0 : e.error * criticalValue(e, moment, alpha);
  return { low: e.effect - half, high: e.effect + half };
}

/** p-value of no effect; NaN where no interval is claimed. */
export function pValueOf(e: Evidence, moment: Moment): number {
  if (!isKnown(e)) return NaN;
  if (e.error === 0) return e.effect === 0 ? 1 : 0;
  const tail = studentCdf(-Math.abs(e.effect) / e.error, e.freedom);
  if (moment === 'fixed') return Math.min(1, 2 * tail);
  const z = tail < 1e-300 ? 37 : -normalQuantile(tail);
  return Math.min(1, Math.exp(-normalMixture(z * Math.sqrt(e.people), e.people, RHO)));
}

function isKnown({ effect, error, freedom, people }: Evidence): boolean {
  return people >= MIN_PEOPLE && freedom >= 1 && Number.isFinite(effect) && Number.isFinite(error);
}

/**
 * Multiple of the standard error. At a fixed moment it is the quantile of Student's t. Always-valid
 * intervals are the normal mixture's (Howard et al., 2021), as asymptotic confidence sequences
 * (Waudby-Smith et al., 2024): its multiple of the error at this much information, taken as the
 * quantile of t that is exceeded as rarely, so that a standard error from few clusters costs as
 * much as it does at a fixed moment.
 */
function criticalValue({ freedom, people }: Evidence, moment: Moment, alpha: number): number {
  if (moment === 'fixed') return quantile(freedom, alpha);
  const z = mixtureBound(people, RHO, alpha) / Math.sqrt(people);
  return quantile(freedom, 2 * normalProbability(-z));
}

/** Quantiles of t, by steps of 2 % in the degrees of freedom (rounded down) and in the tail. */
const known = new Map<string, number>();

/** The t that |T| exceeds with probability `outside`. */
function quantile(freedom: number, outside: number): number {
  const step = Math.floor(Math.log(Math.min(freedom, 1e4)) / 0.02);
  const key = `${step} ${outside.toPrecision(2)}`;
  let value = known.get(key);
  if (value === undefined) {
    if (known.size > 5000) known.clear();
    value = studentQuantile(Math.exp(step * 0.02), 1 - Number(outside.toPrecision(2)));
    known.set(key, value);
  }
  return value;
}

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
