import * as v from 'valibot';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { finite, kind, list, notNegative, share, whole, workUpTo } from '../compute/kind.ts';
import { meanOf, sum } from '../inference/moments.ts';

/** Hu and Wager's chain (arXiv 2209.00197): a state that moves up more often when treated. */
const chain = {
  states: whole(2, 500),
  periods: whole(1, 1_000_000),
  window: whole(1, 1_000_000),
  moves: list(whole(1, 500)),
  up_probability: share,
  reset_on_miss: v.boolean(),
  outcome_lift: finite,
  burn_in: list(whole(0, 1_000_000)),
};

/** A step of four exact laws takes about 60 ns per state. */
const CHAIN = 5e7;
/** A simulated period takes about 120 ns. */
const STUDY = 2e7;

interface WindowedChain {
  readonly periods: number;
  readonly window: number;
  readonly burn_in: readonly number[];
}
const windowFits = ({ window, periods }: WindowedChain) => window <= periods;
const burnInFits = ({ burn_in, window }: WindowedChain) => burn_in.every((burnIn) => burnIn < window);
const BURN_IN_FITS = 'every burn_in is shorter than window';

/** Distribution of the state, f64[states]. */
type Law = Float64Array<ArrayBuffer>;

interface Step {
  readonly states: number;
  readonly up: number;
  readonly reset: boolean;
}

/** The distribution of the state after one move. */
function moved(from: Law, by: number, treated: boolean, { states, up, reset }: Step): Law {
  const chance = treated ? up : 1 - up;
  const to = new Float64Array(states);
  for (let s = 0; s < states; s++) {
    to[Math.min(states - 1, s + by)] += from[s] * chance;
    to[reset ? 0 : Math.max(0, s - by)] += from[s] * (1 - chance);
  }
  return to;
}

const expected = (law: Law) => law.reduce((total, p, s) => total + p * s, 0);

/** Exact expectation of the switchback estimate and of its target, for every burn-in. */
export const switchbackChain = kind(
  'exact expectation of a switchback on a chain with memory, by burn-in',
  v.pipe(
    v.object(chain),
    v.check((input) => windowFits(input), 'periods has at least one window'),
    workUpTo(CHAIN, 'periods x states', ({ periods, states }) => periods * states, 'take fewer periods'),
    v.check((input) => burnInFits(input), BURN_IN_FITS),
  ),
  (input) => {
    const { states, periods, window, moves, outcome_lift: lift } = input;
    const step: Step = { states, up: input.up_probability, reset: input.reset_on_miss };
    const start = new Float64Array(states).fill(1 / states);
    const move = (t: number) => moves[t % moves.length];
    const next = (law: Law, t: number, treated: boolean) =>
      t === 0 ? law : moved(law, move(t), treated, step);
    const outcome = (law: Law, treated: boolean) => expected(law) * (treated ? 1 + lift : 1);

    // Always treated minus never treated, by period; and treated minus control, by window position.
    const always = new Float64Array(periods);
    const windows = Math.floor(periods / window);
    const gap = new Float64Array(window);
    let [ones, zeros, mixed] = [start, start, start];
    for (let k = 0; k < windows; k++) {
      let [treated, control] = [mixed, mixed];
      for (let i = 0; i < window; i++) {
        const t = k * window + i;
        treated = next(treated, t, true);
        control = next(control, t, false);
        ones = next(ones, t, true);
        zeros = next(zeros, t, false);
        gap[i] += outcome(treated, true) - outcome(control, false);
        always[t] = outcome(ones, true) - outcome(zeros, false);
      }
      mixed = treated.map((p, s) => (p + control[s]) / 2);
    }
    for (let t = windows * window; t < periods; t++) {
      ones = next(ones, t, true);
      zeros = next(zeros, t, false);
      always[t] = outcome(ones, true) - outcome(zeros, false);
    }
    const byBurnIn = input.burn_in.map((burnIn) => {
      const kept = (window - burnIn) * windows;
      const estimate = sum(gap.subarray(burnIn)) / kept;
      const inWindows = always.subarray(0, windows * window);
      const target = sum(inWindows.filter((_, t) => t % window >= burnIn)) / kept;
      return { burn_in: burnIn, expected: estimate, target, bias: estimate - target };
    });
    return { total_effect: meanOf([...always]), by_burn_in: byBurnIn };
  },
);

