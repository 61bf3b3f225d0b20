import type { Table } from '../../../../src/base/table.ts';
import { effectMetrics } from '../../../../src/experiment/effect-metrics.ts';
import { sceneOf, type Choice, type Scene } from '../../layout.ts';

export const waitingForOther =
  'Press Compare: a second policy then lives through the same evening, and this shows who gains and who loses.';

/** The row for all and the rows of the chosen dimension, and the choice that the page offers. */
export function chooseDimension(
  dimension: readonly string[],
  chosen: string | null,
): { rows: number[]; choice: Choice | null } {
  const dimensions = [...new Set(dimension)].filter((d) => d !== 'all');
  const options = dimensions.length > 1 ? [...dimensions, 'everything'] : dimensions;
  const value = chosen !== null && options.includes(chosen) ? chosen : (options[0] ?? 'all');
  const rows = dimension.flatMap((d, r) => (d === 'all' || d === value || value === 'everything' ? [r] : []));
  if (options.length === 0) return { rows, choice: null };
  return {
    rows,
    choice: {
      label: 'Groups',
      value,
      options: options.map((d) => ({ value: d, text: d === 'everything' ? d : `by ${d}` })),
    },
  };
}

/** The metric of the table, and the others that the engine can measure; null for other tables. */
export function metricChoice(table: Table): Choice | null {
  const value = table.facts['metric_name'];
  if (typeof value !== 'string') return null;
  const options = Object.values(effectMetrics).map(({ name, label }) => ({ value: name, text: label }));
  return { label: 'Outcome', value, options };
}

/** A view of the table that has nothing to draw yet, and why. */
export function nothingYet(table: Table, caption: string): Scene {
  const warmUp = warmUpOf(table);
  const why = warmUp > 0 ? `The first ${warmUp} s are a warm-up and are left out. ` : '';
  return sceneOf(
    { caption, metric: metricChoice(table), empty: `${why}${factOf(table, 'explanation', '')}` },
    [],
  );
}

/** "cupid \u2212 rules after 30 s of warm-up: mean chat length, same people, same evening". */
export function slicesCaption(table: Table): string {
  const warmUp = warmUpOf(table);
  const after = warmUp > 0 ? ` after ${warmUp} s of warm-up` : '';
  const [a, b] = [factOf(table, 'policy_a', 'A'), factOf(table, 'policy_b', 'B')];
  return `${b} \u2212 ${a}${after}: ${factOf(table, 'metric', 'effect')}, same people, same evening`;
}

/** What can be said about the groups that are shown. */
export function sentenceFor(table: Table, choice: Choice | null): string {
  const whole = factOf(table, 'explanation', '');
  const shown = choice?.value ?? 'everything';
  if (shown === 'everything') return whole;
  const own = factOf(table, `explanation_${shown}`, whole);
  const telling = factOf(table, 'dimension', shown);
  return telling === shown ? own : `${own} Grouped by ${telling}, there is more to tell.`;
}

const warmUpOf = (table: Table) => Number(table.facts['warm_up_s'] ?? 0);

function factOf(table: Table, name: string, otherwise: string): string {
  const fact = table.facts[name];
  return typeof fact === 'string' && fact !== '' ? fact : otherwise;
}
