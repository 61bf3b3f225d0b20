import * as v from 'valibot';
import { must } from '../../base/errors.ts';
import { kind, list } from '../compute/kind.ts';
import { sum } from '../inference/moments.ts';

/** People of one arm at one level of the third column. */
interface Stratum {
  people: number;
  hits: number;
}

const columns = list(v.string());

/**
 * The effect of a treatment on an outcome of 0 or 1, by the causal role of a third column (Pearl,
 * Causality). A confounder is standardised over, a mediator is decomposed, a collider is refused.
 */
export const adjust = kind(
  'the effect of a treatment by the causal role of a column: confounder, mediator or collider',
  v.pipe(
    v.object({
      file: v.string(),
      treatment: v.string(),
      treated: v.string(),
      control: v.string(),
      outcome: v.string(),
      count: v.optional(v.string()),
      confounders: v.optional(columns),
      mediators: v.optional(columns),
      colliders: v.optional(columns),
    }),
    v.check(
      (input) =>
        [input.confounders, input.mediators, input.colliders].filter((x) => x !== undefined).length === 1,
      'exactly one of confounders, mediators and colliders is given',
    ),
  ),
  (input, { open }) => {
    const table = open(input.file);
    const named = input.confounders ?? input.mediators ?? input.colliders ?? [];
    const third = named.map((column) => table.texts(column));
    const arms = table.texts(input.treatment);
    const outcomes = table.numbers(input.outcome);
    const counts = input.count === undefined ? arms.map(() => 1) : table.numbers(input.count);
    // Levels in the order in which they first appear.
    const levels = new Map<string, readonly [control: Stratum, treated: Stratum]>();
    arms.forEach((arm, row) => {
      must(
        outcomes[row] === 0 || outcomes[row] === 1,
        `${input.outcome} is ${outcomes[row]}; it has to be 0 or 1`,
      );
      const level = third.map((column) => column[row]).join(', ');
      const pair = levels.get(level) ?? [
        { people: 0, hits: 0 },
        { people: 0, hits: 0 },
      ];
      levels.set(level, pair);
      if (arm !== input.treated && arm !== input.control) return;
      const stratum = pair[arm === input.treated ? 1 : 0];
      stratum.people += counts[row];
      stratum.hits += counts[row] * outcomes[row];
    });
    const strata = [...levels.values()];
    const total = (side: 0 | 1, what: keyof Stratum) => sum(strata.map((pair) => pair[side][what]));
    for (const side of [0, 1] as const)
      must(
        total(side, 'people') > 0,
        `no row has ${input.treatment} = ${side === 1 ? input.treated : input.control}`,
      );
    const share = (s: Stratum) => s.hits / s.people;
    const rate = (side: 0 | 1) => total(side, 'hits') / total(side, 'people');
    const crude = rate(1) - rate(0);
    const effect = ([c, t]: readonly [Stratum, Stratum]) =>
      c.people > 0 && t.people > 0 ? share(t) - share(c) : null;
    // Weighted mean over the levels; null where a level with weight lacks an arm.
    const over = (
      value: (pair: readonly [Stratum, Stratum]) => number | null,
      weight: (pair: readonly [Stratum, Stratum]) => number,
    ): number | null => {
      let [top, bottom] = [0, 0];
      for (const pair of strata) {
        const w = weight(pair);
        if (w === 0) continue;
        const x = value(pair);
        if (x === null) return null;
        top += w * x;
        bottom += w;
      }
      return top / bottom;
    };
    const means = { mean_treated: rate(1), mean_control: rate(0), crude };
    if (input.confounders !== undefined)
      return {
        ...means,
        ate: over(effect, ([c, t]) => c.people + t.people),
        att: over(effect, ([, t]) => t.people),
        atc: over(effect, ([c]) => c.people),
      };
    if (input.mediators !== undefined) {
      const shift = ([c, t]: readonly [Stratum, Stratum]) =>
        t.people / total(1, 'people') - c.people / total(0, 'people');
      const indirect = strata.map((pair) => (shift(pair) === 0 ? 0 : shift(pair) * share(pair[0])));
      return {
        ...means,
        total: crude,
        natural_direct: over(effect, ([c]) => c.people),
        natural_indirect: Number.isFinite(sum(indirect)) ? sum(indirect) : null,
        controlled_direct: [...levels].map(([level, pair]) => ({ level, effect: effect(pair) })),
      };
    }
    const odds = (s: Stratum) => s.hits / (s.people - s.hits);
    return {
      ...means,
      effect: crude,
      refused: named,
      if_adjusted: {
        by_level: [...levels].map(([level, pair]) => ({
          level,
          effect: effect(pair),
          odds_ratio: effect(pair) === null ? null : finiteOrNull(odds(pair[1]) / odds(pair[0])),
        })),
        standardised: over(effect, ([c, t]) => c.people + t.people),
      },
    };
  },
);

const finiteOrNull = (x: number) => (Number.isFinite(x) ? x : null);
