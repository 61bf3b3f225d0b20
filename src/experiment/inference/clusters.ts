import * as v from 'valibot';
import { must } from '../../base/errors.ts';
import { studentCdf } from '../../metrics/inference/distributions.ts';
import { studentQuantile, type Interval } from '../../metrics/inference/student.ts';
import { armsOf } from '../compute/data-file.ts';
import { finite, kind, notNegative, openShare, positive } from '../compute/kind.ts';
import { armsWithTreated, binomial, MAX_ASSIGNMENTS } from './enumerate.ts';
import { meanOf, sampleVariance, squares, sum, withoutRounding } from './moments.ts';

/** Variance inflation by clusters, of equal and of unequal size (Kish; Eldridge et al., 2006). */
export const designEffect = kind(
  'variance inflation by clusters',
  // The correlation is negative where the people of a cluster compete.
  v.object({ mean_size: positive, icc: v.pipe(finite, v.minValue(-1), v.maxValue(1)), size_cv: notNegative }),
  ({ mean_size: size, icc, size_cv: cv }) => designEffectOf(size, icc, cv),
);

/** Variance inflation by clusters of that mean size; of unequal ones by the variation of sizes. */
export const designEffectOf = (size: number, icc: number, cv: number) => ({
  design_effect: 1 + (size - 1) * icc,
  design_effect_unequal: 1 + ((cv ** 2 + 1) * size - 1) * icc,
});

/** Difference of two means of independent units, such as clusters or windows. */
export interface PooledDifference extends Interval {
  readonly difference: number;
  readonly error: number;
  readonly freedom: number;
}

/**
 * Mean of `treated` less mean of `control` with Student's interval from one common variance. The
 * variance needs three units; with two or fewer, error and interval are NaN.
 */
export function pooledDifference(
  control: readonly number[],
  treated: readonly number[],
  confidence = 0.95,
): PooledDifference {
  const difference = meanOf(treated) - meanOf(control);
  const freedom = control.length + treated.length - 2;
  if (freedom < 1) return { difference, error: NaN, freedom, low: NaN, high: NaN };
  const pooled = (squares(control) + squares(treated)) / freedom;
  const error = Math.sqrt(pooled * (1 / control.length + 1 / treated.length));
  const half = studentQuantile(freedom, confidence) * error;
  return { difference, error, freedom, low: difference - half, high: difference + half };
}

interface Cluster {
  readonly arm: number;
  readonly values: number[];
}

/**
 * Errors of a clustered comparison (Cameron and Miller, 2015). Every cluster is in one arm; arm 1
 * is treated. The permutation test is null where there are too many assignments. Throws LabError if
 * a cluster is in both arms or an arm has fewer than two.
 */
export function analyseClusters(
  names: readonly string[],
  arms: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  confidence: number,
  noun: 'cluster' | 'window' = 'cluster',
) {
  const byName = new Map<string, Cluster>();
  names.forEach((name, row) => {
    const cluster = byName.get(name) ?? { arm: arms[row], values: [] };
    must(cluster.arm === arms[row], `${noun} "${name}" is in both arms; assign whole ${noun}s`);
    cluster.values.push(outcomes[row]);
    byName.set(name, cluster);
  });
  const clusters = [...byName.values()];
  const arm = (which: number) => clusters.filter((c) => (c.arm === 1 ? 1 : 0) === which);
  const [control, treated] = [arm(0), arm(1)];
  must(
    control.length >= 2 && treated.length >= 2,
    `a comparison by ${noun} needs two ${noun}s per arm; here are ${treated.length} treated and ${control.length} control`,
  );
  const rowsOf = (side: readonly Cluster[]) => side.flatMap((c) => c.values);
  const [y0, y1] = [rowsOf(control), rowsOf(treated)];
  const [n0, n1] = [y0.length, y1.length];
  const n = n0 + n1;
  const g = clusters.length;

  // Residuals of the arm means, summed by cluster, over the arm's size.
  const scores = (side: readonly Cluster[], centre: number, size: number) =>
    sum(side.map((c) => (sum(c.values.map((y) => y - centre)) / size) ** 2));
  const cr0 = Math.sqrt(scores(control, meanOf(y0), n0) + scores(treated, meanOf(y1), n1));
  const cr1 = Math.sqrt(((g / (g - 1)) * (n - 1)) / (n - 2)) * cr0;

  const means = (side: readonly Cluster[]) => side.map((c) => meanOf(c.values));
  const [m0, m1] = [means(control), means(treated)];
  const { difference, error, freedom, low, high } = pooledDifference(m0, m1, confidence);
  const t = difference / error;
  return {
    rows: n,
    clusters: g,
    difference: meanOf(y1) - meanOf(y0),
    standard_error: {
      rows_independent: Math.sqrt(sampleVariance(y0) / n0 + sampleVariance(y1) / n1),
      cr0,
      cr1,
    },
    cluster_means: {
      ...{ difference, standard_error: error, t, degrees_of_freedom: freedom },
      p_value: 2 * studentCdf(-Math.abs(t), freedom),
      ...{ low, high },
    },
    permutation: permutation(m0, m1),
    icc: intraclassCorrelation([control, treated]),
  };
}

