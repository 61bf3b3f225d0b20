import { eveningKnobs, knobsOf, type NumberKnobInfo } from './knob-infos.ts';
import {
  isMember,
  type Ablation,
  type DeviceWish,
  type Evenings,
  type Trainee,
  type TrainKnobs,
} from '../worker/orders.ts';

export const memberText: Readonly<Record<Trainee, { label: string; help: string }>> = {
  factors: {
    label: 'Factors',
    help: 'Matrix factorisation: knows who met whom for how long, and nothing of anybody new.',
  },
  towers: { label: 'Towers', help: 'One network for either role over the profile; a dot product per pair.' },
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
  if (!isMember(member)) return member;
  return [member, ...without.map((a) => ablationText[a].label.toLowerCase())].join(', ');
}

/** A model's name as people write it. */
export function nameText(name: string): string {
  return name
    .replace(/^factors/, 'Matrix factorisation')
    .replace(/^towers/, 'Two towers')
    .replace(/^wide-deep-s/, memberText['wide-deep-s'].label)
    .replace(/^wide-deep/, memberText['wide-deep'].label)
    .replace(/^cupid/, memberText.cupid.label);
}

/** The same in the middle of a sentence. */
export const nameInText = (name: string): string =>
  nameText(name).replace(/^(Matrix|Two)/, (word) => word.toLowerCase());

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
  const { main, sizes } = knobsOf(knobs.member);
  const own = [...main, ...sizes];
  const broken = own.find(({ key, step }) => Number.isInteger(step) && !Number.isInteger(knobs[key]));
  if (broken !== undefined) return `${broken.label} must be a whole number; it is ${knobs[broken.key]}.`;
  const range = of(own, knobs) ?? of(eveningKnobs, evenings);
  if (range !== null) return range;
  if (!isMember(knobs.member)) return null;
  if (knobs.size % 2 !== 0) return `Embedding must be even; it is ${knobs.size}.`;
  if (knobs.history % 2 !== 0) return `History must be even; it is ${knobs.history}.`;
  if (knobs.member === 'cupid' && knobs.size % knobs.heads !== 0)
    return `Heads must divide the embedding of ${knobs.size}; there are ${knobs.heads}.`;
  return null;
}
