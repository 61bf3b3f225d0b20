import * as v from 'valibot';
import { kind, list, whole } from '../compute/kind.ts';
import { sum } from '../inference/moments.ts';

const atLeast = v.object({ action: v.string(), at_least: whole(1, 1_000_000) });
const condition = v.union([
  v.object({ all_of: list(atLeast) }),
  v.object({ any_of: list(atLeast) }),
  atLeast,
]);

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
    const table = open(input.file);
    const retained = table.numbers(input.outcome);
    const counts = input.count === undefined ? retained.map(() => 1) : table.numbers(input.count);
    const confounders = input.confounders.map((column) => table.texts(column));
    const rows = retained.map((_, row) => row);
    const did = ({ action, at_least: times }: v.InferOutput<typeof atLeast>) => {
      const done = table.numbers(action);
      return (row: number) => done[row] >= times;
    };
    const people = (keep: (row: number) => boolean) => sum(rows.map((row) => (keep(row) ? counts[row] : 0)));
    const stayed = (keep: (row: number) => boolean) =>
      sum(rows.map((row) => (keep(row) ? counts[row] * retained[row] : 0)));
    const everybody = people(() => true);
    const allRetained = stayed(() => true);
    const base = allRetained / everybody;
    const levels = [...new Set(rows.map((row) => confounders.map((c) => c[row]).join('\t')))];
    const levelOf = rows.map((row) => confounders.map((c) => c[row]).join('\t'));

    const points = input.conditions.map((given) => {
      const parts = 'all_of' in given ? given.all_of : 'any_of' in given ? given.any_of : [given];
      const tests = parts.map(did);
      const meets = rows.map((row) =>
        'any_of' in given ? tests.some((test) => test(row)) : tests.every((test) => test(row)),
      );
      const contrast = (keep: (row: number) => boolean) => {
        const share = (which: boolean) => {
          const inside = (row: number) => keep(row) && meets[row] === which;
          return stayed(inside) / people(inside);
        };
        return share(true) - share(false);
      };
      const n = people((row) => meets[row]);
      const precision = stayed((row) => meets[row]) / n;
      const recall = (precision * n) / allRetained;
      return {
        n,
        precision,
        recall,
        f1: (2 * precision * recall) / (precision + recall),
        lift: precision / base,
        crude_effect: contrast(() => true),
        adjusted_effect: sum(
          levels.map((level) => {
            const inside = (row: number) => levelOf[row] === level;
            return (people(inside) / everybody) * contrast(inside);
          }),
        ),
      };
    });
    const places = points.map((_, k) => k);
    const best = (of: (k: number) => number) => places.reduce((a, b) => (of(b) > of(a) ? b : a));
    const byF1 = best((k) => points[k].f1);
    const byEffect = best((k) => points[k].adjusted_effect);
    return {
      people: everybody,
      retained: allRetained,
      base,
      points,
      front: places.filter((k) => !points.some((p) => beats(p, points[k]))),
      best_f1: { point: byF1, f1: points[byF1].f1 },
      best_effect: { point: byEffect, effect: points[byEffect].adjusted_effect },
    };
  },
);

interface Point {
  readonly precision: number;
  readonly recall: number;
}

const beats = (a: Point, b: Point) =>
  a.precision >= b.precision && a.recall >= b.recall && (a.precision > b.precision || a.recall > b.recall);
