import type { ChatLog } from './chat-log.ts';
import { selectChats } from './chat-log.ts';
import type { CurvePoint } from '../layout/weights-file.ts';
import { fitTowers, judgeChats, predictChats, type FittedTower, type TowerFigures } from './fit-towers.ts';
import type { TowerRecipe } from '../layout/recipes.ts';
import type { TrainOptions } from './trainer.ts';
import { saveTower, type TowerHeader } from '../layout/save-towers.ts';
import { judgeOn, recipeOf, rounded, type TrainingData } from './train-family.ts';

export interface TowerHooks extends Partial<
  Pick<TrainOptions, 'signal' | 'resume' | 'device' | 'every' | 'stepped' | 'keep'>
> {
  /** A new point of the curve, and steps in all. */
  readonly point?: (point: CurvePoint, steps: number) => void;
  /** Points before the checkpoint of `resume`. */
  readonly curve?: readonly CurvePoint[];
}

/** Trains the two towers on `training`; `validation` is only looked at. Returns them with their curve. */
export async function trainTowerModel(
  training: ChatLog,
  validation: ChatLog,
  recipe: TowerRecipe,
  { point, curve: before = [], ...options }: TowerHooks = {},
): Promise<{ fitted: FittedTower; curve: readonly CurvePoint[] }> {
  const curve = [...before];
  const fit = fitTowers(training, validation, recipe, options);
  let result = await fit.next();
  for (; !result.done; result = await fit.next()) {
    const { step, steps, loss, validation: later } = result.value;
    const next = { phase: 1, step, loss: rounded(loss), validation: rounded(later) } as const;
    curve.push(next);
    point?.(next, steps);
  }
  return { fitted: result.value, curve };
}

/** Figures of towers on a log that they were not trained on, their names behind a prefix. */
export function towerMetrics(fitted: FittedTower, log: ChatLog, prefix: string): Record<string, number> {
  const figures: TowerFigures = judgeChats(predictChats(fitted, log), log);
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value as number]),
  );
}

/** Trains the two towers on recorded evenings, judges them on the later chats as the family is judged, and returns their two files. */
export async function trainTowersOn(
  material: TrainingData,
  recipe: TowerRecipe,
  hooks: TowerHooks = {},
): Promise<{ bytes: Uint8Array; header: TowerHeader; curve: readonly CurvePoint[] }> {
  const { sessions, split } = material;
  const { fitted, curve } = await trainTowerModel(
    selectChats(sessions.log, split.train),
    selectChats(sessions.log, split.validation),
    recipe,
    hooks,
  );
  const sides = predictChats(fitted, selectChats(sessions.log, split.test));
  const metrics = judgeOn(material, {
    duration: Float64Array.from(split.test, (_, k) => (sides[2 * k] + sides[2 * k + 1]) / 2),
    chance: {},
  });
  const saved = saveTower(fitted.tower, {
    ...fitted,
    recipe: { ...recipe, ...recipeOf(material), backend: hooks.device ?? 'wasm' },
    metrics,
  });
  return { ...saved, curve };
}
