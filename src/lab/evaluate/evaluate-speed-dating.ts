import type { CsvFile } from '../../base/text/csv.ts';
import { defineCommand, type Say } from '../cli/command.ts';
import { readTableFile } from '../cli/files.ts';
import { printLines } from './print-lines.ts';
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

export const command = defineCommand({
  arguments: ['USERS.csv', 'DATES.csv'],
  about: `AUROC of one side's decision and of both, over five folds by pair, against the additive baseline,
and on waves that were not seen. The baseline gets its best penalty by inner folds; intervals
resample whole waves.`,
  options: {},
  run: ({ arguments: files, say }) => evaluateSpeedDating(files, say),
  print: printLines,
});

async function read(path: string): Promise<CsvFile> {
  return readTableFile(path);
}

type Intervals = Record<keyof DatingFigures, BootstrapInterval>;
const intervals = (d: SpeedDating, of: CrossValidation, than?: CrossValidation): Intervals => ({
  decision: datingInterval(d, 'decision', of.chances, than?.chances),
  mutual: datingInterval(d, 'mutual', of.chances, than?.chances),
});

/** Figures are means over folds, intervals are over waves. */
async function evaluateSpeedDating(files: readonly string[], say: Say) {
  const d = readSpeedDating(await read(files[0]), await read(files[1]));
  const pairs = { folds: FOLDS, of: byPair(d, FOLDS, SEED) };
  const innerPairs = { folds: INNER_FOLDS, of: byPair(d, INNER_FOLDS, SEED + 1) };
  const progress = (name: string) => (done: number) => say(`${name}: fold ${done} of ${FOLDS}`);
  const additive = crossValidate(d, pairs, innerPairs, additiveCandidates, progress('additive'));
  const model = crossValidate(d, pairs, innerPairs, [datingRecipe], progress('with side information'));
  const waves = { folds: FOLDS, of: byWave(d, FOLDS) };
  const unseenWaves = crossValidate(d, waves, waves, [datingRecipe], progress('unseen waves'));
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
      `${d.people} people, ${d.pairs} pairs, match rate ${matchRate.toFixed(4)}; AUROC, mean of ${FOLDS} folds; the baseline's penalty is chosen on ${INNER_FOLDS} inner folds, the model's recipe is fixed`,
      line('additive (ids)', additive.mean),
      line('with side information', model.mean),
      `${'  above additive, 95 %'.padEnd(28)}decision ${range(above.decision)}  mutual ${range(above.mutual)} (whole waves resampled)`,
      line('unseen waves (no ids)', unseenWaves.mean),
      `${'  95 %'.padEnd(28)}decision ${range(cold.decision)}  mutual ${range(cold.mutual)} (whole waves resampled)`,
    ],
  };
}
