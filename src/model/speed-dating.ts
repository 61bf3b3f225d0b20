import { csvColumn, csvNumber, type CsvFile } from '../base/csv.ts';
import { LabError, must } from '../base/errors.ts';
import { hash4, normal, Stream } from '../base/hash.ts';
import { auroc } from '../metrics/auroc.ts';

/**
 * The Columbia speed-dating experiment (Fisman and Iyengar, 2002-2004) as a test from outside: does this person want to see that one again,
 * and do both? `users`: one row per person; `dates`: one row per date and side.
 */
export interface SpeedDating {
  readonly people: number;
  readonly wave: Int32Array;
  /** Side information: slots of a tower's tables (the first is the person), and numbers from 0 to 1. */
  readonly offsets: readonly number[];
  readonly sparse: Uint32Array;
  readonly dense: Float32Array;
  readonly denseCount: number;
  /** Pairs, each once: positions of both people, and what either decided (1: again). */
  readonly pairs: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly decA: Uint8Array;
  readonly decB: Uint8Array;
}

/** Columns of `users` that are a kind, and those that are a number (with the value that becomes 1). */
const kinds = ['gender', 'race', 'field_cd', 'goal', 'date', 'go_out'] as const;
const ages = [20, 22, 24, 26, 28, 30, 34];
const ratings = [
  ...[
    'imprace',
    'imprelig',
    'sports',
    'tvsports',
    'exercise',
    'dining',
    'museums',
    'art',
    'hiking',
    'gaming',
  ],
  ...['clubbing', 'reading', 'tv', 'theater', 'movies', 'concerts', 'music', 'shopping', 'yoga', 'exphappy'],
] as const;

/** Throws LabError with file, line and column where a cell is not what it should be. Blank answers become a kind of their own. */
export function readSpeedDating(users: CsvFile, dates: CsvFile): SpeedDating {
  const people = users.rows.length;
  const index = new Map<string, number>();
  users.rows.forEach((row, p) => index.set(row.cells[csvColumn(users, 'user_id')], p));
  const numberOr = (row: CsvFile['rows'][number], name: string): number | undefined => {
    const c = csvColumn(users, name);
    return row.cells[c].trim() === '' ? undefined : csvNumber(users, row, c);
  };
  const columns: number[][] = [Array.from({ length: people }, (_, p) => p)];
  for (const kind of kinds) columns.push(users.rows.map((row) => 1 + (numberOr(row, kind) ?? -1)));
  columns.push(
    users.rows.map((row) => {
      const age = numberOr(row, 'age');
      return age === undefined ? ages.length + 1 : ages.filter((end) => age > end).length;
    }),
  );
  const offsets = [0];
  for (const column of columns) offsets.push(offsets[offsets.length - 1] + 1 + Math.max(...column));
  const sparse = new Uint32Array(people * columns.length);
  columns.forEach((column, s) =>
    column.forEach((value, p) => {
      must(
        Number.isInteger(value) && value >= 0,
        `a kind must be a whole number; it is ${value}`,
        users.file,
      );
      sparse[p * columns.length + s] = offsets[s] + value;
    }),
  );
  const dense = new Float32Array(people * ratings.length);
  users.rows.forEach((row, p) =>
    ratings.forEach((name, d) => {
      dense[p * ratings.length + d] = Math.min(1, Math.max(0, (numberOr(row, name) ?? 5.5) / 10));
    }),
  );
  const [ua, ub, da, db] = ['user_id', 'peer_id', 'dec', 'dec_o'].map((name) => csvColumn(dates, name));
  const seen = new Map<string, [number, number, number, number]>();
  for (const row of dates.rows) {
    const [i, j] = [ua, ub].map((c) => {
      const p = index.get(row.cells[c]);
      if (p === undefined)
        throw new LabError(`${row.cells[c]} is nobody in ${users.file}`, `${dates.file}:${row.line}:1`);
      return p;
    });
    const [x, y] = [da, db].map((c) => {
      const value = csvNumber(dates, row, c, '0 or 1');
      if (value !== 0 && value !== 1)
        throw new LabError(`a decision must be 0 or 1; it is ${value}`, `${dates.file}:${row.line}:1`);
      return value;
    });
    const [lo, hi] = i < j ? [i, j] : [j, i];
    if (!seen.has(`${lo}:${hi}`)) seen.set(`${lo}:${hi}`, i < j ? [i, j, x, y] : [j, i, y, x]);
  }
  const pairs = [...seen.values()];
  return {
    people,
    wave: Int32Array.from(users.rows, (row) => csvNumber(users, row, csvColumn(users, 'wave'))),
    offsets,
    sparse,
    dense,
    denseCount: ratings.length,
    pairs: pairs.length,
    a: Uint32Array.from(pairs, (p) => p[0]),
    b: Uint32Array.from(pairs, (p) => p[1]),
    decA: Uint8Array.from(pairs, (p) => p[2]),
    decB: Uint8Array.from(pairs, (p) => p[3]),
  };
}

