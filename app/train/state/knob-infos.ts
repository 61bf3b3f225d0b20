import type { Evenings, Trainee, TrainKnobs } from '../worker/orders.ts';

/** A number that can be set in the room. */
export interface NumberKnobInfo<K extends string> {
  readonly key: K;
  readonly label: string;
  readonly help: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export type NumberKey = Exclude<keyof TrainKnobs, 'member' | 'without'>;

/** First those that matter most. */
const mainKnobs: readonly NumberKnobInfo<NumberKey>[] = [
  {
    key: 'history',
    label: 'History',
    help: 'Past matches that the session part reads.',
    unit: 'matches',
    min: 2,
    max: 128,
    step: 2,
  },
  {
    key: 'epochs1',
    label: 'Epochs, phase 1',
    help: 'Passes over all sessions: embedders and heads.',
    unit: '',
    min: 1,
    max: 50,
    step: 1,
  },
  {
    key: 'epochs2',
    label: 'Epochs, phase 2',
    help: 'Passes over all chats: heads anew, embedders frozen.',
    unit: '',
    min: 1,
    max: 50,
    step: 1,
  },
  {
    key: 'rate',
    label: 'Learning rate',
    help: 'Of the first step; falls to zero along a cosine.',
    unit: '',
    min: 0.0001,
    max: 0.1,
    step: 0.0005,
  },
  {
    key: 'seed',
    label: 'Seed',
    help: 'Starting weights and order of the batches.',
    unit: '',
    min: 0,
    max: 0xffffffff,
    step: 1,
  },
];

const sizeKnobs: readonly NumberKnobInfo<NumberKey>[] = [
  {
    key: 'size',
    label: 'Embedding',
    help: 'Length of the vector of a person; even.',
    unit: '',
    min: 4,
    max: 256,
    step: 2,
  },
  {
    key: 'projection',
    label: 'Projection',
    help: 'Length of the vector per side and task.',
    unit: '',
    min: 2,
    max: 128,
    step: 1,
  },
  { key: 'layers', label: 'Layers', help: 'Blocks of the transformer.', unit: '', min: 1, max: 6, step: 1 },
  {
    key: 'heads',
    label: 'Heads',
    help: 'Attention heads; must divide the embedding.',
    unit: '',
    min: 1,
    max: 16,
    step: 1,
  },
  {
    key: 'hidden',
    label: 'Hidden width',
    help: 'Of the layer between profile and embedding.',
    unit: '',
    min: 4,
    max: 512,
    step: 4,
  },
  {
    key: 'embed',
    label: 'Slot width',
    help: 'Of the embedding of one attribute.',
    unit: '',
    min: 2,
    max: 64,
    step: 1,
  },
  {
    key: 'batch1',
    label: 'Batch',
    help: 'Sessions per step of phase 1.',
    unit: 'sessions',
    min: 2,
    max: 256,
    step: 2,
  },
  {
    key: 'decay',
    label: 'Weight decay',
    help: 'Share of a weight lost per unit of learning rate.',
    unit: '',
    min: 0,
    max: 1,
    step: 0.005,
  },
  {
    key: 'rare',
    label: 'Rare outcomes',
    help: 'Phase 2 draws chats with a report or friend request so many times.',
    unit: 'times',
    min: 1,
    max: 100,
    step: 1,
  },
  {
    key: 'frequent',
    label: 'Frequent outcomes',
    help: 'Share of all other chats that phase 2 draws; weights undo the shift.',
    unit: '',
    min: 0.05,
    max: 1,
    step: 0.05,
  },
];

export const eveningKnobs: readonly NumberKnobInfo<keyof Evenings>[] = [
  {
    key: 'count',
    label: 'Evenings',
    help: 'Simulated worlds in which people meet at random.',
    unit: '',
    min: 1,
    max: 20,
    step: 1,
  },
  {
    key: 'ticks',
    label: 'Length',
    help: 'Ticks of half a second per evening.',
    unit: 'ticks',
    min: 100,
    max: 20_000,
    step: 100,
  },
  {
    key: 'seed',
    label: 'First seed',
    help: 'World of the first evening; the next count up.',
    unit: '',
    min: 0,
    max: 0xffff_ff00,
    step: 1,
  },
  {
    key: 'share',
    label: 'Train until',
    help: 'Share of the time whose chats train; later ones judge.',
    unit: '',
    min: 0.3,
    max: 0.95,
    step: 0.05,
  },
];

const seed = mainKnobs.find((k) => k.key === 'seed')!;

const knob = (
  key: NumberKey,
  label: string,
  help: string,
  [min, max, step]: readonly [number, number, number],
  unit = '',
): NumberKnobInfo<NumberKey> => ({ key, label, help, unit, min, max, step });

const towerMain = [
  knob(
    'towerSteps',
    'Steps',
    'A batch of chats each; the shipped towers took 600.',
    [20, 20_000, 20],
    'steps',
  ),
  knob(
    'towerRate',
    'Learning rate',
    'Of the first step; falls to zero along a cosine.',
    [0.0001, 0.1, 0.0005],
  ),
  seed,
];
const towerSizes = [
  knob('towerSize', 'Embedding', 'Length of the vector of a person, one per role.', [4, 128, 4]),
  knob('towerHidden', 'Hidden width', 'Of the layer between profile and embedding.', [4, 512, 4]),
  knob('towerEmbed', 'Slot width', 'Of the embedding of one attribute.', [2, 64, 1]),
  knob('towerBatch', 'Batch', 'Chats per step, seen from both sides.', [16, 4096, 16], 'chats'),
  knob('towerDecay', 'Weight decay', 'Share of a weight lost per unit of learning rate.', [0, 1, 0.005]),
];
const factorMain = [
  knob('factorEpochs', 'Epochs', 'Passes over all chats.', [1, 200, 1]),
  knob('factorRate', 'Learning rate', 'Of the first epoch; falls to zero along a line.', [0.001, 0.2, 0.005]),
  seed,
];
const factorSizes = [
  knob('factorSize', 'Factors', 'Length of the vector of a person, one per role.', [1, 64, 1]),
  knob(
    'factorDecay',
    'Penalty',
    'On squared lengths, per chat: pulls what is seldom seen to the mean.',
    [0, 1, 0.01],
  ),
];

/** What can be set of a model: what matters most, and the sizes. */
export function knobsOf(member: Trainee): {
  readonly main: readonly NumberKnobInfo<NumberKey>[];
  readonly sizes: readonly NumberKnobInfo<NumberKey>[];
} {
  if (member === 'towers') return { main: towerMain, sizes: towerSizes };
  if (member === 'factors') return { main: factorMain, sizes: factorSizes };
  return { main: mainKnobs, sizes: sizeKnobs };
}
