import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { LARGEST_SEED } from '../../base/seeds.ts';
import { family, type FamilyConfig, type FamilyName } from '../../model/layout/config.ts';
import { familyRecipe, fileOf, shippedNames, towerRecipe } from '../../model/layout/recipes.ts';
import { hashBytes } from '../../model/layout/weights-file.ts';
import {
  recordTrainingData,
  trainFactors,
  trainMember,
  type TrainingData,
} from '../../model/train/train-family.ts';
import { shown } from '../../base/errors.ts';
import { suggestion } from '../../base/nearest.ts';
import { defineCommand, type Given, type Say } from '../cli/command.ts';
import { prepareFolder, writeOutput } from '../cli/files.ts';
import { integer, number, text, UsageError } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { modelFolder } from './load-model.ts';
import { trainTowers } from './train-towers.ts';

const shipped: readonly string[] = ['factors', ...shippedNames, 'towers'];

interface TrainedModel {
  readonly model: string;
  readonly recipe: unknown;
  readonly metrics: Readonly<Record<string, number>>;
  readonly curve: readonly unknown[];
  readonly bytes: number;
  readonly hash: string;
  /** Wall clock and processor time of training, without recording. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const options = {
  seed: integer('S', 'starting weights and order of the batches', {
    min: 0,
    max: LARGEST_SEED,
    fallback: towerRecipe.seed,
  }),
  out: text('DIR', 'folder for the files; default public/models'),
  steps: integer('N', 'towers only: training steps', { min: 1, max: 1e6, fallback: towerRecipe.steps }),
  worlds: integer('N', 'the family: evenings to train on', {
    min: 1,
    max: 50,
    fallback: familyRecipe.seeds.length,
  }),
  ticks: integer('T', 'the family: length of an evening in ticks', {
    min: 300,
    max: 100_000,
    fallback: familyRecipe.ticks,
  }),
  epochs: integer('N', "the family: passes over the training chats in either phase; default: the model's", {
    min: 1,
    max: 100,
  }),
  rare: integer('N', 'the family, phase 2: draws chats with a report or friend request N times as often', {
    min: 1,
    max: 100,
    fallback: 1,
  }),
  frequent: number('P', 'the family, phase 2: draws only this share of all other chats', {
    min: 0.001,
    max: 1,
    fallback: 1,
  }),
};
type Options = Given<typeof options>['options'];

export const command = defineCommand({
  arguments: ['MODEL'],
  about: `Lets people meet at random in several small worlds, trains a model on the chats, and writes its
weights (MODEL.bin) with recipe, metrics and learning curves (MODEL.json). The same recipe gives the
same files.

MODEL is one of ${shipped.join('; ')};
or "all". A name with spaces needs quotes.`,
  options,
  async run({ arguments: [name], options, say }) {
    const models = modelsOf(name);
    const folder = options.out ?? fileURLToPath(modelFolder);
    prepareFolder(folder);
    let material: TrainingData | undefined;
    const trained: TrainedModel[] = [];
    for (const model of models) {
      if (model !== 'towers') material ??= await recordEvenings(options, say);
      const began = Date.now();
      const cpu = process.cpuUsage();
      const result = await trainOne(model, material, options, say);
      const { user, system } = process.cpuUsage(cpu);
      const header = `${JSON.stringify(result.header, null, model === 'towers' ? 2 : 1)}\n`;
      await writeOutput(join(folder, `${fileOf(model)}.bin`), result.bytes);
      await writeOutput(join(folder, `${fileOf(model)}.json`), header);
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
  print: ({ models }) =>
    models
      .flatMap((m) => [
        m.model,
        ...textTable(
          Object.entries(m.metrics).map(([metric, value]) => [`  ${metric}`, value.toPrecision(5)]),
        ),
        `  ${m.bytes} bytes, hash ${m.hash}; ${m.seconds.toFixed(0)} s (${m.cpuSeconds.toFixed(0)} s of processor time)`,
      ])
      .join('\n'),
});

function modelsOf(name: string): readonly string[] {
  if (name === 'all') return shipped;
  if (shipped.includes(name) || Object.hasOwn(family, name)) return [name];
  const known = [...shipped, ...Object.keys(family), 'all'];
  const hint = suggestion(name, known) || `; there are ${shipped.join('; ')}; all`;
  throw new UsageError(`there is no model ${shown(name)}${hint}`, 'MODEL');
}

function recordEvenings({ worlds, ticks }: Options, say: Say): Promise<TrainingData> {
  const seeds = Array.from({ length: worlds }, (_, k) => familyRecipe.seeds[0] + k);
  return recordTrainingData({ seeds, ticks, share: familyRecipe.share }, say);
}

function trainOne(model: string, material: TrainingData | undefined, options: Options, say: Say) {
  const { seed, steps, epochs, rare, frequent } = options;
  if (model === 'towers' || material === undefined) return trainTowers(say, { steps, seed });
  if (model === 'factors') return trainFactors(material, say, { seed });
  const change: Partial<FamilyConfig> = {
    ...(epochs !== undefined && { epochs1: epochs, epochs2: epochs }),
    rare,
    frequent,
  };
  return trainMember(model as FamilyName, material, say, { ...change, seed });
}
