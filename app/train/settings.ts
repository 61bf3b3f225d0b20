import * as v from 'valibot';
import { choiceKnob, numberKnob } from '../../src/scenario/knob.ts';
import { cupid, type FamilyConfig } from '../../src/model/layout/config.ts';
import { towerRecipe, type TowerRecipe } from '../../src/model/layout/recipes.ts';
import { factorDefaults, type FactorConfig } from '../../src/model/layout/save-factors.ts';

/** Everything that can be set in the training room. This file does not load the trainer. */

type Range = readonly [min: number, max: number, step: number];

const number = (value: number, label: string, help: string, [min, max, step]: Range, unit = '') =>
  numberKnob(value, { label, help, unit, min, max, step });

const whole = (value: number, label: string, help: string, range: Range, unit = '') =>
  v.optional(
    v.pipe(
      v.unwrap(number(value, label, help, range, unit)),
      v.integer((issue) => `${label} must be a whole number; it is ${issue.input}`),
    ),
    value,
  );

const even = (value: number, label: string, help: string, range: Range, unit = '') =>
  v.optional(
    v.pipe(
      v.unwrap(whole(value, label, help, range, unit)),
      v.multipleOf(2, (issue) => `${label} must be even; it is ${issue.input}`),
    ),
    value,
  );

const rate = (value: number, help: string, range: Range = [0.0001, 0.1, 0.0005]) =>
  number(value, 'Learning rate', help, range);
const decay = (value: number) =>
  number(value, 'Weight decay', 'Share of a weight lost per unit of learning rate.', [0, 1, 0.005]);
const hidden = (value: number) =>
  whole(value, 'Hidden width', 'Width of the layer between profile and embedding.', [4, 512, 4]);
const embed = (value: number) =>
  whole(value, 'Slot width', 'Length of the embedding of one attribute.', [2, 64, 1]);
const seed = (value: number, label: string, help: string) => whole(value, label, help, [0, 0xffff_ff00, 1]);
const cosine = 'Rate of the first step. It falls to zero along a cosine.';

const family = v.object({
  main: v.object({
    history: even(cupid.history, 'History', 'Past matches that the model reads.', [2, 128, 2], 'matches'),
    epochs1: whole(cupid.epochs1, 'Epochs, phase 1', 'Passes that train embedders and heads.', [1, 50, 1]),
    epochs2: whole(cupid.epochs2, 'Epochs, phase 2', 'Passes that train only new heads.', [1, 50, 1]),
    rate: rate(cupid.rate1, cosine),
  }),
  sizes: v.object({
    size: even(cupid.size, 'Embedding', 'Length of the vector of a person.', [4, 256, 2]),
    projection: whole(cupid.projection, 'Projection', 'Vector length per side and task.', [2, 128, 1]),
    layers: whole(cupid.layers, 'Layers', 'Blocks of the transformer.', [1, 6, 1]),
    heads: whole(cupid.heads, 'Heads', 'Attention heads. They must divide the embedding.', [1, 16, 1]),
    hidden: hidden(cupid.hidden[0]),
    embed: embed(cupid.embed),
    batch1: whole(cupid.batch1, 'Batch', 'Sessions per step of phase 1.', [2, 256, 2], 'sessions'),
    decay: decay(cupid.decay),
    rare: whole(
      cupid.rare,
      'Rare outcomes',
      'How often phase 2 draws a chat with a report or friend request.',
      [1, 100, 1],
      'times',
    ),
    frequent: number(
      cupid.frequent,
      'Frequent outcomes',
      'Share of all other chats that phase 2 draws. Weights undo the shift.',
      [0.05, 1, 0.05],
    ),
  }),
});

const { steps, dim } = towerRecipe;
const towers = v.object({
  main: v.object({
    steps: whole(steps, 'Steps', 'One batch of chats each.', [20, 20_000, 20], 'steps'),
    rate: rate(towerRecipe.rate, cosine),
  }),
  sizes: v.object({
    dim: whole(dim, 'Embedding', 'Length of the vector of a person, per role.', [4, 128, 4]),
    hidden: hidden(towerRecipe.hidden[0]),
    embed: embed(towerRecipe.embed),
    batch: whole(towerRecipe.batch, 'Batch', 'Chats per step.', [16, 4096, 16], 'chats'),
    decay: decay(towerRecipe.decay),
  }),
});

const line = 'Rate of the first epoch. It falls to zero along a line.';
const factors = v.object({
  main: v.object({
    epochs: whole(factorDefaults.epochs, 'Epochs', 'Passes over all chats.', [1, 200, 1]),
    rate: rate(factorDefaults.rate, line, [0.001, 0.2, 0.005]),
  }),
  sizes: v.object({
    dim: whole(factorDefaults.dim, 'Factors', 'Length of the vector of a person, per role.', [1, 64, 1]),
    decay: number(
      factorDefaults.decay,
      'Penalty',
      'Penalty on squared lengths, per chat. It pulls rarely seen people to the mean.',
      [0, 1, 0.01],
    ),
  }),
});

