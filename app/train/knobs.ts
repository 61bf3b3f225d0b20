import type { Ablation, DeviceWish, Evenings, TrainedMember, TrainKnobs } from './orders.ts';

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

type NumberKey = Exclude<keyof TrainKnobs, 'member' | 'without'>;

/** First those that matter most. */
export const mainKnobs: readonly NumberKnobInfo<NumberKey>[] = [
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

export const sizeKnobs: readonly NumberKnobInfo<NumberKey>[] = [
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

export const memberText: Readonly<Record<TrainedMember, { label: string; help: string }>> = {
  'wide-deep': { label: 'Wide&Deep', help: 'Two towers over the profile; knows nothing of the session.' },
  'wide-deep-s': { label: 'Wide&Deep-S', help: 'The same with a plain summary of the session so far.' },
  cupid: { label: 'CUPID', help: 'The profile plus a causal transformer over the past matches.' },
};

export const ablationText: Readonly<Record<Ablation, { label: string; help: string }>> = {
  session: { label: 'No session', help: 'The session vector is left out.' },
  'second phase': { label: 'No second phase', help: 'The heads of phase 1 stay.' },
  'exponential transform': {
    label: 'No exponential transform',
    help: 'Seconds are predicted as they are, not through exp.',
  },
  'other tasks': { label: 'One task', help: 'Duration only; no report, friend request or swipe.' },
};

export const wishText: Readonly<Record<DeviceWish, { label: string; help: string }>> = {
  auto: {
    label: 'Automatic',
    help: 'WebGPU where there is a real one and it computes the same; else WebAssembly.',
  },
  webgpu: { label: 'WebGPU', help: 'WebGPU even on a software adapter, if it computes the same.' },
  wasm: { label: 'WebAssembly', help: 'The CPU.' },
};

/** "cupid, no session": the name of what these knobs train, as the shipped ones are named. */
export function nameOf({ member, without }: TrainKnobs): string {
  return [member, ...without.map((a) => ablationText[a].label.toLowerCase())].join(', ');
}

/** A model's name as people write it. */
export function nameText(name: string): string {
  return name
    .replace(/^factors/, 'Matrix factorisation')
    .replace(/^wide-deep-s/, memberText['wide-deep-s'].label)
    .replace(/^wide-deep/, memberText['wide-deep'].label)
    .replace(/^cupid/, memberText.cupid.label);
}

/** What is wrong with the knobs, in one sentence, or null. */
export function problemOf(knobs: TrainKnobs, evenings: Evenings): string | null {
  const of = <K extends string>(infos: readonly NumberKnobInfo<K>[], values: Readonly<Record<K, number>>) => {
    for (const { key, label, min, max, unit } of infos) {
      const value = values[key];
      if (!(value >= min && value <= max))
        return `${label} must lie between ${min} and ${max}${unit === '' ? '' : ` ${unit}`}; it is ${value}.`;
    }
    return null;
  };
  const whole = (Object.keys(knobs) as (keyof TrainKnobs)[]).find(
    (key) =>
      !['member', 'without', 'rate', 'decay', 'frequent'].includes(key) && !Number.isInteger(knobs[key]),
  );
  const info = [...mainKnobs, ...sizeKnobs].find((k) => k.key === whole);
  if (info !== undefined) return `${info.label} must be a whole number; it is ${knobs[info.key]}.`;
  const range = of([...mainKnobs, ...sizeKnobs], knobs) ?? of(eveningKnobs, evenings);
  if (range !== null) return range;
  if (knobs.size % 2 !== 0) return `Embedding must be even; it is ${knobs.size}.`;
  if (knobs.history % 2 !== 0) return `History must be even; it is ${knobs.history}.`;
  if (knobs.member === 'cupid' && knobs.size % knobs.heads !== 0)
    return `Heads must divide the embedding of ${knobs.size}; there are ${knobs.heads}.`;
  return null;
}
