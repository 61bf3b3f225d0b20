import * as v from 'valibot';
import { must } from '../../base/errors.ts';
import { countsOf } from '../compute/data-file.ts';
import { finite, kind, list } from '../compute/kind.ts';
import { CausalTable, mustHaveBothArms, type Effect } from './effects.ts';

/** The role of the columns that an analysis looks at beside treatment and outcome. */
export type ColumnRole = 'confounder' | 'mediator' | 'collider' | 'front-door';

const columns = list(v.string());
/** What a cell of a table holds; a number is written as in the table. */
const cell = v.pipe(v.union([v.string(), finite]), v.transform(String));

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
      treated: cell,
      control: cell,
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
    const outcomes = table.numbers(input.outcome);
    const wrong = outcomes.find((y) => y !== 0 && y !== 1);
    must(wrong === undefined, `${input.outcome} is ${wrong}; it has to be 0 or 1`);
    // Levels in the order in which they first appear.
    const names = new Map<string, number>();
    const levels = outcomes.map((_, row) => {
      const name = third.map((column) => column[row]).join(', ');
      const level = names.get(name) ?? names.size;
      names.set(name, level);
      return level;
    });
    const { treated, control } = input;
    const effects = new CausalTable({
      arms: table.texts(input.treatment).map((arm) => (arm === treated ? 1 : arm === control ? 0 : -1)),
      outcomes,
      counts: countsOf(table, input.count),
      levels,
      levelCount: names.size,
    });
    mustHaveBothArms(effects, input.treatment, [control, treated]);
    const role = input.confounders ? 'confounder' : input.mediators ? 'mediator' : 'collider';
    return byRole(effects, role, [...names.keys()], named, ({ value }) => value);
  },
);

/**
 * What is reported of a column, by its role. `show` turns an effect into a figure: its value, or
 * its value with an interval.
 */
export function byRole<Shown>(
  table: CausalTable,
  role: ColumnRole,
  levels: readonly string[],
  named: readonly string[],
  show: (effect: Effect) => Shown,
) {
  const [control, treated] = table.means;
  const crude = show(table.crude());
  const means = { mean_treated: treated, mean_control: control, crude };
  const everyone = () => show(table.standardised('everyone'));
  if (role === 'confounder')
    return {
      ...means,
      ate: everyone(),
      att: show(table.standardised('treated')),
      atc: show(table.standardised('control')),
    };
  if (role === 'front-door') return { ...means, effect: show(table.frontDoor()) };
  if (role === 'mediator')
    return {
      ...means,
      total: crude,
      natural_direct: show(table.standardised('control')),
      natural_indirect: show(table.indirect()),
      controlled_direct: levels.map((level, k) => ({ level, effect: show(table.at(k)) })),
    };
  return {
    ...means,
    effect: crude,
    refused: named,
    if_adjusted: {
      by_level: levels.map((level, k) => ({
        level,
        effect: show(table.at(k)),
        odds_ratio: oddsRatio(table, k),
      })),
      standardised: everyone(),
    },
  };
}

/** Odds of the treated over odds of the control at one level; null where it does not exist. */
function oddsRatio(table: CausalTable, level: number): number | null {
  const odds = (arm: 0 | 1) => {
    const { mean } = table.cell(level, arm);
    return mean / (1 - mean);
  };
  const ratio = odds(1) / odds(0);
  return Number.isFinite(ratio) ? ratio : null;
}