/** Chance that a wants b again and b wants a, f64[pairs of `rows`][2]. */
type Chances = Float64Array;

export interface DatingRecipe {
  /** Length of the vectors that side information gives; 0: the additive baseline plus what side information adds by itself. */
  readonly dim: number;
  readonly steps: number;
  readonly rate: number;
  /** Ridge penalties: what is learned of one person; weights of side information; its vectors. */
  readonly personal: number;
  readonly linear: number;
  readonly bilinear: number;
  /** Whether side information is used at all. */
  readonly side: boolean;
  readonly seed: number;
}

export const datingRecipe: DatingRecipe = {
  dim: 4,
  steps: 400,
  rate: 0.05,
  personal: 0.5,
  linear: 6,
  bilinear: 60,
  side: true,
  seed: 7,
};

/** The additive baseline: logit = mean + how choosy i is + how wanted j is. */
export const additiveRecipe: DatingRecipe = { ...datingRecipe, dim: 0, side: false };

/**
 * Parameters in one list: mean, choosy[people], wanted[people], linear weights of i's and of j's side information, and the two matrices that
 * turn side information into vectors, [inputs][dim] each.
 */
export interface DatingModel {
  readonly recipe: DatingRecipe;
  readonly parameters: Float64Array;
}

const inputsOf = (d: SpeedDating): number => d.offsets[d.offsets.length - 1] - d.offsets[1] + d.denseCount;

/** Side information of everybody: 0/1 per kind, ratings centred; f64[people][inputs]. */
function sideInformation(d: SpeedDating): Float64Array {
  const inputs = inputsOf(d);
  const slots = d.offsets.length - 1;
  const x = new Float64Array(d.people * inputs);
  for (let p = 0; p < d.people; p++) {
    for (let s = 1; s < slots; s++) x[p * inputs + d.sparse[p * slots + s] - d.offsets[1]] = 1;
    for (let k = 0; k < d.denseCount; k++)
      x[(p + 1) * inputs - d.denseCount + k] = 2 * (d.dense[p * d.denseCount + k] - 0.6);
  }
  return x;
}

/** Where the parts of the parameter list begin. */
function layout(
  d: SpeedDating,
  dim: number,
): { choosy: number; wanted: number; linear: number; vectors: number; end: number } {
  const inputs = inputsOf(d);
  const choosy = 1;
  const wanted = choosy + d.people;
  const linear = wanted + d.people;
  const vectors = linear + 2 * inputs;
  return { choosy, wanted, linear, vectors, end: vectors + 2 * inputs * dim };
}

/**
 * Penalised negative log likelihood of the pairs `rows` and its gradient (into `gradient`, where given): logit = mean + choosy_i + wanted_j
 * + a . x_i + b . x_j + (A x_i) . (B x_j), x the side information.
 */
export function datingLoss(
  d: SpeedDating,
  { recipe, parameters: q }: DatingModel,
  rows: readonly number[],
  gradient?: Float64Array,
): number {
  const { dim, side } = recipe;
  const inputs = inputsOf(d);
  const at = layout(d, dim);
  const penalty = (k: number): number =>
    k === 0 ? 0 : k < at.linear ? recipe.personal : k < at.vectors ? recipe.linear : recipe.bilinear;
  let loss = 0;
  for (let k = 0; k < q.length; k++) {
    loss += 0.5 * penalty(k) * q[k] * q[k];
    if (gradient) gradient[k] = penalty(k) * q[k];
  }
  const parts = personParts(d, { recipe, parameters: q });
  const slopes = new Float64Array(parts.length);
  const width = 2 + 2 * dim;
  for (const row of rows)
    for (let w = 0; w < 2; w++) {
      const [i, j] = w === 0 ? [d.a[row], d.b[row]] : [d.b[row], d.a[row]];
      const y = w === 0 ? d.decA[row] : d.decB[row];
      const score = datingScore(q[0], parts, i, j, dim);
      loss += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - y * score;
      if (!gradient) continue;
      const e = 1 / (1 + Math.exp(-score)) - y;
      gradient[0] += e;
      slopes[i * width] += e;
      slopes[j * width + 1] += e;
      for (let f = 0; f < dim; f++) {
        slopes[i * width + 2 + f] += e * parts[j * width + 2 + dim + f];
        slopes[j * width + 2 + dim + f] += e * parts[i * width + 2 + f];
      }
    }
  if (!gradient) return loss;
  const x = sideInformation(d);
  for (let p = 0; p < d.people; p++) {
    gradient[at.choosy + p] += slopes[p * width];
    gradient[at.wanted + p] += slopes[p * width + 1];
    if (!side) continue;
    for (let k = 0; k < inputs; k++) {
      const v = x[p * inputs + k];
      if (v === 0) continue;
      gradient[at.linear + k] += v * slopes[p * width];
      gradient[at.linear + inputs + k] += v * slopes[p * width + 1];
      for (let f = 0; f < 2 * dim; f++)
        gradient[at.vectors + k * 2 * dim + f] += v * slopes[p * width + 2 + f];
    }
  }
  return loss;
}

