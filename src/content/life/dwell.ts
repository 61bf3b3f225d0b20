import { normalProbability } from '../../metrics/inference/distributions.ts';

/** Seconds that count as a click and as a long view, for posts that are longer. */
export const CLICK_SECONDS = 7;
export const LONG_VIEW_SECONDS = 18;
/** Share of a post after which it counts as done. */
const DONE = 0.9;
/** Tolerance of the comparison with a share, which a decimal number only approximates. */
const SLACK = 1e-12;

/**
 * What watching a post for some seconds counts as. A click: all of a post of up to 7 s, else more
 * than 7 s. A long view: all of a post of up to 18 s, else 18 s or more (KuaiRand, Gao et al., CIKM
 * 2022). Done: 90 % of the post. @param duration length of the post, seconds, above 0.
 */
export function dwellSignals(watched: number, duration: number) {
  return {
    click: duration <= CLICK_SECONDS ? watched >= duration : watched > CLICK_SECONDS,
    longView: watched >= Math.min(duration, LONG_VIEW_SECONDS),
    done90: watched >= DONE * duration * (1 - SLACK),
    watchRatio: watched / duration,
  };
}

/** P(T >= seconds) where ln T is normal around ln(median) with standard deviation sigma. */
export const lognormalTail = (seconds: number, median: number, sigma: number): number =>
  seconds <= 0 ? 1 : normalProbability(-Math.log(seconds / median) / sigma);

/**
 * Share of equally interested readers that pass two rules on a post of a length in seconds: 90 % of
 * it, which favours short posts, and 18 s (all of it where it is shorter).
 */
export const sharesThatPass = (duration: number, median: number, sigma: number) => ({
  share90: lognormalTail(DONE * duration, median, sigma),
  share18s: lognormalTail(Math.min(duration, LONG_VIEW_SECONDS), median, sigma),
});
