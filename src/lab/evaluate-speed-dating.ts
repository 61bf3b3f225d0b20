import { readFile } from 'node:fs/promises';
import { decodeUtf8, parseCsv, type CsvFile } from '../base/csv.ts';
import { LabError } from '../base/errors.ts';
import {
  additiveRecipe,
  datingRecipe,
  fitDates,
  foldOf,
  judgeDates,
  readSpeedDating,
  type DatingFigures,
  type DatingRecipe,
  type SpeedDating,
} from '../model/speed-dating.ts';

const FOLDS = 5;
const SEED = 1;

async function read(file: string): Promise<CsvFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new LabError(
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      file,
    );
  }
  return parseCsv(decodeUtf8(bytes, file), file);
}

/** `lab evaluate speed-dating`: figures as means over folds. */
export async function evaluateSpeedDating(files: readonly string[]): Promise<Record<string, unknown>> {
  const d = readSpeedDating(await read(files[0]), await read(files[1]));
  const pairs = Array.from({ length: d.pairs }, (_, k) => k);
  const byPair = (k: number): number => foldOf(d, k, FOLDS, SEED);
  const waves = [...new Set(d.wave)].sort((a, b) => a - b);
  const byWave = (k: number): number => waves.indexOf(d.wave[d.a[k]]) % FOLDS;
  const model = crossValidate(d, pairs, byPair, datingRecipe);
  const additive = crossValidate(d, pairs, byPair, additiveRecipe);
  const unseenWaves = crossValidate(d, pairs, byWave, datingRecipe);
  const matchRate = pairs.reduce((sum, k) => sum + d.decA[k] * d.decB[k], 0) / d.pairs;
  const line = (name: string, f: DatingFigures) =>
    `${name.padEnd(28)}decision ${f.decision.toFixed(4)}  mutual ${f.mutual.toFixed(4)}`;
  return {
    people: d.people,
    pairs: d.pairs,
    matchRate,
    folds: FOLDS,
    model,
    additive,
    unseenWaves,
    lines: [
      `${d.people} people, ${d.pairs} pairs, match rate ${matchRate.toFixed(4)}; AUROC, mean of ${FOLDS} folds`,
      line('additive (ids)', additive),
      line('with side information', model),
      line('unseen waves (no ids)', unseenWaves),
    ],
  };
}

function crossValidate(
  d: SpeedDating,
  pairs: readonly number[],
  fold: (pair: number) => number,
  recipe: DatingRecipe,
): DatingFigures {
  const figures = Array.from({ length: FOLDS }, (_, f) => {
    const judged = pairs.filter((k) => fold(k) === f);
    return judgeDates(
      d,
      judged,
      fitDates(
        d,
        pairs.filter((k) => fold(k) !== f),
        judged,
        recipe,
      ),
    );
  });
  const mean = (of: keyof DatingFigures): number => figures.reduce((sum, f) => sum + f[of], 0) / FOLDS;
  return { decision: mean('decision'), mutual: mean('mutual') };
}
