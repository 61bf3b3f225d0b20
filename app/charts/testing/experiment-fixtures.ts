import type { Table } from '../../../src/base/table.ts';
import type { ExperimentViewId } from '../views.ts';
import { table } from './fixtures.ts';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Deterministic noise around 0, about -1 to 1. */
const wobble = (i: number) => Math.sin(i * 12.9898) * Math.cos(i * 4.137);

/** Mean and spread of each design, in percentage points. */
const designs: readonly (readonly [name: string, mean: number, sd: number])[] = [
  ['Truth', 0.4, 0.3],
  ['By person', 11.5, 1.8],
  ['By cluster', 6.3, 3],
  ['Switchback', -0.5, 2.4],
];

function designRows(evenings = 24): Table {
  const rows = designs.flatMap(([name, mean, sd], d) =>
    range(evenings).map((k) => ({ name, seed: k + 1, estimate: mean + sd * wobble(97 * d + k), sd })),
  );
  return table(
    'experiment-rows',
    'What each design reports, evening by evening',
    {
      design: ['', rows.map((r) => r.name)],
      seed: ['', rows.map((r) => r.seed)],
      estimate: ['pp', rows.map((r) => r.estimate)],
      low: ['pp', rows.map((r) => r.estimate - 1.96 * r.sd)],
      high: ['pp', rows.map((r) => r.estimate + 1.96 * r.sd)],
    },
    { metric: 'the share of waits that end in a match', truth: 0.4, truth_low: 0.28, truth_high: 0.52 },
  );
}

function designFigures(): Table {
  return table('experiment-figures', 'How the designs do', {
    design: ['', designs.map(([name]) => name)],
    estimate: ['pp', designs.map(([, mean]) => mean)],
    bias: ['pp', designs.map(([, mean]) => mean - 0.4)],
    bias_error: ['pp', designs.map(([, , sd]) => sd / 5)],
    biased: ['', designs.map(([, mean]) => Number(mean > 2))],
  });
}

/** The tables that the experiment room passes, by view. */
export function experimentFixtures(): Readonly<Record<ExperimentViewId, readonly Table[]>> {
  return { 'experiment-designs': [designRows(), designFigures()] };
}
