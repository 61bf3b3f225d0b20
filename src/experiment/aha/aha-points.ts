import type { Units } from '../../metrics/inference/units.ts';
import { CausalTable, type Effect } from '../causal/effects.ts';

/** "The action at least so many times". */
export interface AtLeast {
  readonly action: string;
  readonly at_least: number;
}
export type Condition =
  | AtLeast
  | { readonly all_of: readonly AtLeast[] }
  | { readonly any_of: readonly AtLeast[] };

/** People, or cells of equal people, with the number of times that each did each action. */
export interface ActionTable {
  /** How many people a row stands for. */
  readonly counts: readonly number[];
  /** 0 or 1 per row. */
  readonly retained: readonly number[];
  /** How often each row's people did the action. Throws where there is no such action. */
  readonly times: (action: string) => readonly number[];
  /** Level of the confounders per row, and the number of levels. */
  readonly levels: readonly number[];
  readonly levelCount: number;
  /** Whom the rows belong to. */
  readonly units: Units;
}

/** How well a condition tells who is retained, and what meeting it does. */
export interface AhaPoint {
  /** People who meet it. */
  readonly n: number;
  /** Share of them who are retained; NaN where nobody meets it. */
  readonly precision: number;
  /** Share of the retained who meet it. */
  readonly recall: number;
  readonly f1: number;
  /** Precision over the share of everyone who is retained. */
  readonly lift: number;
  /** Retained of those who meet it minus of the others. */
  readonly crude: Effect;
  /** The same, standardised over the levels of the confounders. */
  readonly adjusted: Effect;
  /** The people by condition and level, for the errors of the effects. */
  readonly effects: CausalTable;
}

/** 1 for the rows whose people meet the condition, else 0. */
export function meets(table: ActionTable, condition: Condition): Uint8Array {
  const isAny = 'any_of' in condition;
  const parts = isAny ? condition.any_of : 'all_of' in condition ? condition.all_of : [condition];
  const times = parts.map(({ action }) => table.times(action));
  return Uint8Array.from(table.counts, (_, row) => {
    const did = (part: AtLeast, k: number) => times[k][row] >= part.at_least;
    return Number(isAny ? parts.some(did) : parts.every(did));
  });
}

/** Everyone, the retained, and the share of the retained. */
export function baseOf({ counts, retained }: ActionTable): {
  people: number;
  retained: number;
  base: number;
} {
  const people = counts.reduce((sum, n) => sum + n, 0);
  const stayed = counts.reduce((sum, n, row) => sum + n * retained[row], 0);
  return { people, retained: stayed, base: stayed / people };
}

export function ahaPoint(table: ActionTable, condition: Condition): AhaPoint {
  const { counts, retained, levels, levelCount } = table;
  const arms = meets(table, condition);
  const effects = new CausalTable({ arms, outcomes: retained, counts, levels, levelCount });
  const { retained: stayed, base } = baseOf(table);
  const n = effects.people[1];
  const precision = effects.means[1];
  const recall = n === 0 ? 0 : (precision * n) / stayed;
  return {
    n,
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    lift: precision / base,
    crude: effects.crude(),
    adjusted: effects.standardised('everyone'),
    effects,
  };
}

/** Places of the points that no other beats in precision and recall. */
export function paretoFront(points: readonly Pick<AhaPoint, 'precision' | 'recall'>[]): number[] {
  const beats = (a: (typeof points)[number], b: (typeof points)[number]) =>
    a.precision >= b.precision && a.recall >= b.recall && (a.precision > b.precision || a.recall > b.recall);
  return points.map((_, k) => k).filter((k) => !points.some((p) => beats(p, points[k])));
}

/** Place of the largest figure, the first of equals. */
export const placeOfLargest = (values: readonly number[]): number =>
  values.reduce((best, value, k) => (value > values[best] ? k : best), 0);

/**
 * The conditions "action at least k times" for every action and every k of the range that at least
 * `leastPeople` people meet.
 */
export function singleConditions(
  table: ActionTable,
  actions: readonly string[],
  [from, to]: readonly [from: number, to: number],
  leastPeople: number,
): AtLeast[] {
  return actions.flatMap((action) => {
    const times = table.times(action);
    return Array.from({ length: to - from + 1 }, (_, k) => ({ action, at_least: from + k })).filter(
      ({ at_least: k }) =>
        table.counts.reduce((sum, n, row) => (times[row] >= k ? sum + n : sum), 0) >= leastPeople,
    );
  });
}

/** A funnel: everyone, then those who meet the first condition, then also the second, and so on. */
export function funnel(table: ActionTable, stages: readonly AtLeast[]) {
  const { people, base } = baseOf(table);
  const named = stages.map(conditionName);
  return [
    { stage: 'all', n: people, precision: base, recall: 1 },
    ...stages.map((_, k) => {
      const { n, precision, recall } = ahaPoint(table, { all_of: stages.slice(0, k + 1) });
      return { stage: named[k], n, precision, recall };
    }),
  ];
}

/** A condition as people read it: `long_chat >= 2 and friend >= 1`. */
export function conditionName(condition: Condition): string {
  const one = ({ action, at_least: k }: AtLeast) => `${action} >= ${k}`;
  if ('all_of' in condition) return condition.all_of.map(one).join(' and ');
  if ('any_of' in condition) return condition.any_of.map(one).join(' or ');
  return one(condition);
}
