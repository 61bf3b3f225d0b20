import type { Table } from '../../../../src/base/table.ts';
import type { Choice } from '../../layout.ts';

export const waitingForOther =
  'Compare two policies to see who gains and who loses. The first pairs are on their way.';

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

/** "cupid − rules: chat length, per chat side". */
export function slicesCaption(table: Table): string {
  const text = (name: string, otherwise: string) => {
    const fact = table.facts[name];
    return typeof fact === 'string' && fact !== '' ? fact : otherwise;
  };
  return `${text('policy_b', 'B')} \u2212 ${text('policy_a', 'A')}: ${text('metric', 'effect')}, same people, same evening`;
}
