import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { LabError } from '../../base/errors.ts';
import { towerRecipe, familyRecipe, fileOf, shippedNames } from '../../model/layout/recipes.ts';
import { family, type FamilyConfig, type FamilyName } from '../../model/layout/config.ts';
import { hashBytes } from '../../model/layout/weights-file.ts';
import type { Command } from '../command.ts';
import { modelFolder } from './load-model.ts';
import { wholeOption, numberOption, type Options } from '../options.ts';
import {
  recordTrainingData,
  trainFactors,
  trainMember,
  type TrainingData,
} from '../../model/train/train-family.ts';
import { trainTowers } from './train-towers.ts';

const names: readonly string[] = ['factors', ...shippedNames, 'towers'];

const usage = `lab train MODEL [options]

Lets people meet at random in several small worlds, trains a model on the chats, and writes its weights (MODEL.bin) with recipe, figures and
curves (MODEL.json). The same recipe gives the same file.

  MODEL        ${names.join('; ')}
               or all
  --seed S     starting weights and order of the batches; default ${towerRecipe.seed}
  --out DIR    where the files go; default public/models
  --steps N    towers only: training steps; default ${towerRecipe.steps}
  --worlds N   the family: evenings to train on; default ${familyRecipe.seeds.length}
  --ticks T    the family: length of an evening; default ${familyRecipe.ticks}
  --epochs N   the family: passes over the training chats, in either phase
  --rare N     the family, phase 2: draw chats with a report or friend request N times as often; default 1
  --frequent P the family, phase 2: draw only this share of all other chats; default 1
  --json       one JSON object: per model recipe, metrics, curve, bytes, hash, seconds`;

interface TrainedModel {
  readonly model: string;
  readonly recipe: unknown;
  readonly metrics: Readonly<Record<string, number>>;
  readonly curve: readonly unknown[];
  readonly bytes: number;
  readonly hash: string;
  /** Wall clock and processor, recording left out. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export const command: Command = {
  name: 'train',
  summary: 'trains a scorer and writes its weights',
  usage,
  async run(args) {
    const { models, out, options } = readArguments(args);
    const say = (text: string) => process.stderr.write(`${text}\n`);
    await mkdir(out, { recursive: true });
    const change = changeOf(options);
    let material: TrainingData | undefined;
    const recorded = async (): Promise<TrainingData> =>
      (material ??= await recordTrainingData(
        {
          seeds: Array.from(
            { length: wholeOption(options, 'worlds', familyRecipe.seeds.length, 1, 50) },
            (_, k) => familyRecipe.seeds[0] + k,
          ),
          ticks: wholeOption(options, 'ticks', familyRecipe.ticks, 300, 100_000),
          share: familyRecipe.share,
        },
        say,
      ));
    const trained: TrainedModel[] = [];
    for (const model of models) {
      const family = model === 'towers' ? undefined : await recorded();
      const began = Date.now();
      const cpu = process.cpuUsage();
      const result = await trainOne(model, family, options, change, say);
      const { user, system } = process.cpuUsage(cpu);
      await writeFile(new URL(`${fileOf(model)}.bin`, out), result.bytes);
      await writeFile(
        new URL(`${fileOf(model)}.json`, out),
        `${JSON.stringify(result.header, null, model === 'towers' ? 2 : 1)}\n`,
      );
      trained.push({
        model,
        recipe: result.header.recipe,
        metrics: result.header.metrics,
        curve: 'curve' in result ? result.curve : result.header.curve,
        bytes: result.bytes.length,
        hash: hashBytes(result.bytes),
        seconds: (Date.now() - began) / 1000,
        cpuSeconds: (user + system) / 1e6,
      });
    }
    return { models: trained };
  },
  print(result) {
    return (result.models as TrainedModel[])
      .flatMap((m) => [
        m.model,
        ...Object.entries(m.metrics).map(([name, value]) => `  ${name.padEnd(24)}${value.toPrecision(5)}`),
        `  ${m.bytes} bytes, hash ${m.hash}; ${m.seconds.toFixed(0)} s (${m.cpuSeconds.toFixed(0)} s of processor)`,
      ])
      .join('\n');
  },
};

function trainOne(
  model: string,
  material: TrainingData | undefined,
  options: Options,
  change: Partial<FamilyConfig>,
  say: (text: string) => void,
) {
  const seed = wholeOption(options, 'seed', towerRecipe.seed, 0, 2 ** 32 - 1);
  if (material === undefined)
    return trainTowers(say, { steps: wholeOption(options, 'steps', towerRecipe.steps, 1, 1e6), seed });
  if (model === 'factors') return trainFactors(material, say, { seed });
  return trainMember(model as FamilyName, material, say, { ...change, seed });
}

function changeOf(options: Options): Partial<FamilyConfig> {
  const epochs = options.epochs === undefined ? undefined : wholeOption(options, 'epochs', 1, 1, 100);
  return {
    ...(epochs !== undefined && { epochs1: epochs, epochs2: epochs }),
    rare: wholeOption(options, 'rare', 1, 1, 100),
    frequent: numberOption(options, 'frequent', 1, 0.001, 1),
  };
}

const optionNames = ['seed', 'out', 'steps', 'worlds', 'ticks', 'epochs', 'rare', 'frequent'] as const;

function readArguments(args: readonly string[]): { models: readonly string[]; out: URL; options: Options } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(optionNames.map((name) => [name, { type: 'string' } as const])),
    });
  } catch (error) {
    throw new LabError(`${(error as Error).message.split('\n')[0]} (see lab train --help)`);
  }
  const [model] = parsed.positionals;
  if (parsed.positionals.length > 1)
    throw new LabError(
      `one model at a time, or all; it was asked for ${parsed.positionals.join(' and ')} (names with commas want quotes)`,
    );
  const known = model === 'all' || names.includes(model) || (model ?? '') in family;
  if (!known)
    throw new LabError(
      `lab train knows how to train: ${names.join('; ')}; all; it was asked for ${model ?? 'nothing'}`,
    );
  const options: Options = parsed.values;
  const dir = options.out;
  return {
    models: model === 'all' ? names : [model],
    out: dir === undefined ? modelFolder : pathToFileURL(dir.endsWith('/') ? dir : `${dir}/`),
    options,
  };
}
