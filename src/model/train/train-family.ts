import { family, type FamilyConfig, type FamilyName } from '../layout/config.ts';
import {
  factorDefaults,
  loadFactors,
  saveFactors,
  type FactorConfig,
  type FactorHeader,
} from '../layout/save-factors.ts';
import { saveFamily, type FamilyHeader } from '../layout/save-family.ts';
import type { CurvePoint, WeightsFile } from '../layout/weights-file.ts';
import { fitFactors, predictChatsByFactors } from './family/factors.ts';
import { fitFamily, splitRows, type FamilyFitOptions, type TimeSplit } from './family/fit-family.ts';
import { personSessions, type PersonSessions } from './family/person-sessions.ts';
import { predictFamily, type Predictions } from './family/predict.ts';
import { judgeDefaults, judgeFamily } from './judge-family.ts';
import { recordChats, sampleScenario } from './record.ts';
import { followTraining } from './trainer.ts';

export interface TrainingEvenings {
  readonly seeds: readonly number[];
  readonly ticks: number;
  /** Share of the evenings, by time, that trains. */
  readonly share: number;
}

/** The chats of the evenings, split by time. */
export interface TrainingData extends TrainingEvenings {
  readonly sessions: PersonSessions;
  readonly split: TimeSplit;
}

export async function recordTrainingData(
  evenings: TrainingEvenings,
  say: (text: string) => void,
): Promise<TrainingData> {
  const sessions = personSessions(await recordChats({ ...evenings, progress: say }));
  return { ...evenings, sessions, split: splitRows(sessions, evenings.share) };
}

export const recipeOf = ({ seeds, ticks, share, split }: TrainingData): Record<string, unknown> => ({
  scenario: sampleScenario,
  seeds,
  ticks,
  share,
  chats: split.train.length,
  backend: 'wasm',
});

/** Mean squared error and AUROC on the later chats, all and by segment: the metrics of a header. */
export function judgeOn({ sessions, split }: TrainingData, predictions: Predictions): Record<string, number> {
  const figures = judgeFamily(sessions, split.test, predictions, { ...judgeDefaults, replicates: 0 });
  return Object.fromEntries(
    figures.flatMap((f) => [
      [`${f.segment} chats`, f.chats],
      [`${f.segment} mse`, f.mse.estimate],
      [`${f.segment} auroc`, f.auroc.estimate],
    ]),
  );
}

/** Trains a member of the family on recorded evenings. */
export function trainMember(
  name: FamilyName,
  data: TrainingData,
  say: (text: string) => void,
  change: Partial<FamilyConfig> = {},
): Promise<WeightsFile<FamilyHeader>> {
  return trainConfig(name, { ...family[name], ...change }, data, {
    every: 100,
    point: ({ phase, step, loss, validation }, steps) =>
      say(
        `${name}, phase ${phase}, step ${step} of ${steps}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`,
      ),
  });
}

export interface TrainHooks extends FamilyFitOptions {
  /** A new point of the curve, and the steps in its phase. */
  readonly point?: (point: CurvePoint, steps: number) => void;
  /** Points before the checkpoint of `resume`. */
  readonly curve?: readonly CurvePoint[];
  /** Added to the header's recipe. */
  readonly recipe?: Readonly<Record<string, unknown>>;
}

/** Trains any configuration of the family and judges it on the later chats. */
export async function trainConfig(
  name: string,
  config: FamilyConfig,
  data: TrainingData,
  { point, curve: before = [], recipe = {}, ...options }: TrainHooks,
): Promise<WeightsFile<FamilyHeader>> {
  const { sessions, split } = data;
  const curve = [...before];
  const training = fitFamily(config, sessions, split, options);
  const { embedders, heads, memory } = await followTraining(training, curve, point);
  const metrics = judgeOn(data, predictFamily(config, heads, sessions, memory, split.test));
  return saveFamily(
    name,
    config,
    { embedders: embedders.params, heads },
    { recipe: { ...recipeOf(data), ...recipe }, metrics, curve },
  );
}

/** Trains matrix factorisation on recorded evenings. `point`: every epoch, awaited. */
export async function trainFactors(
  data: TrainingData,
  say: (text: string) => void,
  change: Partial<FactorConfig> = {},
  point?: (point: CurvePoint) => Promise<void> | void,
): Promise<WeightsFile<FactorHeader>> {
  const { sessions, split } = data;
  const config = { ...factorDefaults, ...change };
  const curve: CurvePoint[] = [];
  const training = fitFactors(sessions.log, split.train, config, split.validation);
  const factors = await followTraining(training, curve, async (next) => {
    await point?.(next);
    const { step, loss, validation } = next;
    say(
      `factors, epoch ${step} of ${config.epochs}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`,
    );
  });
  const about = { recipe: recipeOf(data), metrics: {}, curve };
  // Judge the weights as they will be read: rounded to bytes.
  const { bytes, header } = saveFactors(config, factors, about);
  const metrics = judgeOn(data, predictChatsByFactors(loadFactors(bytes, header), sessions, split.test));
  return saveFactors(config, factors, { ...about, metrics });
}