/** The same chain simulated: three estimators with their jackknife errors and coverage. */
export const switchbackStudy = kind(
  'a switchback on a chain with memory, simulated: plain, burned-in and bias-corrected estimator',
  v.pipe(
    v.object({
      ...chain,
      redraw_probability: share,
      noise_sd: notNegative,
      runs: whole(2, 100_000),
      seed: whole(0, 2 ** 32 - 1),
    }),
    v.check((input) => burnInFits(input), BURN_IN_FITS),
    v.check((input) => input.periods >= 4 * input.window, 'periods has at least four windows'),
    workUpTo(STUDY, 'periods x runs', ({ periods, runs }) => periods * runs, 'take fewer runs'),
    workUpTo(CHAIN, 'periods x states', ({ periods, states }) => periods * states, 'take fewer periods'),
  ),
  (input) => {
    const { states, periods, window, moves, outcome_lift: lift, seed } = input;
    const step: Step = { states, up: input.up_probability, reset: input.reset_on_miss };
    const windows = Math.floor(periods / window);
    const draw = (a: number, b: number, c: number) => uniform(seed, Stream.experiment, a, b, c);
    // Moves are drawn once and kept for all runs.
    const drawn = new Int32Array(periods);
    for (let t = 0; t < periods; t++)
      drawn[t] =
        t === 0 || draw(MOVES, t, 0) < input.redraw_probability
          ? moves[Math.floor(draw(MOVES, t, 1) * moves.length)]
          : drawn[t - 1];
    const always = new Float64Array(periods);
    let [ones, zeros] = [
      new Float64Array(states).fill(1 / states),
      new Float64Array(states).fill(1 / states),
    ];
    for (let t = 0; t < windows * window; t++) {
      if (t > 0) {
        ones = moved(ones, drawn[t], true, step);
        zeros = moved(zeros, drawn[t], false, step);
      }
      always[t] = expected(ones) * (1 + lift) - expected(zeros);
    }
    const results = input.burn_in.map((burnIn) => ({
      burnIn,
      target: meanOf([...always].filter((_, t) => t < windows * window && t % window >= burnIn)),
      plain: [] as JackknifeEstimate[],
      burned: [] as JackknifeEstimate[],
      corrected: [] as JackknifeEstimate[],
    }));
    const truth = meanOf([...always.subarray(0, windows * window)]);
    for (let run = 0; run < input.runs; run++) {
      const arms = Array.from({ length: windows }, (_, k) => draw(run, k, ARM) < 0.5);
      const prefix = simulate(arms, drawn, window, step, lift, input.noise_sd, (t, what) =>
        what === 0 ? draw(run, t, STATE) : normal(seed, Stream.experiment, run, t, NOISE),
      );
      for (const result of results) {
        const { burnIn } = result;
        const all = prefix.map((sums) => sums[window] / window);
        const late = prefix.map((sums) => (sums[window] - sums[burnIn]) / (window - burnIn));
        const early = prefix.map((sums) => (burnIn === 0 ? 0 : sums[burnIn] / burnIn));
        const anyWindow = () => true;
        result.plain.push(jackknife(differences(all, arms, anyWindow), windows, 1));
        result.burned.push(jackknife(differences(late, arms, anyWindow), windows, 1));
        result.corrected.push(burnInCorrected(early, late, arms, burnIn / window));
      }
    }
    return {
      by_burn_in: results.map(({ burnIn, target, plain, burned, corrected }) => ({
        burn_in: burnIn,
        plain: described(plain, truth),
        burned_in: described(burned, target),
        bias_corrected: described(corrected, truth),
      })),
    };
  },
);

