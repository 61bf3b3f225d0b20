import type { TowerRecipe } from '../layout/recipes.ts';
import { saveTower, type TowerHeader } from '../layout/save-towers.ts';
import type { CurvePoint, WeightsFile } from '../layout/weights-file.ts';
import { selectChats, type ChatLog } from './chat-log.ts';
import { predictChatsByTowers } from './family/predict.ts';
import { fitTowers, judgeChats, predictChats, type FittedTower } from './fit-towers.ts';
import { judgeOn, recipeOf, type TrainingData } from './train-family.ts';
import { followTraining, type TrainingHooks } from './trainer.ts';

export interface TowerHooks extends TrainingHooks {
  /** A new point of the curve, and all steps. */
  readonly point?: (point: CurvePoint, steps: number) => void;
  /** Points before the checkpoint of `resume`. */
  readonly curve?: readonly CurvePoint[];
}

/** Trains the two towers on `training`; the chats of `validation` do not train. */
export async function trainTowerModel(
  training: ChatLog,
  validation: ChatLog,
  recipe: TowerRecipe,
  { point, curve: before = [], ...hooks }: TowerHooks = {},
): Promise<{ fitted: FittedTower; curve: readonly CurvePoint[] }> {
  const curve = [...before];
  const fitted = await followTraining(fitTowers(training, validation, recipe, hooks), curve, point);
  return { fitted, curve };
}

/** Figures of towers on a log that did not train them. Their names begin with `prefix`. */
export function towerMetrics(fitted: FittedTower, log: ChatLog, prefix: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(judgeChats(predictChats(fitted, log), log)).map(([name, value]) => [
      `${prefix}_${name}`,
      value as number,
    ]),
  );
}

/** Trains the two towers on recorded evenings and judges them on the later chats. */
export async function trainTowersOn(
  data: TrainingData,
  recipe: TowerRecipe,
  hooks: TowerHooks = {},
): Promise<WeightsFile<TowerHeader> & { curve: readonly CurvePoint[] }> {
  const { sessions, split } = data;
  const { fitted, curve } = await trainTowerModel(
    selectChats(sessions.log, split.train),
    selectChats(sessions.log, split.validation),
    recipe,
    hooks,
  );
  const metrics = judgeOn(data, predictChatsByTowers(fitted, sessions, split.test));
  const saved = saveTower(fitted.tower, {
    ...fitted,
    recipe: { ...recipe, ...recipeOf(data), backend: hooks.device ?? 'wasm' },
    metrics,
  });
  return { ...saved, curve };
}
