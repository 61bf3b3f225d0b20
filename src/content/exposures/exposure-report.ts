import { LabError } from '../../base/errors.ts';
import { orNull } from '../../base/or-null.ts';
import { wilson } from '../../metrics/inference/student.ts';
import { offPolicy, placeItemShares, rowsUnder, snipsInterval, type WeightBounds } from './off-policy.ts';
import type { Exposures } from './read-exposures.ts';
import { weightCheck } from './weight-check.ts';

/** The policy whose outcome is asked for. */
export type Target =
  /** Shows all items of the log equally often, at every place. */
  | { readonly kind: 'uniform' }
  /** Shows each item at each place as often as another log does, or as the log itself. */
  | { readonly kind: 'log'; readonly log: Exposures; readonly isOwn?: boolean }
  /** The chances in a column of the log. */
  | { readonly kind: 'column' };

/** A mean or a share; the interval is null where none is claimed. */
const interval = (mean: number, { low, high }: { low: number; high: number }) => ({
  ...{ mean: orNull(mean), low: orNull(low), high: orNull(high) },
});

/**
 * Estimates the outcome under another policy from the rows whose item was drawn with a known
 * chance. Exposures count one by one, which assumes that the items of a list do not affect each
 * other.
 */
export function offPolicyReport(log: Exposures, target: Target, bounds: WeightBounds) {
  const drawn = [...log.propensity.keys()].filter((row) => !Number.isNaN(log.propensity[row]));
  if (drawn.length === 0)
    throw new LabError(
      'no row has a propensity: nothing was drawn, so the log cannot tell what another policy brings; let the policy explore',
    );
  const pick = <T>(column: ArrayLike<T>) => drawn.map((row) => column[row]);
  const size = [log.place.names.length, log.item.names.length] as const;
  const part = {
    place: pick(log.place.codes),
    item: pick(log.item.codes),
    outcome: pick(log.outcome),
    propensity: pick(log.propensity),
  };
  const unit = log.person === null ? undefined : pick(log.person.codes);
  const common = { drawn: drawn.length, not_drawn: log.rows - drawn.length };
  if (target.kind === 'column') {
    const chances = pick(log.chance!);
    if (chances.some(Number.isNaN))
      throw new LabError(
        'a row with a propensity has no chance under the other policy; fill in the chance of every drawn item',
      );
    const none = new Float64Array(drawn.length);
    const rows = { ...part, target: chances, predicted: none, expected: none };
    const { ips, ipsError, snips, clippedIps, ess, maxWeight, meanWeight } = offPolicy(rows, bounds);
    return {
      ...common,
      ...{ ips, ips_error: orNull(ipsError), snips: interval(snips, snipsInterval(rows, unit)) },
      ...{ clipped_ips: clippedIps, effective_rows: ess, max_weight: maxWeight, mean_weight: meanWeight },
      weights: weightCheck(rows, 0, unit),
    };
  }
  const { chances, unknown } = chancesOf(log, size, target);
  const rows = rowsUnder(part, size, chances);
  /** Mean chance, under the target, of items that the log never drew at the place. */
  const unsupported = unknown + unsupportedShare(part, size, chances);
  const { ips, ipsError, snips, clippedIps, dm, dr, drError, sndr, switchDr, drOs, ...weights } = offPolicy(
    rows,
    bounds,
  );
  return {
    ...common,
    ...{ ips, ips_error: orNull(ipsError), snips: interval(snips, snipsInterval(rows, unit)) },
    ...{ clipped_ips: clippedIps, direct: dm, doubly_robust: dr, doubly_robust_error: orNull(drError) },
    ...{ self_normalised_dr: sndr, switch_dr: switchDr, shrunk_dr: drOs },
    ...{ effective_rows: weights.ess, max_weight: weights.maxWeight, mean_weight: weights.meanWeight },
    unsupported,
    // Shares that were counted in these very rows are above the chances that drew them.
    weights: target.kind === 'log' && target.isOwn === true ? null : weightCheck(rows, unsupported, unit),
  };
}

/** Chances of the target by place and item, and the mean chance of items unknown to the log. */
function chancesOf(
  log: Exposures,
  size: readonly [number, number],
  target: Exclude<Target, { kind: 'column' }>,
) {
  const [places, items] = size;
  if (target.kind === 'uniform')
    return { chances: new Float64Array(places * items).fill(1 / items), unknown: 0 };
  const other = target.log;
  const otherSize = [other.place.names.length, other.item.names.length] as const;
  const shares = placeItemShares(other.place.codes, other.item.codes, otherSize);
  const places2 = log.place.names.map((name) => other.place.names.indexOf(name));
  const missing = log.place.names.find((_, place) => places2[place] < 0);
  if (missing !== undefined) throw new LabError(`the log of the target shows nothing at place "${missing}"`);
  const itemOf = new Map(other.item.names.map((name, code) => [name, code]));
  const chances = new Float64Array(places * items);
  const shown = new Float64Array(places);
  for (const code of log.place.codes) shown[code]++;
  let unknown = 0;
  for (let place = 0; place < places; place++) {
    let known = 0;
    log.item.names.forEach((name, item) => {
      const code = itemOf.get(name);
      if (code === undefined) return;
      known += chances[place * items + item] = shares[places2[place] * otherSize[1] + code];
    });
    unknown += ((1 - known) * shown[place]) / log.rows;
  }
  // A sum of shares is rounded.
  return { chances, unknown: unknown < 1e-9 ? 0 : unknown };
}

/** Mean chance, under the target, of items that were never drawn at their place. */
export function unsupportedShare(
  { place, item }: { readonly place: readonly number[]; readonly item: readonly number[] },
  [places, items]: readonly [number, number],
  chances: ArrayLike<number>,
): number {
  const drawn = new Uint8Array(places * items);
  place.forEach((at, row) => (drawn[at * items + item[row]] = 1));
  const missing = new Float64Array(places);
  for (let cell = 0; cell < chances.length; cell++)
    if (drawn[cell] === 0) missing[Math.floor(cell / items)] += chances[cell];
  return place.reduce((sum, at) => sum + missing[at], 0) / place.length;
}

/**
 * Observed outcomes by place. Intervals are clustered by person where people are known, and
 * otherwise Wilson's for shares.
 */
export function outcomesByPlace({ place, outcome, person }: Exposures) {
  const codes = [...place.names.keys()].sort((a, b) =>
    place.names[a].localeCompare(place.names[b], 'en', { numeric: true }),
  );
  return codes.map((code) => {
    const rows = [...outcome.keys()].filter((row) => place.codes[row] === code);
    const own = rows.map((row) => outcome[row]);
    const sum = own.reduce((total, x) => total + x, 0);
    const isShare = own.every((x) => x === 0 || x === 1);
    const ones = own.map(() => 1);
    const range =
      person !== null
        ? snipsInterval(
            { outcome: own, propensity: ones, target: ones, predicted: [], expected: [] },
            rows.map((row) => person.codes[row]),
          )
        : isShare
          ? wilson(sum, own.length)
          : { low: NaN, high: NaN };
    return {
      place: place.names[code],
      exposures: own.length,
      ...interval(sum / own.length, range),
    };
  });
}