/** Permutation test: the share of all draws of the treated whose means differ at least as much. */
function permutation(control: readonly number[], treated: readonly number[]) {
  const all = [...control, ...treated];
  if (binomial(all.length, treated.length) > MAX_ASSIGNMENTS) return null;
  const seen = withoutRounding(meanOf(treated) - meanOf(control), all);
  let [atLeast, assignments] = [0, 0];
  for (const choice of armsWithTreated(all.length, treated.length)) {
    const of = (side: number) => meanOf(all.filter((_, k) => choice[k] === side));
    if (Math.abs(of(1) - of(0)) >= seen) atLeast++;
    assignments++;
  }
  return { p_value: atLeast / assignments, assignments };
}

/**
 * Interval of an effect that is the same for all units: what the two-sided test over all ways to
 * draw the treated does not reject (Imbens and Rubin, 2015, 5.7). Its coverage is exact whatever
 * the units look like. NaN where there are too many ways, or so few that the test rejects nothing.
 */
export function permutationInterval(
  control: readonly number[],
  treated: readonly number[],
  alpha: number,
): Interval {
  const all = [...control, ...treated];
  const [lows, highs]: [number[], number[]] = [[], []];
  if (binomial(all.length, treated.length) > MAX_ASSIGNMENTS) return { low: NaN, high: NaN };
  const seen = meanOf(treated) - meanOf(control);
  const isTreated = all.map((_, k) => (k < control.length ? 0 : 1));
  for (const choice of armsWithTreated(all.length, treated.length)) {
    const difference = (of: readonly number[]) =>
      meanOf(of.filter((_, k) => choice[k] === 1)) - meanOf(of.filter((_, k) => choice[k] === 0));
    // Without an effect e, this choice differs by other - e * overlap, the one drawn by seen - e.
    const [other, overlap] = [difference(all), difference(isTreated)];
    const ends = [(seen - other) / (1 - overlap), (seen + other) / (1 + overlap)];
    const isSame = Math.abs(overlap) > 1 - 1e-9;
    lows.push(isSame ? -Infinity : Math.min(...ends));
    highs.push(isSame ? Infinity : Math.max(...ends));
  }
  const rejected = Math.floor(alpha * lows.length + 1e-9);
  const [low, high] = [lows.sort((x, y) => x - y)[rejected], highs.sort((x, y) => y - x)[rejected]];
  return Number.isFinite(low) ? { low, high } : { low: NaN, high: NaN };
}

export const clusterAnalysis = kind(
  'errors of a clustered comparison: rows, cluster-robust, cluster means, permutation',
  v.object({
    file: v.string(),
    cluster: v.string(),
    treatment: v.string(),
    outcome: v.string(),
    confidence: openShare,
  }),
  (input, { open }) => {
    const table = open(input.file);
    return analyseClusters(
      table.texts(input.cluster),
      armsOf(table, input.treatment),
      table.numbers(input.outcome),
      input.confidence,
    );
  },
);

/** Intraclass correlation by analysis of variance within arms. */
function intraclassCorrelation(sides: readonly (readonly Cluster[])[]): number {
  const clusters = sides.flat();
  const rows = sum(clusters.map((c) => c.values.length));
  const within = sum(clusters.map((c) => squares(c.values))) / (rows - clusters.length);
  const between = sum(
    sides.map((side) => {
      const centre = meanOf(side.flatMap((c) => c.values));
      return sum(side.map((c) => c.values.length * (meanOf(c.values) - centre) ** 2));
    }),
  );
  const freedom = clusters.length - sides.length;
  const size =
    sum(
      sides.map((side) => {
        const total = sum(side.map((c) => c.values.length));
        return total - sum(side.map((c) => c.values.length ** 2)) / total;
      }),
    ) / freedom;
  const meanSquare = between / freedom;
  return (meanSquare - within) / (meanSquare + (size - 1) * within);
}
