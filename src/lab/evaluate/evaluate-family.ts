import { LabError, must } from '../../base/errors.ts';
import { family, type FamilyName } from '../../model/layout/config.ts';
import { measureTwoPhaseCost, type TwoPhaseCost } from '../../model/study/cost.ts';
import { judgeDefaults } from '../../model/train/judge-family.ts';
import { storeEmbeddings } from '../../model/train/family/stored-embeddings.ts';
import { published } from '../../model/study/published.ts';
import { familyRecipe, shippedNames } from '../../model/layout/recipes.ts';
import { loadFactors } from '../../model/layout/save-factors.ts';
import { loadFamily, type FamilyModel } from '../../model/layout/save-family.ts';
import { windowsOf } from '../../model/train/family/person-sessions.ts';
import { compareModels as judgeModels, type AnyModel, type Study } from '../../model/study/compare-models.ts';
import { loadShipped } from '../train/load-model.ts';
import { numberOption, wholeOption, type Options } from '../options.ts';
import { studyLines } from './print-study.ts';
import {
  recordTrainingData,
  trainFactors,
  trainMember,
  type TrainingData,
} from '../../model/train/train-family.ts';

const delays = [0, 2, 4, 8, 16] as const;

/** `lab evaluate family`: the shipped weights, or freshly trained ones, on the later chats of their evenings, or on other evenings. */
export async function evaluateFamily(
  options: Options,
  say: (text: string) => void,
): Promise<Record<string, unknown>> {
  const retrain = options.retrain !== undefined;
  const names = (options.models ?? ['factors', ...shippedNames].join(';'))
    .split(';')
    .map((name) => name.trim());
  for (const name of names)
    if (name !== 'factors' && !(name in family))
      throw new LabError(`there is no model "${name}"; there are factors; ${Object.keys(family).join('; ')}`);
  const first = wholeOption(options, 'seed', familyRecipe.seeds[0], 0, 1e9);
  const worlds = wholeOption(options, 'worlds', familyRecipe.seeds.length, 1, 50);
  const evenings = {
    seeds: Array.from({ length: worlds }, (_, k) => first + k),
    ticks: wholeOption(options, 'ticks', familyRecipe.ticks, 300, 100_000),
    share: numberOption(options, 'share', familyRecipe.share, 0.1, 0.95),
  };
  const own = JSON.stringify(evenings) === JSON.stringify({ ...familyRecipe });
  const judge = {
    ...judgeDefaults,
    coldBelow: numberOption(options, 'cold-below', judgeDefaults.coldBelow, 0, 1e6),
    longSeconds: numberOption(options, 'long', judgeDefaults.longSeconds, 1, 7200),
    replicates: wholeOption(options, 'replicates', judgeDefaults.replicates, 0, 10_000),
    delays,
  };
  const material = await recordTrainingData(evenings, say);
  const known = retrain || own ? names : names.filter((name) => name !== 'factors');
  must(known.length > 0, 'matrix factorisation knows only the people of its own evenings; add --retrain');
  const models: AnyModel[] = [];
  for (const name of known)
    models.push(await (retrain ? trained(name, material, options, say) : shipped(name)));
  let study: Study;
  const judging = judgeModels(models, material.sessions, material.split, judge);
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
  options: Options,
  say: (text: string) => void,
): Promise<AnyModel> {
  if (name === 'factors') {
    const { bytes, header } = await trainFactors(material, say);
    return loadFactors(bytes, header);
  }
  const epochs = options.epochs === undefined ? undefined : wholeOption(options, 'epochs', 1, 1, 100);
  const history = options.history === undefined ? undefined : wholeOption(options, 'history', 16, 2, 128);
  const { bytes, header } = await trainMember(name as FamilyName, material, say, {
    ...(epochs !== undefined && { epochs1: epochs, epochs2: epochs }),
    ...(history !== undefined && { history }),
  });
  return loadFamily(bytes, header, name);
}

/** Times both ways of training on a few steps. */
async function costOf(
  { config, embedders }: FamilyModel,
  { sessions, split }: TrainingData,
  say: (text: string) => void,
): Promise<TwoPhaseCost> {
  say('timing one-phase and two-phase training');
  const began = performance.now();
  const memory = await storeEmbeddings(config, sessions, windowsOf(sessions, config.history), embedders);
  return measureTwoPhaseCost(config, sessions, split, memory, (performance.now() - began) / 1000);
}
