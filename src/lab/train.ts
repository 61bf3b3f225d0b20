import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { LabError } from '../base/errors.ts';
import { splitByTime } from '../model/chat-log.ts';
import { fitTowers, judgeChats, predictChats, towerRecipe } from '../model/fit-towers.ts';
import { saveTower } from '../model/towers.ts';
import type { Command } from './command.ts';
import { modelFolder } from './load-model.ts';
import { recordChats, sampleScenario } from './record.ts';

const usage = `lab train towers [options]

Lets people meet at random in several small worlds, trains the two-tower scorer on the chats, and writes the weights.

  --steps N    training steps; default ${towerRecipe.steps}
  --seed S     starting weights and order of the batches; default ${towerRecipe.seed}
  --out DIR    where towers.bin and towers.json go; default public/models
  --json       one JSON object: recipe, metrics, bytes, hash, seconds`;

/** Worlds whose chats train; the world that judges; length of an evening in ticks. */
const trainingSeeds = [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008];
const freshSeed = 2001;
const ticks = 1500;
/** The last tenth of every evening only validates. */
const trainShare = 0.9;

export const command: Command = {
  name: 'train',
  summary: 'trains a scorer and writes its weights',
  usage,
  async run(args) {
    const { steps, seed, out } = readArguments(args);
    const say = (text: string) => process.stderr.write(`${text}\n`);
    const began = Date.now();
    const log = await recordChats({ seeds: trainingSeeds, ticks, progress: say });
    const { before, after } = splitByTime(log, trainShare);
    const fresh = await recordChats({ seeds: [freshSeed], ticks, progress: say });

    const recipe = { ...towerRecipe, steps, seed };
    const training = fitTowers(before, after, recipe, { every: 100 });
    let result = await training.next();
    for (; !result.done; result = await training.next()) {
      const { step, loss, validation } = result.value;
      say(`step ${step} of ${steps}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`);
    }
    const fitted = result.value;
    const later = judgeChats(predictChats(fitted, after), after);
    const elsewhere = judgeChats(predictChats(fitted, fresh), fresh);
    const metrics = {
      ...Object.fromEntries(Object.entries(later).map(([k, v]) => [`later_${k}`, v as number])),
      ...Object.fromEntries(Object.entries(elsewhere).map(([k, v]) => [`fresh_${k}`, v as number])),
    };
    const { bytes, header } = saveTower(fitted.tower, {
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
    await mkdir(out, { recursive: true });
    await writeFile(new URL('towers.bin', out), bytes);
    await writeFile(new URL('towers.json', out), `${JSON.stringify(header, null, 2)}\n`);
    return {
      recipe: header.recipe,
      metrics,
      bytes: bytes.length,
      hash: header.hash,
      seconds: (Date.now() - began) / 1000,
    };
  },
  print(result) {
    const metrics = result.metrics as Record<string, number>;
    const lines = Object.entries(metrics).map(([name, value]) => `${name.padEnd(24)}${value.toPrecision(5)}`);
    return [...lines, `${String(result.bytes)} bytes, hash ${String(result.hash)}`].join('\n');
  },
};

function readArguments(args: readonly string[]): { steps: number; seed: number; out: URL } {
  const [what, ...rest] = args;
  if (what !== 'towers')
    throw new LabError(`lab train knows how to train: towers; it was asked for ${what ?? 'nothing'}`);
  let { steps, seed } = towerRecipe;
  let out = modelFolder;
  for (let k = 0; k < rest.length; k += 2) {
    const [name, value] = [rest[k], rest[k + 1]];
    if (value === undefined) throw new LabError(`${name} wants a value`);
    if (name === '--out') {
      out = pathToFileURL(value.endsWith('/') ? value : `${value}/`);
      continue;
    }
    const number = Number(value);
    if (!Number.isInteger(number) || number < 0)
      throw new LabError(`${name} must be a whole number from 0; it is ${value}`);
    if (name === '--steps') steps = number;
    else if (name === '--seed') seed = number;
    else throw new LabError(`unknown option ${name}; there are --steps, --seed, --out, --json`);
  }
  return { steps, seed, out };
}