/** Per person: choosy, wanted (side information included), vector as the one who looks, vector as the one looked at. */
function personParts(d: SpeedDating, { recipe: { dim, side }, parameters: q }: DatingModel): Float64Array {
  const inputs = inputsOf(d);
  const at = layout(d, dim);
  const width = 2 + 2 * dim;
  const parts = new Float64Array(d.people * width);
  const x = sideInformation(d);
  for (let p = 0; p < d.people; p++) {
    const to = p * width;
    parts[to] = q[at.choosy + p];
    parts[to + 1] = q[at.wanted + p];
    if (!side) continue;
    for (let k = 0; k < inputs; k++) {
      const v = x[p * inputs + k];
      if (v === 0) continue;
      parts[to] += v * q[at.linear + k];
      parts[to + 1] += v * q[at.linear + inputs + k];
      for (let f = 0; f < 2 * dim; f++) parts[to + 2 + f] += v * q[at.vectors + k * 2 * dim + f];
    }
  }
  return parts;
}

function datingScore(mean: number, parts: Float64Array, i: number, j: number, dim: number): number {
  const width = 2 + 2 * dim;
  let score = mean + parts[i * width] + parts[j * width + 1];
  for (let f = 0; f < dim; f++) score += parts[i * width + 2 + f] * parts[j * width + 2 + dim + f];
  return score;
}

/** Random vectors, all else 0. */
export function initDating(d: SpeedDating, recipe: DatingRecipe): DatingModel {
  const at = layout(d, recipe.dim);
  return {
    recipe,
    parameters: Float64Array.from({ length: at.end }, (_, k) =>
      k < at.vectors ? 0 : 0.1 * normal(recipe.seed, Stream.training, 300, k),
    ),
  };
}

/** Trains on the pairs `training` (Adam on the whole of them, Kingma and Ba, 2015) and gives the chances of `rows`. */
export function fitDates(
  d: SpeedDating,
  training: readonly number[],
  rows: readonly number[],
  recipe: DatingRecipe = datingRecipe,
): Chances {
  must(training.length > 0, 'there must be at least one pair to train on');
  const model = initDating(d, recipe);
  const { parameters } = model;
  const gradient = new Float64Array(parameters.length);
  const mean = new Float64Array(parameters.length);
  const square = new Float64Array(parameters.length);
  for (let step = 1; step <= recipe.steps; step++) {
    datingLoss(d, model, training, gradient);
    const rate = recipe.rate * 0.5 * (1 + Math.cos((Math.PI * step) / recipe.steps));
    for (let k = 0; k < parameters.length; k++) {
      mean[k] = 0.9 * mean[k] + 0.1 * gradient[k];
      square[k] = 0.99 * square[k] + 0.01 * gradient[k] ** 2;
      const fixed = Math.sqrt(square[k] / (1 - 0.99 ** step)) + 1e-8;
      parameters[k] -= (rate * mean[k]) / (1 - 0.9 ** step) / fixed;
    }
  }
  const parts = personParts(d, model);
  const chance = (i: number, j: number): number =>
    1 / (1 + Math.exp(-datingScore(parameters[0], parts, i, j, recipe.dim)));
  return Float64Array.from(rows.flatMap((k) => [chance(d.a[k], d.b[k]), chance(d.b[k], d.a[k])]));
}

export interface DatingFigures {
  /** AUROC of one side's decision, and of both wanting each other (the product of the two chances). */
  readonly decision: number;
  readonly mutual: number;
}

export function judgeDates(d: SpeedDating, rows: readonly number[], chances: Chances): DatingFigures {
  return {
    decision: auroc(
      chances,
      rows.flatMap((k) => [d.decA[k], d.decB[k]]),
    ),
    mutual: auroc(
      rows.map((_, r) => chances[2 * r] * chances[2 * r + 1]),
      rows.map((k) => d.decA[k] * d.decB[k]),
    ),
  };
}

/** Which of `folds` folds a pair falls into, by a hash of the two people. */
export function foldOf(d: SpeedDating, pair: number, folds: number, seed: number): number {
  return hash4(seed, d.a[pair], d.b[pair], 0xf01d) % folds;
}
