import { recordChats, sampleScenario } from '../experiment/record.ts';
import { splitByTime } from '../model/chat-log.ts';
import { fitTowers, judgeChats, predictChats, towerRecipe } from '../model/fit-towers.ts';
import { saveTower, type TowerHeader } from '../model/towers.ts';

/** Worlds whose chats train; the world that judges; length of an evening in ticks. */
const trainingSeeds = [1001, 1002, 1003, 1004, 1005];
const freshSeed = 2001;
const ticks = 2400;
/** The last tenth of every evening only validates. */
const trainShare = 0.9;

export interface CurveOfTowers {
  readonly step: number;
  readonly loss: number;
  readonly validation: number;
}

/** Trains the two-tower scorer as it is shipped. */
export async function trainTowers(
  say: (text: string) => void,
  { steps = towerRecipe.steps, seed = towerRecipe.seed },
): Promise<{ bytes: Uint8Array; header: TowerHeader; curve: readonly CurveOfTowers[] }> {
  const log = await recordChats({ seeds: trainingSeeds, ticks, progress: say });
  const { before, after } = splitByTime(log, trainShare);
  const fresh = await recordChats({ seeds: [freshSeed], ticks, progress: say });
  const recipe = { ...towerRecipe, steps, seed };
  const curve: CurveOfTowers[] = [];
  const training = fitTowers(before, after, recipe, { every: 50 });
  let result = await training.next();
  for (; !result.done; result = await training.next()) {
    const { step, loss, validation } = result.value;
    curve.push({ step, loss, validation });
    say(`towers, step ${step} of ${steps}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`);
  }
  const fitted = result.value;
  const later = judgeChats(predictChats(fitted, after), after);
  const elsewhere = judgeChats(predictChats(fitted, fresh), fresh);
  const metrics = {
    ...Object.fromEntries(Object.entries(later).map(([k, v]) => [`later_${k}`, v as number])),
    ...Object.fromEntries(Object.entries(elsewhere).map(([k, v]) => [`fresh_${k}`, v as number])),
  };
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
