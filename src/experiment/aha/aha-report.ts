import { shownEffect, type EffectFigures } from '../causal/effect-interval.ts';
import { holm } from '../inference/multiple-testing.ts';
import {
  ahaPoint,
  baseOf,
  conditionName,
  funnel,
  paretoFront,
  placeOfLargest,
  singleConditions,
  type ActionTable,
  type AhaPoint,
  type AtLeast,
  type Condition,
} from './aha-points.ts';

export interface AhaOptions {
  readonly actions: readonly string[];
  /** Least and most times of "action at least so many times". */
  readonly times: readonly [from: number, to: number];
  /** Conditions that fewer people meet, or fewer do not, are left out. */
  readonly leastPeople: number;
  /** Stages of the funnel; default: the best condition of each action, the most common first. */
  readonly funnel?: readonly AtLeast[];
  /** True effect of a condition where the world knows it. */
  readonly truth?: (name: string) => number | null;
}

/** A condition against retention, beside what it does. */
export interface AhaRow extends Pick<AhaPoint, 'n' | 'precision' | 'recall' | 'f1' | 'lift'> {
  readonly name: string;
  /** No other condition of the list is better in precision and recall. */
  readonly onFront: boolean;
  /** Retained of those who meet it minus of the others; and standardised over the confounders. */
  readonly crude: EffectFigures;
  readonly adjusted: EffectFigures;
  /** The interval of the adjusted effect, corrected for all conditions (Holm), excludes 0. */
  readonly flagged: boolean;
  readonly truth: number | null;
}

export interface AhaReport {
  readonly people: number;
  readonly retained: number;
  readonly base: number;
  /** Every "action at least k times". */
  readonly points: readonly AhaRow[];
  /** Both, or either, of the best conditions of two actions. */
  readonly combinations: readonly AhaRow[];
  /** Name of the point that tells best who is retained; null where there is no point. */
  readonly bestF1: string | null;
  /** Name of the flagged condition with the largest adjusted effect; null where none is flagged. */
  readonly bestEffect: string | null;
  /** Names of the conditions whose true effect is known and lies outside of the interval. */
  readonly misleading: readonly string[];
  readonly funnel: ReturnType<typeof funnel>;
}

/** Which conditions tell who is retained, and which of them cause it. */
export function ahaReport(table: ActionTable, options: AhaOptions): AhaReport {
  const { actions, times, leastPeople, truth } = options;
  const base = baseOf(table);
  const usable = (condition: Condition) => {
    const { n } = ahaPoint(table, condition);
    return n >= leastPeople && base.people - n >= leastPeople;
  };
  const single = singleConditions(table, actions, times, leastPeople).filter(usable);
  const f1Of = (condition: Condition) => ahaPoint(table, condition).f1;
  const best = actions.flatMap((action) => {
    const own = single.filter((condition) => condition.action === action);
    return own.length === 0 ? [] : [own[placeOfLargest(own.map(f1Of))]];
  });
  const pairs = best.flatMap((one, k) => best.slice(k + 1).map((other) => [one, other] as const));
  const combined = pairs.flatMap((pair): Condition[] => [{ all_of: pair }, { any_of: pair }]).filter(usable);
  const all: readonly Condition[] = [...single, ...combined];
  const rows = rowsOf(table, all, truth);
  const points = rows.slice(0, single.length);
  const flagged = rows.filter((row) => row.flagged);
  const common = (condition: AtLeast) => ahaPoint(table, condition).n;
  return {
    ...base,
    points,
    combinations: rows.slice(single.length),
    bestF1: points.length === 0 ? null : points[placeOfLargest(points.map((p) => p.f1))].name,
    bestEffect:
      flagged.length === 0
        ? null
        : flagged[placeOfLargest(flagged.map((p) => p.adjusted.value ?? -Infinity))].name,
    misleading: rows.filter(isMisleading).map((row) => row.name),
    funnel: funnel(table, options.funnel ?? best.toSorted((a, b) => common(b) - common(a))),
  };
}

const isMisleading = ({ truth, adjusted: { low, high } }: AhaRow): boolean =>
  truth !== null && low !== null && high !== null && (truth < low || truth > high);

function rowsOf(table: ActionTable, conditions: readonly Condition[], truth: AhaOptions['truth']): AhaRow[] {
  const points = conditions.map((condition) => ahaPoint(table, condition));
  const front = new Set(paretoFront(points));
  const shown = points.map((point) => ({
    crude: shownEffect(point.effects, table.units)(point.crude),
    adjusted: shownEffect(point.effects, table.units)(point.adjusted),
  }));
  const tested = points.map((_, k) => k).filter((k) => shown[k].adjusted.pValue !== null);
  const corrected = holm(tested.map((k) => shown[k].adjusted.pValue ?? 1));
  return points.map(({ n, precision, recall, f1, lift }, k) => {
    const name = conditionName(conditions[k]);
    return {
      ...{ name, n, precision, recall, f1, lift, onFront: front.has(k), ...shown[k] },
      flagged: tested.includes(k) && corrected[tested.indexOf(k)] <= 0.05,
      truth: truth?.(name) ?? null,
    };
  });
}
