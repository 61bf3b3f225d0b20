import { LabError, shown } from '../../base/errors.ts';
import { seedsFrom } from '../../base/seeds.ts';
import { parseDecimal } from '../../base/text/decimal.ts';
import { createWorld } from '../../world/world.ts';
import type { MarketTools } from '../jobs/context.ts';
import { designRows, runEvening } from '../run/evening.ts';
import { endOf, liveMixed } from '../mixed/mixed-market.ts';
import type { MixedDesign, OutcomeName } from '../run/names.ts';
import { reportOf, type DesignFigures, type Truth } from '../run/report.ts';
import type { EveningRow } from '../run/rows.ts';
import type { ExperimentSpec } from '../run/spec.ts';

/** A switchback over lengths of its window and of its burn-in, beside the truth. */
export interface WindowGrid {
  /** Lengths of a window, simulated seconds. */
  readonly windows: readonly number[];
  /** Burn-ins as shares of the window, 0 to below 1. */
  readonly burnIns: readonly number[];
}

/** One evening of the study, as JSON. */
export interface WindowJob extends WindowGrid {
  readonly kind: 'windows';
  readonly spec: ExperimentSpec;
  readonly seed: number;
}

export interface WindowResult {
  readonly seed: number;
  /** Rows of the paired markets. */
  readonly truth: readonly EveningRow[];
  /** Window by window, and for each of them burn-in by burn-in. */
  readonly settings: readonly WindowRows[];
}

interface WindowRows {
  readonly window: number;
  /** Simulated seconds. */
  readonly burn_in: number;
  readonly rows: readonly EveningRow[];
}

const designs: readonly MixedDesign[] = ['switchback', 'switchback-corrected'];
/** Windows that a switchback needs at least, to compare two arms. */
const LEAST_WINDOWS = 4;

/** The different numbers of a list such as "5, 10, 20", smallest first. @throws LabError. */
export function numbersIn(text: string, name: string): number[] {
  const words = text.split(',').map((word) => word.trim());
  const numbers = words.map((word) => parseDecimal(word));
  const wrong = numbers.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0)
    throw new LabError(`expected numbers with commas, such as 5, 10, 20; it is ${shown(words[wrong])}`, name);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** The jobs of a study. @throws LabError for a window or a burn-in that is impossible. */
export function planWindows(spec: ExperimentSpec, grid: WindowGrid, evenings: number): WindowJob[] {
  const { windows, burnIns } = grid;
  const longest = (endOf(spec) - spec.warmUp) / LEAST_WINDOWS;
  for (const window of windows)
    if (!(window > 0 && window <= longest))
      throw new LabError(
        `a window must be above 0 and at most ${longest} s, a quarter of the evening after the warm-up; it is ${window} s`,
        'windows',
      );
  for (const share of burnIns)
    if (!(share >= 0 && share < 1))
      throw new LabError(
        `a burn-in must be a share of its window, from 0 to below 1; it is ${share}`,
        'burn-ins',
      );
  return seedsFrom(spec.seed, evenings).map((seed) => ({ kind: 'windows', spec, seed, windows, burnIns }));
}

/**
 * Runs one evening under A, under B, and once per length of the window. Every burn-in is
 * read from the same switchback.
 */
export async function runWindows(job: WindowJob, tools: MarketTools): Promise<WindowResult> {
  const { spec, seed, windows, burnIns } = job;
  const truth = await runEvening({ kind: 'evening', spec, seed, designs: [], aa: [] }, tools);
  const scenario = { ...spec.scenario, seed };
  const world = createWorld(scenario);
  const settings: WindowRows[] = [];
  for (const window of windows) {
    const own = { ...spec, window };
    const log = await liveMixed('window', { spec: own, scenario, world, tools }, spec.b);
    for (const share of burnIns) {
      const burnIn = share * window;
      const rows = designs.flatMap((design) => designRows(design, log, { ...own, burnIn }, seed));
      settings.push({ window, burn_in: burnIn, rows });
    }
  }
  return { seed, truth: truth.rows, settings };
}

export interface WindowSetting {
  readonly window: number;
  readonly burn_in: number;
  readonly designs: Readonly<Record<string, Readonly<Partial<Record<OutcomeName, DesignFigures>>>>>;
}

export interface WindowReport {
  readonly evenings: number;
  readonly first_seed: number;
  readonly truth: Readonly<Partial<Record<OutcomeName, Truth>>>;
  readonly settings: readonly WindowSetting[];
}

/** Holds every setting to the truth of the same evenings. */
export function windowReport(results: readonly WindowResult[]): WindowReport {
  const reports = (results.at(0)?.settings ?? []).map(({ window, burn_in }, k) => {
    const { designs: figures, truth } = reportOf(
      results.map(({ seed, truth: own, settings }) => ({
        ...{ seed, identical: false, harm: [], aa: [] },
        rows: [...own, ...settings[k].rows],
      })),
    );
    const { paired: _, ...switchbacks } = figures;
    return { truth, setting: { window, burn_in, designs: switchbacks } };
  });
  return {
    evenings: results.length,
    first_seed: Math.min(...results.map((r) => r.seed)),
    truth: reports.at(0)?.truth ?? {},
    settings: reports.map((r) => r.setting),
  };
}
