import { must } from '../../base/errors.ts';
import { family, type FamilyName } from '../../model/layout/config.ts';
import { measureTwoPhaseCost, type TwoPhaseCost } from '../../model/study/cost.ts';
import { judgeDefaults } from '../../model/train/judge-family.ts';
import { storeEmbeddings } from '../../model/train/family/stored-embeddings.ts';
import { published } from '../../model/study/published.ts';
import { familyRecipe, shippedNames } from '../../model/layout/recipes.ts';
import { loadFactors } from '../../model/layout/save-factors.ts';
import { loadFamily, type FamilyModel } from '../../model/layout/save-family.ts';
import { windowsOf } from '../../model/train/family/person-sessions.ts';
import { compareModels, type AnyModel, type Study } from '../../model/study/compare-models.ts';
import { loadShipped } from '../train/load-model.ts';
import { defineCommand, type Given, type Say } from '../cli/command.ts';
import { choices, flag, integer, number } from '../cli/options.ts';
import { printLines } from './print-lines.ts';
import { studyLines } from './print-study.ts';
import {
  recordTrainingData,
  trainFactors,
  trainMember,
  type TrainingData,
} from '../../model/train/train-family.ts';

const delays = [0, 2, 4, 8, 16] as const;

const everyModel = ['factors', ...(Object.keys(family) as FamilyName[])] as const;

const options = {
  models: choices('A;B', 'models to judge', everyModel, ['factors', ...shippedNames]),
  worlds: integer('N', 'evenings', { min: 1, max: 50, fallback: familyRecipe.seeds.length }),
  seed: integer('S', 'seed of the first evening', { min: 0, max: 1e9, fallback: familyRecipe.seeds[0] }),
  ticks: integer('T', 'ticks of an evening', { min: 300, max: 100_000, fallback: familyRecipe.ticks }),
  share: number('P', 'share of the chats that train; the later ones judge', {
    min: 0.1,
    max: 0.95,
    fallback: familyRecipe.share,
  }),
  'cold-below': number('N', 'people with fewer past matches are cold', {
    min: 0,
    max: 1e6,
    fallback: judgeDefaults.coldBelow,
  }),
  long: number('S', 'AUROC is of "the chat lasts longer"', {
    min: 1,
    max: 7200,
    fallback: judgeDefaults.longSeconds,
  }),
  replicates: integer('N', 'bootstrap replicates of the intervals', {
    min: 0,
    max: 10_000,
    fallback: judgeDefaults.replicates,
  }),
  retrain: flag('trains the models on these evenings instead of loading the shipped weights'),
  epochs: integer('N', "with --retrain: passes in either phase; default: the model's", { min: 1, max: 100 }),
  history: integer('N', "with --retrain: length of the histories; default: the model's", {
    min: 2,
    max: 128,
  }),
};
type Options = Given<typeof options>['options'];

export const command = defineCommand({
  arguments: [],
  about: `Judges the weights on the later chats of their evenings: error of ln seconds, AUROC, calibration and
NDCG, for warm and cold people and by task, with intervals; gains of one model over another on the
same chats; what stale session vectors cost (0, 2, 4, 8, 16 s); transformer passes and time of
training in two phases and in one; the published table.

Another --seed, --worlds, --ticks or --share judges on other evenings, without factors (matrix
factorisation knows only its own people) unless --retrain is given. "cupid, no session" is wide-deep.`,
  options,
  run: ({ options, say }) => evaluateFamily(options, say),
  print: printLines,
});

async function evaluateFamily(options: Options, say: Say) {
  const { models: names, worlds, seed: first, ticks, share, retrain } = options;
  const evenings = { seeds: Array.from({ length: worlds }, (_, k) => first + k), ticks, share };
  const own = JSON.stringify(evenings) === JSON.stringify({ ...familyRecipe });
  const judge = {
    ...judgeDefaults,
    coldBelow: options['cold-below'],
    longSeconds: options.long,
    replicates: options.replicates,
    delays,
  };
  const material = await recordTrainingData(evenings, say);
  const known = retrain || own ? names : names.filter((name) => name !== 'factors');
  must(
    known.length > 0,
    'factors (matrix factorisation) knows only the people of its own evenings; add --retrain',
  );
  const models: AnyModel[] = [];
  for (const name of known)
    models.push(await (retrain ? trained(name, material, options, say) : shipped(name)));
  let study: Study;
  const judging = compareModels(models, material.sessions, material.split, judge);
  for (;;) {
    const { done, value } = await judging.next();
    if (done) {
      study = value;
      break;
    }
    say(`judging ${value.model} (${value.done + 1} of ${value.of})`);
  }
  const cupid = models.find((m): m is FamilyModel => m.name === 'cupid' && 'heads' in m);
  const cost = cupid && (await costOf(cupid, material, say));
  return {
    ...evenings,
    weights: retrain ? 'trained now' : 'shipped',
    chats: material.sessions.log.count,
    people: material.sessions.log.persons,
    trained: material.split.train.length,
    judged: material.split.test.length,
    options: judge,
    hashes: Object.fromEntries(
      models.map((m) => [m.name, 'towers' in m ? m.towers.header?.hash : m.header.hash]),
    ),
    ...study,
    ...(cost && { cost }),
    published,
    lines: studyLines(study, cost),
  };
}

async function shipped(name: string): Promise<AnyModel> {
  const { bytes, json } = await loadShipped(name);
  return name === 'factors' ? loadFactors(bytes, json) : loadFamily(bytes, json, `${name}.json`);
}

async function trained(
  name: string,
  material: TrainingData,
  { epochs, history }: Options,
  say: Say,
): Promise<AnyModel> {
  if (name === 'factors') {
    const { bytes, header } = await trainFactors(material, say);
    return loadFactors(bytes, header);
  }
  const { bytes, header } = await trainMember(name as FamilyName, material, say, {
    ...(epochs !== undefined && { epochs1: epochs, epochs2: epochs }),
    ...(history !== undefined && { history }),
  });
  return loadFamily(bytes, header, name);
}

/** Times two-phase and one-phase training on a few steps. */
async function costOf(
  { config, embedders }: FamilyModel,
  { sessions, split }: TrainingData,
  say: Say,
): Promise<TwoPhaseCost> {
  say('timing one-phase and two-phase training');
  const began = performance.now();
  const memory = await storeEmbeddings(config, sessions, windowsOf(sessions, config.history), embedders);
  return measureTwoPhaseCost(config, sessions, split, memory, (performance.now() - began) / 1000);
}
