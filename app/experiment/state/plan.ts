import type { Table } from '../../../src/base/table.ts';
import { planFrom, type PlannedArms } from '../../../src/experiment/inference/planning.ts';
import type { DesignName, OutcomeName } from '../../../src/experiment/run/names.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../../src/metrics/market/table-columns.ts';
import type { RoomSettings } from '../settings.ts';
import { designWords, factorOf, metricWords } from '../words.ts';
import { isFinished, wholeReport } from './figures.ts';
import type { ExperimentRun } from './store.ts';

/** How many evenings a design needs, from how much its estimates varied in a run. */

type Wanted = Pick<RoomSettings, 'effect' | 'power' | 'alpha'>;

export interface DesignPlan {
  readonly design: DesignName;
  /** Standard deviation of one evening's estimate, in the unit of the page. */
  readonly sd: number;
  /** Evenings that find the effect. */
  readonly evenings: number;
  /** Chance that one evening finds it. */
  readonly powerOfOne: number;
  /** More than chance, at the end of a run; such a design finds its bias. */
  readonly bias: number | null;
}

/** The deviation of an evening is that of a difference, as of a unit in an arm of its own. */
const armsOf = (sd: number): PlannedArms => ({
  of: 'units',
  design: { sd: sd / 2, share: 0.5, designEffect: 1 },
});

export function plansOf(
  run: ExperimentRun,
  metric: OutcomeName,
  { effect, power, alpha }: Wanted,
): DesignPlan[] {
  if (run.results.length < 2) return [];
  const { designs } = wholeReport(run);
  return run.designs.flatMap((design) => {
    const figures = designs[design]?.[metric];
    if (figures === undefined || figures.sd === null || !(figures.sd > 0)) return [];
    const sd = factorOf(metric) * figures.sd;
    const biased = isFinished(run) && !['none', 'unclear'].includes(figures.cause);
    return [
      {
        ...{ design, sd },
        evenings: Math.ceil(planFrom(armsOf(sd), { effect, power }, alpha).units - 1e-9),
        powerOfOne: planFrom(armsOf(sd), { effect, units: 1 }, alpha).power,
        bias: biased && figures.bias !== null ? factorOf(metric) * figures.bias : null,
      },
    ];
  });
}

const steps = [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 70, 100, 140, 200, 300, 500, 700, 1000];

/** The smallest effect that so many evenings find, by design. */
export function planTables(
  plans: readonly DesignPlan[],
  metric: OutcomeName,
  { effect, power, alpha }: Wanted,
): Table[] {
  const most = Math.max(20, ...plans.map((p) => Math.min(1000, 2 * p.evenings)));
  const rows = plans.flatMap(({ design, sd }) =>
    steps
      .filter((n) => n <= most)
      .map((n) => ({ design, n, found: planFrom(armsOf(sd), { power, units: n }, alpha).effect })),
  );
  if (rows.length === 0) return [];
  const { unit, name } = metricWords[metric];
  const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
  return [
    tableOf(
      'experiment-plan',
      `Smallest effect that is found with a power of ${percent(power)}, by evenings`,
      [
        textColumnOf(rows, 'panel', 'Figure', () => 'Smallest effect found'),
        textColumnOf(rows, 'series', 'Design', (r) => designWords[r.design].name),
        numberColumnOf(rows, 'x', 'Evenings', '', (r) => r.n),
        textColumnOf(rows, 'x_text', 'Evenings, as text', (r) => String(r.n)),
        numberColumnOf(rows, 'y', name, unit, (r) => r.found),
        numberColumnOf(rows, 'low', 'Low', unit, () => NaN),
        numberColumnOf(rows, 'high', 'High', unit, () => NaN),
      ],
      {
        caption: `Smallest effect that a test at ${percent(alpha)} finds with a power of ${percent(power)}, from how much the estimates varied over the evenings of the run`,
        ...{ x: 'evenings', scale: 'log', rule: effect, rule_text: 'the effect to find' },
      },
    ),
  ];
}

/** The same plan on the command line, from the report that the room saves. */
export const planCommand = (
  design: DesignName,
  metric: OutcomeName,
  { effect, power, alpha }: Wanted,
): string =>
  `npm run -s lab -- experiment plan --report halfsecond-experiment.json --design ${design} --metric ${metric} --effect ${effect / factorOf(metric)} --power ${power} --alpha ${alpha}`;
