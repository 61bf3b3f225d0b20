import { countries, languages, genders } from '../countries.ts';

/** Predictions are limited to e to the power of this, seconds or points: 2 ns to 15 years. */
export const MAX_LOG = 20;
/** Points of a scorer are limited to this. */
export const MAX_POINTS = 2 ** 24;
/** Seconds over which matches count as recent. */
export const EXPOSURE_SECONDS = 300;

/** What a value is: a number with a unit, yes or no, or a member of a group. */
export type TermKind = 'number' | 'flag' | 'country' | 'language' | 'gender';

/** A quantity of one side that a formula can name, as `me.wait` or `you.wait`. */
export interface Term {
  readonly name: string;
  readonly kind: TermKind;
  /** Of numbers: exponents of seconds and years; `ln` is q for the logarithm of seconds^q. */
  readonly unit: { readonly s?: number; readonly years?: number; readonly ln?: number };
  /** Values lie between these two; what lies outside is clamped before it enters a formula. */
  readonly range: readonly [low: number, high: number];
  /** Set where the scorer predicts the term for a pair. All other terms belong to a person. */
  readonly predicted?: true;
  /** The chance of an outcome: only the scorers of task-scorers.ts predict it. */
  readonly task?: true;
}

const most = Math.exp(MAX_LOG);
const flag = (name: string): Term => ({ name, kind: 'flag', unit: {}, range: [0, 1] });
const task = (name: string): Term => ({
  ...{ name, kind: 'number', unit: {}, range: [0, 1], predicted: true, task: true },
});
const group = (kind: TermKind, members: readonly unknown[]): Term => ({
  ...{ name: kind, kind, unit: {}, range: [0, members.length - 1] },
});

/** Every term, in the order in which `words.ts` documents it. */
export const terms: readonly Term[] = [
  { name: 'score', kind: 'number', unit: { s: 1 }, range: [1 / most, most], predicted: true },
  { name: 'log', kind: 'number', unit: { ln: 1 }, range: [-MAX_LOG, MAX_LOG], predicted: true },
  { name: 'points', kind: 'number', unit: { s: 1 }, range: [-MAX_POINTS, most], predicted: true },
  task('report'),
  task('friend'),
  task('swipe'),
  { name: 'wait', kind: 'number', unit: { s: 1 }, range: [0, 86_400] },
  { name: 'bonus', kind: 'number', unit: { s: 1 }, range: [-(2 ** 22), 2 ** 22] },
  { name: 'price', kind: 'number', unit: { s: 1 }, range: [0, 2 ** 22] },
  { name: 'age', kind: 'number', unit: { years: 1 }, range: [18, 50] },
  { name: 'chats', kind: 'number', unit: {}, range: [0, 2 ** 20] },
  { name: 'matches', kind: 'number', unit: {}, range: [0, EXPOSURE_SECONDS] },
  flag('newcomer'),
  flag('paying'),
  flag('reported'),
  group('country', countries),
  group('language', languages),
  group('gender', genders),
];

/** Names of the terms that belong to a person, in their documented order. */
export const personTerms: readonly string[] = terms.filter((t) => t.predicted !== true).map((t) => t.name);

/** Names of the terms that are predictions of tasks, in their documented order. */
export const taskTerms: readonly string[] = terms.filter((t) => t.task === true).map((t) => t.name);

export const termOf: ReadonlyMap<string, Term> = new Map(terms.map((term) => [term.name, term]));

/** Members of a group, as they are written in quotes. */
export const groupMembers: Readonly<Partial<Record<TermKind, readonly string[]>>> = {
  country: countries.map(({ code }) => code),
  language: languages,
  gender: genders,
};

/** Where an age band begins, years. */
export function ageOf(band: string): number {
  return Number.parseInt(band, 10);
}
