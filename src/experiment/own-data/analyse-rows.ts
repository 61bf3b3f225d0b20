import type { Units } from '../../metrics/inference/units.ts';
import { analyseClusters } from '../inference/clusters.ts';
import { meanOf } from '../inference/moments.ts';
import { holm, sampleRatioOf, type SampleRatio } from '../inference/multiple-testing.ts';
import { falseClaims, wrongSigns } from '../inference/power.ts';
import { fifthsOf } from '../inference/quantile-table.ts';
import { testPath } from '../switchback/horvitz-thompson.ts';
import { compareArms, unitCount, type ArmDifference, type ArmRows } from './compare-arms.ts';
import { analyseWithPast, type PastAnalysis } from './past.ts';
import { analyseQuantile, type QuantileAnalysis } from './quantile.ts';
import { analyseOverTime, type SequentialAnalysis } from './sequential.ts';

/** An experiment's rows, as columns. Optional columns are undefined where nobody named them. */
export interface ExperimentRows extends ArmRows {
  /** Names of A and B. */
  readonly arms: readonly [string, string];
  readonly window?: readonly string[];
  readonly cluster?: readonly string[];
  readonly pre?: readonly number[];
  /** Index of the row's slice. */
  readonly slice: readonly number[];
  readonly slices: readonly Readonly<Record<string, string>>[];
  /** When the row was observed. */
  readonly time?: readonly number[];
}

export interface AnalysisOptions {
  readonly confidence: number;
  /** Share of units that were to get B. */
  readonly plannedShare: number;
  /** Also compares this quantile of the outcome. */
  readonly quantile?: number;
}

/** A sample ratio mismatch below this p-value means that the assignment is broken. */
const SRM_ALPHA = 0.001;

export interface SampleRatioCheck extends SampleRatio {
  /** What was counted: units, clusters or windows in either arm. */
  readonly of: string;
  readonly observed: readonly [number, number];
  readonly planned: readonly [number, number];
  readonly failed: boolean;
}

export interface SliceDifference extends ArmDifference {
  readonly slice: string;
  readonly people: number;
  readonly rows: number;
  /** Holm's correction over all slices with an interval. */
  readonly p_adjusted: number | null;
  /** The corrected interval excludes 0. */
  readonly flagged: boolean;
}

export interface RowsAnalysis extends ArmDifference {
  /** What has to be said before any figure. */
  readonly warnings: readonly string[];
  readonly srm: SampleRatioCheck | null;
  readonly rows: number;
  readonly arms: readonly {
    readonly arm: string;
    readonly rows: number;
    readonly people: number;
    readonly mean: number | null;
  }[];
  readonly clusters: ReturnType<typeof analyseClusters> | null;
  readonly windows: ReturnType<typeof analyseClusters> | null;
  /**
   * How often a test that takes rows as independent claims an effect where there is none, if the
   * error by window or cluster is the true one; null without windows and clusters.
   */
  readonly rows_false_positive: number | null;
  /** Exact test of the windows, where there are few. */
  readonly path_test: ReturnType<typeof testPath> | null;
  readonly cuped: PastAnalysis | null;
  readonly quantile: QuantileAnalysis | null;
  readonly sequential: SequentialAnalysis | null;
  readonly slices: readonly SliceDifference[];
  /** The effect by fifth of the pre-period, lowest first: who loses although the mean rises. */
  readonly by_fifth: readonly SliceDifference[];
  /** How often slices would have the wrong sign by chance if all had the effect that is seen. */
  readonly slice_signs: ReturnType<typeof wrongSigns> | null;
}

/** The whole analysis of an experiment's rows. Throws LabError where a design is broken. */
export function analyseRows(data: ExperimentRows, options: AnalysisOptions): RowsAnalysis {
  const { confidence, plannedShare, quantile } = options;
  const by = (names: readonly string[] | undefined, noun: 'cluster' | 'window') =>
    names === undefined ? null : analyseClusters(names, data.arm, data.outcome, confidence, noun);
  const [clusters, windows] = [by(data.cluster, 'cluster'), by(data.window, 'window')];
  const assigned = windows ?? clusters;
  const main: ArmDifference =
    assigned === null
      ? compareArms(data, confidence)
      : fromUnitMeans(assigned, windows === null ? 'clusters' : 'windows');
  const srm = checkRatio(data, plannedShare);
  // What was assigned as a whole is the unit of every other error as well.
  const whole = data.window ?? data.cluster;
  const rows = whole === undefined ? data : { ...data, units: [numbered(whole)] };
  const fifths = data.pre === undefined ? [] : fifthsOf(data.pre);
  const groups = slicesOf(rows, data.units, [...namedSlices(data), ...fifths.map(fifthOf(data))], confidence);
  const slices = groups.slice(0, data.slices.length);
  return {
    warnings: srm?.failed === true ? [mismatch(srm, data.arms)] : [],
    srm,
    ...main,
    rows: data.outcome.length,
    arms: data.arms.map((arm, which) => {
      const own = rowsWhere(data, (row) => data.arm[row] === which);
      const mean = own.length === 0 ? null : meanOf(own.map((row) => data.outcome[row]));
      const people = unitCount(data.units, data.outcome.length, (row) => data.arm[row] === which);
      return { arm, rows: own.length, people, mean };
    }),
    ...{ clusters, windows },
    rows_false_positive:
      assigned === null || !(main.standard_error !== null && main.standard_error > 0)
        ? null
        : falseClaims(assigned.standard_error.rows_independent, main.standard_error, 1 - confidence),
    path_test: data.window === undefined ? null : testWindows(data, data.window),
    cuped: data.pre === undefined ? null : analyseWithPast(rows, data.pre, confidence),
    quantile: quantile === undefined ? null : analyseQuantile(rows, quantile, confidence),
    sequential: data.time === undefined ? null : analyseOverTime(rows, data.time, 1 - confidence),
    slices,
    by_fifth: groups.slice(data.slices.length),
    slice_signs:
      slices.length < 2 || main.estimate === null || !((main.standard_error ?? 0) > 0)
        ? null
        : wrongSigns(slices.length, Math.abs(main.estimate / main.standard_error!)),
  };
}

