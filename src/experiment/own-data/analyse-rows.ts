import { LabError } from '../../base/errors.ts';
import { orNull } from '../../base/or-null.ts';
import type { Units } from '../../metrics/inference/units.ts';
import { analyseClusters } from '../inference/clusters.ts';
import { pooledTheta } from '../inference/cuped.ts';
import { meanOf } from '../inference/moments.ts';
import { holm, sampleRatioOf, type SampleRatio } from '../inference/multiple-testing.ts';
import { intervalOf } from '../paired/evidence.ts';
import { compareArms, unitCount, unitDifference, type ArmRows, type ArmDifference } from './compare-arms.ts';

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

interface Look {
  /** Time of the last row. */
  readonly at: number;
  readonly rows: number;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
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
  readonly cuped: (ArmDifference & { readonly theta: number; readonly variance_ratio: number | null }) | null;
  readonly looks: readonly Look[] | null;
  readonly slices: readonly SliceDifference[];
}

/** The whole analysis of an experiment's rows. Throws LabError where a design is broken. */
export function analyseRows(data: ExperimentRows, options: AnalysisOptions): RowsAnalysis {
  const { confidence, plannedShare } = options;
  const by = (names: readonly string[] | undefined) =>
    names === undefined ? null : analyseClusters(names, data.arm, data.outcome, confidence);
  const [clusters, windows] = [by(data.cluster), by(data.window)];
  const assigned = windows ?? clusters;
  const main: ArmDifference =
    assigned === null
      ? compareArms(data, confidence)
      : fromUnitMeans(assigned, windows === null ? 'clusters' : 'windows');
  const srm = checkRatio(data, plannedShare);
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
    cuped: data.pre === undefined ? null : adjusted(data, data.pre, confidence),
    looks: data.time === undefined ? null : looksAt(data, data.time, 1 - confidence),
    slices: slicesOf(data, confidence),
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

/** CUPED: the outcome less what the pre-period predicts (Deng et al., 2013). */
function adjusted(data: ExperimentRows, pre: readonly number[], confidence: number) {
  const outcome = Array.from(data.outcome);
  const theta = pooledTheta(pre, outcome);
  if (!Number.isFinite(theta)) throw new LabError('the pre-period has the same value in every row');
  const centre = meanOf(pre);
  const rows = { ...data, outcome: outcome.map((y, row) => y - theta * (pre[row] - centre)) };
  const [raw, own] = [compareArms(data, confidence), compareArms(rows, confidence)];
  const ratio =
    raw.standard_error === null || own.standard_error === null
      ? null
      : (own.standard_error / raw.standard_error) ** 2;
  return { ...own, method: `CUPED, ${own.method}`, theta, variance_ratio: ratio };
}

/** Moments of an analysis over time. */
const LOOKS = 20;

/**
 * The estimate after every twentieth of the rows, in their order of time, with intervals that are
 * valid at all looks together.
 */
function looksAt(data: ExperimentRows, time: readonly number[], alpha: number): Look[] {
  const order = rowsWhere(data, () => true).sort((x, y) => time[x] - time[y]);
  const count = order.length;
  const pick = (column: ArrayLike<number>, rows: readonly number[]) => rows.map((row) => column[row]);
  const ends = Array.from({ length: LOOKS }, (_, k) => Math.round((count * (k + 1)) / LOOKS));
  return [...new Set(ends)]
    .filter((end) => end > 0)
    .map((end) => {
      const seen = order.slice(0, end);
      const units = data.units.map((column) => pick(column, seen));
      const { estimate, unit } = unitDifference({
        ...{ outcome: pick(data.outcome, seen), arm: pick(data.arm, seen) },
        units,
      });
      const people = unitCount(units, end, () => true);
      const evidence = { effect: estimate, error: unit.error, freedom: unit.freedom, people };
      const { low, high } = intervalOf(evidence, 'always', alpha);
      return {
        ...{ at: time[seen[end - 1]], rows: end },
        ...{ estimate: orNull(estimate), low: orNull(low), high: orNull(high) },
      };
    });
}

function slicesOf(data: ExperimentRows, confidence: number): SliceDifference[] {
  const rowsOf = data.slices.map((): number[] => []);
  data.slice.forEach((slice, row) => rowsOf[slice].push(row));
  const found = rowsOf.map((own, k) => {
    const at = (column: ArrayLike<number>) => own.map((row) => column[row]);
    const rows = { outcome: at(data.outcome), arm: at(data.arm), units: data.units.map(at) };
    return {
      slice: Object.values(data.slices[k]).join(', '),
      people: unitCount(rows.units, own.length, () => true),
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
