import { readFile } from 'node:fs/promises';
import { LabError } from '../../base/errors.ts';
import { readCsv, type CsvFile } from '../../base/text/csv.ts';
import type { BootstrapInterval } from '../../metrics/inference/bootstrap.ts';
import { datingRecipe } from '../../model/study/dating/fit.ts';
import { readSpeedDating, type SpeedDating } from '../../model/study/dating/data.ts';
import {
  additiveCandidates,
  byPair,
  byWave,
  crossValidate,
  datingInterval,
  type CrossValidation,
  type DatingFigures,
} from '../../model/study/dating/judge.ts';

const FOLDS = 5;
const INNER_FOLDS = 3;
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
  return readCsv(bytes, file);
}

type Intervals = Record<keyof DatingFigures, BootstrapInterval>;
const intervals = (d: SpeedDating, of: CrossValidation, than?: CrossValidation): Intervals => ({
  decision: datingInterval(d, 'decision', of.chances, than?.chances),
  mutual: datingInterval(d, 'mutual', of.chances, than?.chances),
});

/** `lab evaluate speed-dating`: figures as means over folds, intervals over waves. */
export async function evaluateSpeedDating(
  files: readonly string[],
  say: (text: string) => void = () => undefined,
): Promise<Record<string, unknown>> {
  const d = readSpeedDating(await read(files[0]), await read(files[1]));
  const pairs = { folds: FOLDS, of: byPair(d, FOLDS, SEED) };
  const innerPairs = { folds: INNER_FOLDS, of: byPair(d, INNER_FOLDS, SEED + 1) };
  const told = (name: string) => (done: number) => say(`${name}: fold ${done} of ${FOLDS}`);
  const additive = crossValidate(d, pairs, innerPairs, additiveCandidates, told('additive'));
  const model = crossValidate(d, pairs, innerPairs, [datingRecipe], told('with side information'));
  const waves = { folds: FOLDS, of: byWave(d, FOLDS) };
  const unseenWaves = crossValidate(d, waves, waves, [datingRecipe], told('unseen waves'));
  const matchRate = Array.from(d.decA).reduce((sum, x, k) => sum + x * d.decB[k], 0) / d.pairs;
  const above = intervals(d, model, additive);
  const cold = intervals(d, unseenWaves);
  const line = (name: string, f: DatingFigures) =>
    `${name.padEnd(28)}decision ${f.decision.toFixed(4)}  mutual ${f.mutual.toFixed(4)}`;
  const range = (i: BootstrapInterval) => `${i.low.toFixed(4)} to ${i.high.toFixed(4)}`;
  return {
    people: d.people,
    pairs: d.pairs,
    matchRate,
    folds: FOLDS,
    model: model.mean,
    additive: additive.mean,
    unseenWaves: unseenWaves.mean,
    /** Pooled over folds, 95 % over waves. */
    intervals: { model: intervals(d, model), additive: intervals(d, additive), unseenWaves: cold, above },
    recipes: { model: datingRecipe, additive: additive.folds.map((f) => f.recipe) },
    lines: [
      `${d.people} people, ${d.pairs} pairs, match rate ${matchRate.toFixed(4)}; AUROC, mean of ${FOLDS} folds; the baseline's penalty is chosen on ${INNER_FOLDS} inner folds, the other's recipe is fixed`,
      line('additive (ids)', additive.mean),
      line('with side information', model.mean),
      `${'  above additive, 95 %'.padEnd(28)}decision ${range(above.decision)}  mutual ${range(above.mutual)} (whole waves drawn)`,
      line('unseen waves (no ids)', unseenWaves.mean),
      `${'  95 %'.padEnd(28)}decision ${range(cold.decision)}  mutual ${range(cold.mutual)} (whole waves drawn)`,
    ],
  };
}