/** Counters of the random draws: the moves have no run of their own. */
const MOVES = 2 ** 32 - 1;
const [STATE, ARM, NOISE] = [2, 3, 4];

interface JackknifeEstimate {
  readonly value: number;
  readonly error: number;
}

/** Running sums of the outcomes of every window, from 0 outcomes to all of them. */
function simulate(
  arms: readonly boolean[],
  moves: Int32Array,
  window: number,
  { states, up, reset }: Step,
  lift: number,
  noise: number,
  draw: (t: number, what: 0 | 1) => number,
): readonly Float64Array[] {
  let state = Math.floor(draw(0, 0) * states);
  return arms.map((treated, k) => {
    const sums = new Float64Array(window + 1);
    for (let i = 0; i < window; i++) {
      const t = k * window + i;
      if (t > 0) {
        const rises = draw(t, 0) < (treated ? up : 1 - up);
        state = rises ? Math.min(states - 1, state + moves[t]) : reset ? 0 : Math.max(0, state - moves[t]);
      }
      sums[i + 1] = sums[i] + state * (treated ? 1 + lift : 1) + noise * draw(t, 1);
    }
    return sums;
  });
}

/** An estimate without the windows from `from` to before `to`. */
type EstimateWithout = (from: number, to: number) => number;

/** Treated minus control mean over the windows that count; NaN where an arm has none. */
function differences(
  values: readonly number[],
  arms: readonly boolean[],
  counts: (window: number) => boolean,
): EstimateWithout {
  const totals = [0, 0];
  const numbers = [0, 0];
  values.forEach((value, k) => {
    if (!counts(k)) return;
    totals[Number(arms[k])] += value;
    numbers[Number(arms[k])]++;
  });
  return (from, to) => {
    const left = [...totals];
    const windows = [...numbers];
    for (let k = from; k < to; k++) {
      if (!counts(k)) continue;
      left[Number(arms[k])] -= values[k];
      windows[Number(arms[k])]--;
    }
    if (windows[0] === 0 || windows[1] === 0) return NaN;
    return left[1] / windows[1] - left[0] / windows[0];
  };
}

/**
 * Hu and Wager's bias-corrected estimate: the late part of every window, and the early part of
 * windows whose arm did not change. `share` is the early part's share of a window. Each value is a
 * mean over its part of a window.
 */
export function burnInCorrected(
  early: readonly number[],
  late: readonly number[],
  arms: readonly boolean[],
  share: number,
): JackknifeEstimate {
  const steady = (k: number) => k > 0 && arms[k] === arms[k - 1];
  const ofLate = differences(late, arms, () => true);
  const ofEarly = differences(early, arms, steady);
  return jackknife(
    (from, to) => (1 - share) * ofLate(from, to) + (share === 0 ? 0 : share * ofEarly(from, to)),
    late.length,
    2,
  );
}

/** Jackknife that leaves out one window or two neighbours (Hu and Wager, jackknife.ipynb). */
function jackknife(estimate: EstimateWithout, windows: number, out: 1 | 2): JackknifeEstimate {
  const value = estimate(0, 0);
  const count = windows - out + 1;
  let squares = 0;
  for (let k = 0; k < count; k++) squares += (estimate(k, k + out) - value) ** 2;
  const meanSquare = squares / count;
  const factor = out === 1 ? windows - 1 : (windows - 3) ** 2 / 2 / (windows - 2);
  return { value, error: Math.sqrt(factor * meanSquare) };
}

function described(estimates: readonly JackknifeEstimate[], truth: number) {
  const values = estimates.map((e) => e.value);
  const centre = meanOf(values);
  return {
    bias: centre - truth,
    sd: Math.sqrt(meanOf(values.map((x) => (x - centre) ** 2))),
    jackknife: meanOf(estimates.map((e) => e.error)),
    coverage: meanOf(estimates.map((e) => (Math.abs(e.value - truth) <= 1.96 * e.error ? 1 : 0))),
  };
}
