import { ablations, isMember, type Ablation, type Trainee } from './settings.ts';

/** Marks the name of a model that was trained in this room. */
export const OWN = ' · yours ';

/** The name of a configuration, as the shipped models are named: "cupid, no session". */
export function nameOf(model: Trainee, without: readonly Ablation[]): string {
  if (!isMember(model)) return model;
  return [model, ...without.map((part) => ablations[part].label.toLowerCase())].join(', ');
}

/** The kind of a model: its name without the mark of this room. */
export const kindOf = (name: string): string => name.split(OWN)[0];

/** A model's name as people write it. */
export function nameText(name: string): string {
  return name
    .replace(/^factors/, 'Matrix factorisation')
    .replace(/^towers/, 'Two towers')
    .replace(/^wide-deep-s/, 'Wide&Deep-S')
    .replace(/^wide-deep/, 'Wide&Deep')
    .replace(/^cupid/, 'CUPID');
}

/** The same within a sentence. */
export const nameInText = (name: string): string =>
  nameText(name).replace(/^(Matrix|Two)/, (word) => word.toLowerCase());
