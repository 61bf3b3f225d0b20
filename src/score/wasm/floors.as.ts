/*
 * Floors of the lists of the scoring kernel, and the bound by which dot products alone show that a
 * pair is below them.
 *
 * Where everybody has the same scale s > 0, the mean of both scores is (D + l_i + l_j) / per with
 * the sum D of both dot products, or the only one where both are the same. No weight is above that
 * mean, or its exponential, and the bonuses of both (`most` at most). So a pair enters a list of
 * floor f only if D + l_j >= per f - l_i, or per ln(f - most) - l_i. That is `dotFloor`, less
 * `slack` for rounding; l is `dotLift`.
 */
import { cut32, floor, law, Laws, lengths, dotLift, more, most, per, dotFloor, slack } from './layout.as';
import { log4 } from './weigh.as';

/** Beyond the sums of dot products and `dotLift` that are tested. */
const FAR: f64 = 1073741824;

/** Sets the weight that an entry of a list of person i must reach. */
export function setFloor(list: usize, i: usize, least: f32): void {
  store<f32>(floor + list, least);
  if (per === 0) return;
  let bound = <f64>least - most - Math.abs(<f64>least) * 2.4e-7;
  // Bonuses are in `dotLift` but where the bound is an exponential.
  if (law > Laws.smaller)
    bound = bound > 1e-30 ? <f64>f32x4.extract_lane(log4(f32x4.splat(<f32>bound)), 0) : -Infinity;
  const sum = per * bound - slack - <f64>load<i32>(dotLift + i);
  store<i32>(dotFloor + list, <i32>max(-FAR, min(FAR - 1, Math.floor(sum))));
}

/** Empties lists from..to - 1, of net values or of weights, which are above the threshold. */
export function clearLists(from: i32, to: i32, ofNet: bool): void {
  const least: f32 = ofNet ? -Infinity : cut32;
  for (let list = (<usize>from) << 2; list < (<usize>to) << 2; list += 4) {
    setFloor(list, list, least);
    store<i32>(more + list, 0);
    store<i32>(lengths + list, 0);
  }
}
