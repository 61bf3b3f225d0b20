import { recordChats, sampleScenario } from '../../model/train/record.ts';
import { splitByTime } from '../../model/train/chat-log.ts';
import { towerMetrics, trainTowerModel as train } from '../../model/train/train-towers.ts';
import { towerRecipe } from '../../model/layout/recipes.ts';
import type { CurvePoint } from '../../model/layout/weights-file.ts';
import { saveTower, type TowerHeader } from '../../model/layout/save-towers.ts';

/**
 * Seeds of the worlds that train and of the world that evaluates; length of an evening in ticks.
 */
const trainingSeeds = [1001, 1002, 1003, 1004, 1005];
const freshSeed = 2001;
const ticks = 2400;
/** The last tenth of every evening is used for validation only. */
const trainShare = 0.9;

/** Trains the shipped two-tower scorer. */
export async function trainTowers(
  say: (text: string) => void,
  { steps = towerRecipe.steps, seed = towerRecipe.seed },
): Promise<{ bytes: Uint8Array; header: TowerHeader; curve: readonly CurvePoint[] }> {
  const log = await recordChats({ seeds: trainingSeeds, ticks, progress: say });
  const { before, after } = splitByTime(log, trainShare);
  const fresh = await recordChats({ seeds: [freshSeed], ticks, progress: say });
  const recipe = { ...towerRecipe, steps, seed };
  const { fitted, curve } = await train(before, after, recipe, {
    every: 50,
    point: ({ step, loss, validation }) =>
      say(`towers, step ${step} of ${steps}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`),
  });
  const metrics = { ...towerMetrics(fitted, after, 'later'), ...towerMetrics(fitted, fresh, 'fresh') };
  const saved = saveTower(fitted.tower, {
    ...fitted,
    recipe: {
      ...recipe,
      scenario: sampleScenario,
      trainingSeeds,
      freshSeed,
      ticks,
      trainShare,
      chats: before.count,
      backend: 'wasm',
    },
    metrics,
  });
  return { ...saved, curve };
}
