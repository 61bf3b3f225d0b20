import * as v from 'valibot';
import { must, shown } from '../../base/errors.ts';
import { countsOf, type DataFile } from '../compute/data-file.ts';
import { kind, list, whole } from '../compute/kind.ts';
import {
  ahaPoint,
  baseOf,
  funnel,
  paretoFront,
  placeOfLargest,
  singleConditions,
  type ActionTable,
  type AhaPoint,
  type AtLeast,
  type Condition,
} from './aha-points.ts';

const atLeast = v.object({ action: v.string(), at_least: whole(1, 1_000_000) });
const condition = v.union([
  v.object({ all_of: list(atLeast) }),
  v.object({ any_of: list(atLeast) }),
  atLeast,
]);

function actionTable(
  table: DataFile,
  outcome: string,
  count: string | undefined,
  confounders: readonly string[],
): ActionTable {
  const retained = table.numbers(outcome);
  const wrong = retained.find((y) => y !== 0 && y !== 1);
  must(wrong === undefined, `${outcome} is ${wrong}; it has to be 0 or 1`);
  const third = confounders.map((column) => table.texts(column));
  const names = new Map<string, number>();
  const levels = retained.map((_, row) => {
    const name = JSON.stringify(third.map((column) => column[row]));
    const level = names.get(name) ?? names.size;
    names.set(name, level);
    return level;
  });
  return {
    counts: countsOf(table, count),
    retained,
    times: (action) => table.numbers(action),
    levels,
    levelCount: names.size,
    units: [],
  };
}

const retrieval = ({ n, precision, recall }: AhaPoint) => ({ n, precision, recall });

/** Conditions "action Y at least Z times" against retention, and what they cause. */
export const ahaEffects = kind(
  'conditions "action at least n times" against retention, and what they cause',
  v.object({
    file: v.string(),
    outcome: v.string(),
    count: v.optional(v.string()),
    confounders: v.array(v.string()),
    conditions: list(condition),
  }),
  (input, { open }) => {
    const table = actionTable(open(input.file), input.outcome, input.count, input.confounders);
    const points = input.conditions.map((given) => {
      const { n, precision, recall, f1, lift, crude, adjusted } = ahaPoint(table, given);
      const effects = { crude_effect: crude.value, adjusted_effect: adjusted.value };
      return { n, precision, recall, f1, lift, ...effects };
    });
    const byF1 = placeOfLargest(points.map((p) => p.f1));
    const byEffect = placeOfLargest(points.map((p) => p.adjusted_effect ?? -Infinity));
    return {
      ...baseOf(table),
      points,
      front: paretoFront(points),
      best_f1: { point: byF1, f1: points[byF1].f1 },
      best_effect: { point: byEffect, effect: points[byEffect].adjusted_effect },
    };
  },
);

/** The range of `"1 to 8 where at least 20 people did it"`. */
function readRange(text: string): { range: [number, number]; leastPeople: number } {
  const found = /^(\d+) to (\d+)(?: where at least (\d+) people did it)?$/.exec(text.trim());
  const [from, to, least] = (found ?? []).slice(1).map(Number);
  must(
    found !== null && from >= 1 && to >= from && to - from < 1000,
    `atLeast is ${shown(text)}; write "1 to 8 where at least 20 people did it"`,
  );
  return { range: [from, to], leastPeople: found[3] === undefined ? 1 : least };
}

const capitals = (name: string) =>
  name
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');

/**
 * The Aha moment: every "action at least k times" against retention. The first two actions are
 * combined (both, either) and make the funnel, and the first one, done twice, is shown for
 * newcomers and regulars.
 */
export const aha = kind(
  'the Aha moment: every "action at least k times" against retention, combinations and a funnel',
  v.object({
    file: v.string(),
    actions: v.pipe(v.array(v.string()), v.minLength(2)),
    atLeast: v.string(),
    outcome: v.optional(v.string(), 'retained'),
    segment: v.optional(v.string(), 'newcomer'),
  }),
  ({ file, actions, atLeast: text, outcome, segment }, { open }) => {
    const data = open(file);
    const table = actionTable(data, outcome, undefined, []);
    const { range, leastPeople } = readRange(text);
    const conditions = singleConditions(table, actions, range, leastPeople);
    const points = conditions.map((given) => ahaPoint(table, given));
    const best = placeOfLargest(points.map((p) => p.f1));
    const [first, second]: AtLeast[] = actions.slice(0, 2).map((action) => ({ action, at_least: 1 }));
    const twice: AtLeast = { ...first, at_least: 2 };
    const combined = (given: Condition) => {
      const { precision, recall } = ahaPoint(table, given);
      return { precision, recall };
    };
    const isNew = data.numbers(segment);
    const within = (level: number) => {
      const counts = table.counts.map((n, row) => (isNew[row] === level ? n : 0));
      const { precision, recall } = ahaPoint({ ...table, counts }, twice);
      return { precision, recall };
    };
    return {
      base: baseOf(table).base,
      points: points.map((point, k) => ({
        action: conditions[k].action,
        atLeast: conditions[k].at_least,
        ...retrieval(point),
      })),
      front: paretoFront(points),
      bestF1: { point: best, f1: points[best].f1 },
      logic: {
        of: `${first.action} >= 1, ${second.action} >= 1`,
        AND: combined({ all_of: [first, second] }),
        OR: combined({ any_of: [first, second] }),
      },
      [`bySegment${capitals(first.action)}2`]: { newcomers: within(1), regulars: within(0) },
      funnel: funnel(table, [first, twice, second]),
    };
  },
);
