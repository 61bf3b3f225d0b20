import { recordChats, sampleScenario } from './record.ts';
import { family, type FamilyConfig, type FamilyName } from '../layout/config.ts';
import { judgeDefaults, judgeFamily } from './judge-family.ts';
import { fitFactors, predictChatsByFactors } from './family/factors.ts';
import {
  factorDefaults,
  type FactorConfig,
  loadFactors,
  saveFactors,
  type FactorHeader,
} from '../layout/save-factors.ts';
import {
  fitFamily,
  splitRows,
  type TrainingCost,
  type FamilyFitOptions,
  type TimeSplit,
} from './family/fit-family.ts';
import { predictFamily, type Predictions } from './family/predict.ts';
import { saveFamily, type FamilyHeader } from '../layout/save-family.ts';
import type { CurvePoint, WeightsFile } from '../layout/weights-file.ts';
import { personSessions, type PersonSessions } from './family/person-sessions.ts';

export interface TrainingEvenings {
  readonly seeds: readonly number[];
  readonly ticks: number;
  readonly share: number;
}

export interface TrainingData extends TrainingEvenings {
  readonly sessions: PersonSessions;
  readonly split: TimeSplit;
}

/** The chats of the evenings, split by time. */
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

/** Figures on the later chats that go into the header: mean squared error and AUROC, all and by segment. */
function metricsOf(figures: ReturnType<typeof judgeFamily>): Record<string, number> {
  return Object.fromEntries(
    figures.flatMap((f) => [
      [`${f.segment} chats`, f.chats],
      [`${f.segment} mse`, f.mse.estimate],
      [`${f.segment} auroc`, f.auroc.estimate],
    ]),
  );
}

const unresampled = { ...judgeDefaults, replicates: 0 };

/** Trains a member of the family on recorded evenings. `every`: steps between two points of the curve. */
export function trainMember(
  name: FamilyName,
  material: TrainingData,
  say: (text: string) => void,
  change: Partial<FamilyConfig> = {},
  every = 100,
): Promise<WeightsFile<FamilyHeader>> {
  return trainConfig(name, { ...family[name], ...change }, material, {
    every,
    point: ({ phase, step, loss, validation }, steps) =>
      say(
        `${name}, phase ${phase}, step ${step} of ${steps}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`,
      ),
  });
}

export interface TrainHooks extends FamilyFitOptions {
  /** A new point of the curve, and steps in its phase. */
  readonly point?: (point: CurvePoint, steps: number) => void;
  /** Points before the checkpoint of `resume`. */
  readonly curve?: readonly CurvePoint[];
  /** Goes into the header beside what the evenings say. */
  readonly recipe?: Readonly<Record<string, unknown>>;
}

/** Trains any configuration of the family, judges it on the later chats, and returns its two files and what it cost. */
export async function trainConfig(
  name: string,
  config: FamilyConfig,
  material: TrainingData,
  { point, curve: before = [], recipe = {}, ...options }: TrainHooks,
): Promise<WeightsFile<FamilyHeader> & { readonly cost: TrainingCost }> {
  const { sessions, split } = material;
  const curve: CurvePoint[] = [...before];
  const training = fitFamily(config, sessions, split, options);
  let result = await training.next();
  for (; !result.done; result = await training.next()) {
    const { phase, step, steps, loss, validation } = result.value;
    const next = { phase, step, loss: rounded(loss), validation: rounded(validation) };
    curve.push(next);
    point?.(next, steps);
  }
  const { embedders, heads, memory, cost } = result.value;
  const metrics = judgeOn(material, predictFamily(config, heads, sessions, memory, split.test));
  const saved = saveFamily(
    name,
    config,
    { embedders: embedders.params, heads },
    { recipe: { ...recipeOf(material), ...recipe }, metrics, curve },
  );
  return { ...saved, cost };
}

/** Trains matrix factorisation on recorded evenings. */
export async function trainFactors(
  material: TrainingData,
  say: (text: string) => void,
  change: Partial<FactorConfig> = {},
  /** Told of every epoch; what it returns is waited for, what it throws ends the training. */
  point?: (point: CurvePoint) => Promise<void> | void,
): Promise<WeightsFile<FactorHeader>> {
  const { sessions, split } = material;
  const config = { ...factorDefaults, ...change };
  const curve: CurvePoint[] = [];
  const fit = fitFactors(sessions.log, split.train, config, split.validation);
  let result = fit.next();
  for (; !result.done; result = fit.next()) {
    const { loss, validation } = result.value;
    const next = {
      phase: 1,
      step: curve.length + 1,
      loss: rounded(loss),
      validation: rounded(validation),
    } as const;
    curve.push(next);
    await point?.(next);
    say(
      `factors, epoch ${next.step} of ${config.epochs}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`,
    );
  }
  const about = { recipe: recipeOf(material), metrics: {}, curve };
  // Judged as it will be read: from bytes.
  const { bytes, header } = saveFactors(config, result.value, about);
  const metrics = judgeOn(material, predictChatsByFactors(loadFactors(bytes, header), sessions, split.test));
  return saveFactors(config, result.value, { ...about, metrics });
}

/** Figures of predictions for the later chats, as they stand in a header. */
export function judgeOn({ sessions, split }: TrainingData, predictions: Predictions): Record<string, number> {
  return metricsOf(judgeFamily(sessions, split.test, predictions, unresampled));
}

/** Six digits are enough of a curve, and keep headers small. */
export const rounded = (x: number): number => Number(x.toPrecision(6));