export const settingsSchema = v.object({
  model: choiceKnob('cupid', {
    label: 'Model',
    help: 'The scorer to train.',
    options: [
      {
        value: 'factors',
        label: 'Factors',
        help: 'Matrix factorisation. It knows who met whom for how long, and nothing about new people.',
      },
      {
        value: 'towers',
        label: 'Towers',
        help: 'One network per role over the profile, and a dot product per pair.',
      },
      {
        value: 'wide-deep',
        label: 'Wide&Deep',
        help: 'Two towers over the profile. It knows nothing of the session.',
      },
      {
        value: 'wide-deep-s',
        label: 'Wide&Deep-S',
        help: 'Two towers over the profile and a plain summary of the session.',
      },
      {
        value: 'cupid',
        label: 'CUPID',
        help: 'The profile, and a causal transformer over the past matches.',
      },
    ],
  }),
  family,
  towers,
  factors,
  seed: seed(cupid.seed, 'Seed', 'Decides the initial weights and the order of the batches.'),
  evenings: v.object({
    count: whole(2, 'Evenings', 'Simulated worlds in which people meet at random.', [1, 20, 1]),
    ticks: whole(1500, 'Length', 'Ticks of half a second per evening.', [100, 20_000, 100], 'ticks'),
    seed: seed(5001, 'First seed', 'World of the first evening. The next ones count up.'),
    share: number(0.75, 'Train until', 'Share of the time whose chats train.', [0.3, 0.95, 0.05]),
  }),
  device: choiceKnob('auto', {
    label: 'Compute on',
    help: 'The device that trains.',
    options: [
      {
        value: 'auto',
        label: 'Automatic',
        help: 'WebGPU on a real GPU that computes the same gradient, otherwise WebAssembly.',
      },
      {
        value: 'webgpu',
        label: 'WebGPU',
        help: 'WebGPU even on a software adapter, if it computes the same gradient.',
      },
      { value: 'wasm', label: 'WebAssembly', help: 'The CPU.' },
    ],
  }),
  judging: v.object({
    coldBelow: whole(5, 'Cold below', 'People with fewer chats so far are cold.', [1, 1000, 1], 'chats'),
    longSeconds: whole(30, 'Long from', 'AUROC predicts longer chats than this.', [1, 7200, 5], 's'),
    replicates: whole(200, 'Resamples', 'Resamples of the bootstrap. More take longer.', [20, 5000, 20]),
  }),
  latency: v.object({
    people: whole(128, 'Waiting', 'People who wait in every tick.', [16, 10_000, 16], 'people'),
    ticks: whole(20, 'Ticks', 'Ticks of either kind, per length of history.', [5, 2000, 5]),
  }),
  market: v.object({
    evenings: whole(4, 'Evenings', 'Simulated worlds.', [2, 50, 1]),
    ticks: whole(900, 'Length', 'The first 240 ticks only fill the market.', [300, 20_000, 100], 'ticks'),
  }),
});

export type Settings = v.InferOutput<typeof settingsSchema>;
export type Trainee = Settings['model'];
export type DeviceWish = Settings['device'];
/** The evenings whose chats train and judge. */
export type Evenings = Settings['evenings'];

export const settingsDefaults: Settings = v.getDefaults(settingsSchema);

/** The models of which there are published figures, worst first. */
export const members = ['wide-deep', 'wide-deep-s', 'cupid'] as const;
export type TrainedMember = (typeof members)[number];
export const isMember = (model: Trainee): model is TrainedMember =>
  (members as readonly Trainee[]).includes(model);

/** Parts of a model that can be left out, to see what they are worth. */
export const ablations = {
  session: { label: 'No session', help: 'Leaves the session vector out.' },
  'second phase': { label: 'No second phase', help: 'Keeps the heads of phase 1.' },
  'exponential transform': {
    label: 'No exponential transform',
    help: 'Predicts seconds directly, not through exp.',
  },
  'other tasks': {
    label: 'One task',
    help: 'Predicts only the duration, and no report, friend request or swipe.',
  },
} as const;
export type Ablation = keyof typeof ablations;

/** What is to be trained, as its trainer takes it. */
export type Plan =
  | { readonly kind: 'family'; readonly config: FamilyConfig }
  | { readonly kind: 'towers'; readonly config: TowerRecipe }
  | { readonly kind: 'factors'; readonly config: FactorConfig };

const sessionOf = { 'wide-deep': 'none', 'wide-deep-s': 'summary', cupid: 'transformer' } as const;

/** The group of settings that a model has. */
export const groupOf = (model: Trainee): Plan['kind'] => (isMember(model) ? 'family' : model);

export function planOf(settings: Settings, without: readonly Ablation[]): Plan {
  const { model, seed } = settings;
  if (isMember(model)) return { kind: 'family', config: familyConfig(model, settings, without) };
  const kind = model;
  if (kind === 'factors')
    return { kind, config: { ...settings.factors.main, ...settings.factors.sizes, seed } };
  const { hidden, ...sizes } = settings.towers.sizes;
  return {
    kind,
    config: { ...towerRecipe, ...settings.towers.main, ...sizes, hidden: [hidden], seed },
  };
}

/** The configuration of a member of the family. */
export function familyConfig(
  member: TrainedMember,
  { family, seed }: Settings,
  without: readonly Ablation[] = [],
): FamilyConfig {
  const { rate, ...main } = family.main;
  const { hidden, ...sizes } = family.sizes;
  return {
    ...cupid,
    session: without.includes('session') ? 'none' : sessionOf[member],
    transform: without.includes('exponential transform') ? 'identity' : 'exp',
    tasks: without.includes('other tasks') ? ['duration'] : cupid.tasks,
    twoPhase: !without.includes('second phase'),
    ...main,
    rate1: rate,
    rate2: rate,
    ...sizes,
    hidden: [hidden],
    seed,
  };
}