const rowsWhere = ({ outcome }: ArmRows, counts: (row: number) => boolean): number[] =>
  Array.from({ length: outcome.length }, (_, row) => row).filter(counts);

function fromUnitMeans(
  { cluster_means: m }: ReturnType<typeof analyseClusters>,
  what: string,
): ArmDifference {
  const { difference, standard_error: error, degrees_of_freedom: freedom, p_value: p, low, high } = m;
  const isClaimed = error > 0;
  return {
    estimate: difference,
    low: isClaimed ? low : null,
    high: isClaimed ? high : null,
    standard_error: isClaimed ? error : null,
    degrees_of_freedom: isClaimed ? freedom : null,
    p_value: isClaimed ? p : null,
    method: `difference of the means of ${what}, t of ${what} - 2`,
  };
}

/** Whether the arms are as large as planned, counted in what was assigned as a whole. */
function checkRatio(data: ExperimentRows, share: number): SampleRatioCheck | null {
  const whole: readonly [string, Units | undefined][] = [
    ['windows', data.window && [numbered(data.window)]],
    ['clusters', data.cluster && [numbered(data.cluster)]],
    [data.units.length === 0 ? 'rows' : 'units', data.units],
  ];
  for (const [of, units] of whole) {
    if (units === undefined) continue;
    const rows = data.outcome.length;
    const [a, b] = [0, 1].map((arm) => unitCount(units, rows, (row) => data.arm[row] === arm));
    // Units that are in both arms were not assigned as a whole.
    if (a + b > unitCount(units, rows, () => true)) return null;
    const planned: [number, number] = [1 - share, share];
    const test = sampleRatioOf([a, b], planned);
    return { of, observed: [a, b], planned, ...test, failed: test.p_value < SRM_ALPHA };
  }
  return null;
}

function numbered(names: readonly string[]): number[] {
  const known = new Map<string, number>();
  return names.map((name) => {
    const index = known.get(name) ?? known.size;
    known.set(name, index);
    return index;
  });
}

function mismatch({ of, observed, planned, p_value: p }: SampleRatioCheck, arms: readonly string[]): string {
  const counts = arms.map((arm, k) => `${observed[k]} ${of} in ${arm}`).join(', ');
  const shares = planned.map((share) => `${Number((100 * share).toPrecision(4))} %`).join(' and ');
  return `sample ratio mismatch: ${counts}, where ${shares} were planned (p = ${p.toPrecision(2)}). The assignment or the collection is broken: find out why before you believe any figure.`;
}

/** Windows up to which all ways to draw their arms are enumerated. */
const MAX_PATH = 16;

/** Exact test of windows that had a fair coin each; null where there are too many. */
function testWindows(data: ExperimentRows, names: readonly string[]): RowsAnalysis['path_test'] {
  const windows = numbered(names);
  const count = Math.max(...windows) + 1;
  if (count > MAX_PATH) return null;
  const rows = Array.from({ length: count }, (_, w) => rowsWhere(data, (row) => windows[row] === w));
  return testPath(
    rows.map((own) => meanOf(own.map((row) => data.outcome[row]))),
    rows.map((_, w) => w + 1),
    rows.map((own) => data.arm[own[0]]),
  );
}

/** Rows that belong together. */
interface Group {
  readonly name: string;
  readonly rows: readonly number[];
}

function namedSlices({ slice, slices }: ExperimentRows): Group[] {
  const rows = slices.map((): number[] => []);
  slice.forEach((index, row) => rows[index].push(row));
  return slices.map((levels, k) => ({ name: Object.values(levels).join(', '), rows: rows[k] }));
}

const fifthOf =
  ({ pre = [] }: ExperimentRows) =>
  (rows: readonly number[]): Group => {
    const values = rows.map((row) => pre[row]);
    const [low, high] = [values.at(0) ?? NaN, values.at(-1) ?? NaN];
    return { name: `${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`, rows };
  };

/** The effect in every group, corrected for all of them. `people`: who is counted. */
function slicesOf(
  data: ExperimentRows,
  people: Units,
  groups: readonly Group[],
  confidence: number,
): SliceDifference[] {
  const found = groups.map(({ name, rows: own }) => {
    const at = (column: ArrayLike<number>) => own.map((row) => column[row]);
    const rows = { outcome: at(data.outcome), arm: at(data.arm), units: data.units.map(at) };
    return {
      slice: name,
      people: unitCount(people.map(at), own.length, () => true),
      rows: own.length,
      ...compareArms(rows, confidence),
    };
  });
  const tested = found.flatMap(({ p_value: p }) => (p === null ? [] : [p]));
  const corrected = holm(tested);
  let next = 0;
  return found.map((slice) => {
    const adjustedP = slice.p_value === null ? null : corrected[next++];
    return { ...slice, p_adjusted: adjustedP, flagged: adjustedP !== null && adjustedP <= 1 - confidence };
  });
}
