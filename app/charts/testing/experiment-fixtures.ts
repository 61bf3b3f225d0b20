import type { Table } from '../../../src/base/table.ts';
import type { ExperimentViewId } from '../views.ts';
import { table } from './table.ts';

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
    mean_low: ['pp', designs.map(([, mean, sd]) => mean - (2.1 * sd) / 5)],
    mean_high: ['pp', designs.map(([, mean, sd]) => mean + (2.1 * sd) / 5)],
    biased: ['', designs.map(([, mean]) => Number(mean > 2))],
  });
}

function curves(): Table {
  const rows = ['Bias', 'SD over evenings'].flatMap((panel, p) =>
    [10, 20, 40].flatMap((window, w) =>
      [0, 0.25, 0.5, 0.75].map((share) => {
        const y = p === 0 ? (-3 * (1 - share)) / (w + 1) : 1 + share + 0.3 * w;
        return { panel, series: `windows of ${window} s`, share, y };
      }),
    ),
  );
  return table(
    'experiment-windows',
    'Bias and standard deviation of the switchback',
    {
      panel: ['', rows.map((r) => r.panel)],
      series: ['', rows.map((r) => r.series)],
      x: ['1', rows.map((r) => r.share)],
      x_text: ['', rows.map((r) => `${100 * r.share} %`)],
      y: ['pp', rows.map((r) => r.y)],
      low: ['pp', rows.map((r) => r.y - 0.4)],
      high: ['pp', rows.map((r) => r.y + 0.4)],
    },
    { caption: 'Switchback by burn-in', x: 'burn-in', rule: 0, rule_text: 'no bias' },
  );
}

const settings = ['250', '500', '1,000', '2,000'].flatMap((tick, i) =>
  ['random', 'greedy', 'auction'].map((matcher, k) => ({ tick, matcher, i, k })),
);

function heat(): Table {
  return table(
    'experiment-sweep',
    'Mean chat length by setting',
    {
      x: ['', settings.map((s) => s.tick)],
      y: ['', settings.map((s) => s.matcher)],
      value: ['s', settings.map(({ i, k }) => 40 + 9 * i + 14 * k)],
      low: ['s', settings.map(({ i, k }) => 37 + 9 * i + 14 * k)],
      high: ['s', settings.map(({ i, k }) => 43 + 9 * i + 14 * k)],
    },
    { x_title: 'Tick, ms', y_title: 'Matcher', figure: 'chat length', caption: 'Chat length by setting' },
  );
}

function front(): Table {
  return table(
    'experiment-front',
    'Wait and chat length of every setting',
    {
      name: ['', settings.map((s) => `${s.tick}, ${s.matcher}`)],
      x: ['s', settings.map(({ i, k }) => 2 + 3 * i + 0.4 * k)],
      y: ['s', settings.map(({ i, k }) => 40 + 9 * i + 14 * k)],
      front: ['', settings.map(({ k }) => Number(k === 2))],
    },
    { x_title: 'wait', y_title: 'chat length', caption: 'Which settings are best in both?' },
  );
}

/** The tables that the experiment room passes, by view. */
export function experimentFixtures(): Readonly<Record<ExperimentViewId, readonly Table[]>> {
  return {
    'experiment-designs': [designRows(), designFigures()],
    'experiment-curves': [curves()],
    'experiment-heat': [heat()],
    'experiment-front': [front()],
  };
}
