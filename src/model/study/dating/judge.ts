import { LabError, must } from '../../../base/errors.ts';
import { hash4 } from '../../../base/hash.ts';
import { auroc } from '../../../metrics/ranking/auroc.ts';
import { bootstrapInterval, type BootstrapInterval } from '../../../metrics/inference/bootstrap.ts';
import type { SpeedDating } from './data.ts';
import { additiveRecipe, fitDates, type Chances, type DatingRecipe } from './fit.ts';

export interface DatingFigures {
  /**
   * AUROC of one side's decision, and of a match, predicted by the product of both probabilities.
   */
  readonly decision: number;
  readonly mutual: number;
}

const decisions = (d: SpeedDating, rows: readonly number[]): number[] =>
  rows.flatMap((k) => [d.decA[k], d.decB[k]]);

export function judgeDates(d: SpeedDating, rows: readonly number[], chances: Chances): DatingFigures {
  return {
    decision: auroc(chances, decisions(d, rows)),
    mutual: auroc(
      rows.map((_, r) => chances[2 * r] * chances[2 * r + 1]),
      rows.map((k) => d.decA[k] * d.decB[k]),
    ),
  };
}

/** The fold of a pair, from 0, by a hash of the two people. */
export function foldOf(d: SpeedDating, pair: number, folds: number, seed: number): number {
  return hash4(seed, d.a[pair], d.b[pair], 0xf01d) % folds;
}

/** Fold of a pair, from 0. */
export type Folds = (pair: number) => number;

/** Folds by pair, or by wave, so that the model has seen nobody in the evaluated fold. */
export const byPair =
  (d: SpeedDating, folds: number, seed: number): Folds =>
  (pair) =>
    foldOf(d, pair, folds, seed);
export function byWave(d: SpeedDating, folds: number): Folds {
  const waves = [...new Set(d.wave)].sort((a, b) => a - b);
  return (pair) => waves.indexOf(d.wave[d.a[pair]]) % folds;
}

/** The baseline's penalties, among which the inner folds choose. */
export const additiveCandidates: readonly DatingRecipe[] = [0.25, 0.5, 1, 2].map((personal) => ({
  ...additiveRecipe,
  personal,
}));

export interface CrossValidation {
  /** Mean over the outer folds. */
  readonly mean: DatingFigures;
  readonly folds: readonly (DatingFigures & { readonly pairs: number; readonly recipe: DatingRecipe })[];
  /** f64[pairs][2]: probability of each decision by the model that did not see the pair. */
  readonly chances: Chances;
}

/**
 * Nested cross-validation: the model for an outer fold has penalties that were chosen, by the same
 * figures, on inner folds of the other pairs only (Varma and Simon, "Bias in error estimation when
 * using cross-validation for model selection", 2006). `inner` gives the inner folds, of the same
 * kind as the outer ones.
 */
export function crossValidate(
  d: SpeedDating,
  outer: { readonly folds: number; readonly of: Folds },
  inner: { readonly folds: number; readonly of: Folds },
  recipes: readonly DatingRecipe[],
  progress?: (done: number) => void,
): CrossValidation {
  must(recipes.length > 0, 'there must be a recipe to choose');
  const pairs = Array.from({ length: d.pairs }, (_, k) => k);
  const chances = new Float64Array(2 * d.pairs);
  const folds = Array.from({ length: outer.folds }, (_, f) => {
    const judged = pairs.filter((k) => outer.of(k) === f);
    const training = pairs.filter((k) => outer.of(k) !== f);
    if (judged.length === 0) throw new LabError(`fold ${f} of ${outer.folds} has no pair`);
    const figures = recipes.map((recipe) =>
      recipes.length === 1 ? 0 : innerFigure(d, training, inner, { ...recipe, members: 1 }),
    );
    const recipe = recipes[figures.indexOf(Math.max(...figures))];
    const own = fitDates(d, training, judged, recipe);
    judged.forEach((k, r) => chances.set(own.subarray(2 * r, 2 * r + 2), 2 * k));
    progress?.(f + 1);
    return { ...judgeDates(d, judged, own), pairs: judged.length, recipe };
  });
  const mean = (of: keyof DatingFigures): number => folds.reduce((sum, f) => sum + f[of], 0) / folds.length;
  return { mean: { decision: mean('decision'), mutual: mean('mutual') }, folds, chances };
}

/** The sum of both AUROCs over the inner folds, weighted by their pairs. */
function innerFigure(
  d: SpeedDating,
  training: readonly number[],
  { folds, of }: { readonly folds: number; readonly of: Folds },
  recipe: DatingRecipe,
): number {
  let sum = 0;
  for (let f = 0; f < folds; f++) {
    const judged = training.filter((k) => of(k) === f);
    const rest = training.filter((k) => of(k) !== f);
    if (judged.length === 0 || rest.length === 0) continue;
    const { decision, mutual } = judgeDates(d, judged, fitDates(d, rest, judged, recipe));
    sum += judged.length * (decision + mutual);
  }
  return sum;
}

/**
 * Bootstrap interval of an AUROC of out-of-fold probabilities, or, with `than`, of its difference
 * from theirs. It draws whole waves, because nobody dates outside their wave.
 */
export function datingInterval(
  d: SpeedDating,
  figure: keyof DatingFigures,
  chances: Chances,
  than?: Chances,
  { seed = 1, replicates = 300 } = {},
): BootstrapInterval {
  const of = (rows: Uint32Array, c: Chances): number => {
    const list = Array.from(rows);
    return judgeDates(d, list, Float64Array.from(list.flatMap((k) => [c[2 * k], c[2 * k + 1]])))[figure];
  };
  return bootstrapInterval(d.pairs, (rows) => of(rows, chances) - (than === undefined ? 0 : of(rows, than)), {
    seed,
    replicates,
    clusters: Array.from(d.a, (p) => d.wave[p]),
  });
}
