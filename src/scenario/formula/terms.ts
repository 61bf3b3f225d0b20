import { ageBands, countries, languages, genders } from '../countries.ts';

/** Predictions are limited to e to the power of this, seconds or points: 2 ns to 15 years. */
export const MAX_LOG = 20;
/** Points of a scorer as they are stay below this. */
export const MAX_POINTS = 2 ** 24;
/** Seconds over which matches count as recent. */
export const EXPOSURE_SECONDS = 300;

/** What a value is: a number with a unit, yes or no, or a member of a group. */
export type TermKind = 'number' | 'flag' | 'country' | 'language' | 'gender';

/** A quantity of one side that a formula can name, as `me.wait` or `you.wait`. */
export interface Term {
  readonly name: string;
  readonly help: string;
  readonly kind: TermKind;
  /** Of numbers: exponents of seconds and years; `ln` is q for the logarithm of seconds^q. */
  readonly unit: { readonly s?: number; readonly years?: number; readonly ln?: number };
  /** Values lie between these two; what lies outside is clamped before it enters a formula. */
  readonly range: readonly [low: number, high: number];
  /** Comes from the scorer, by pair; all others belong to a person. */
  readonly predicted?: true;
}

const most = Math.exp(MAX_LOG);
const flag = (name: string, help: string): Term => ({ name, help, kind: 'flag', unit: {}, range: [0, 1] });
const group = (kind: TermKind, members: readonly unknown[], help: string): Term => ({
  ...{ name: kind, help, kind, unit: {}, range: [0, members.length - 1] },
});

/** Every term, in the order in which it is documented. */
export const terms: readonly Term[] = [
  {
    ...{ name: 'score', kind: 'number', unit: { s: 1 }, range: [1 / most, most], predicted: true },
    help: 'How long this side is predicted to enjoy the chat: seconds, or points under rules; never 0.',
  },
  {
    ...{ name: 'log', kind: 'number', unit: { ln: 1 }, range: [-MAX_LOG, MAX_LOG], predicted: true },
    help: 'The natural logarithm of score.',
  },
  {
    ...{ name: 'points', kind: 'number', unit: { s: 1 }, range: [-MAX_POINTS, most], predicted: true },
    help: 'The prediction as the scorer gives it: points under rules, which may be 0; else as score.',
  },
  {
    ...{ name: 'wait', kind: 'number', unit: { s: 1 }, range: [0, 86_400] },
    help: 'How long this person has waited for this match, seconds.',
  },
  {
    ...{ name: 'bonus', kind: 'number', unit: { s: 1 }, range: [-(2 ** 22), 2 ** 22] },
    help: 'What the knobs "Waiting bonus" and "Bonus", and the points of the rules, give this person.',
  },
  {
    ...{ name: 'price', kind: 'number', unit: { s: 1 }, range: [0, 2 ** 22] },
    help: 'How scarce this person was in the last tick they waited in: their dual price, 0 at first.',
  },
  {
    ...{ name: 'age', kind: 'number', unit: { years: 1 }, range: [18, 50] },
    help: `Where the age band of this person begins: ${ageBands.map((band) => ageOf(band)).join(', ')} years.`,
  },
  {
    ...{ name: 'chats', kind: 'number', unit: {}, range: [0, 2 ** 20] },
    help: 'Chats of this person so far, in their life.',
  },
  {
    ...{ name: 'matches', kind: 'number', unit: {}, range: [0, EXPOSURE_SECONDS] },
    help: `Matches of this person in the last ${EXPOSURE_SECONDS / 60} minutes: their exposure.`,
  },
  flag('newcomer', 'Whether this person has never had a chat.'),
  flag('paying', 'Whether this person pays.'),
  flag('reported', 'Whether this person was reported lately.'),
  group('country', countries, `Country, as in me.country == you.country or me.country == "JP".`),
  group('language', languages, `Device language, as in me.language == "ja".`),
  group('gender', genders, `Gender, as in me.gender != you.gender.`),
];

/** Names of the terms that belong to a person, in their documented order. */
export const personTerms: readonly string[] = terms.filter((t) => t.predicted !== true).map((t) => t.name);

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

interface Described {
  readonly name: string;
  readonly form: string;
  readonly help: string;
}

/** Functions, with the numbers of arguments that they take. */
export const functions: readonly (Described & { readonly from: number; readonly to: number })[] = [
  { name: 'min', form: 'min(x, y)', help: 'The smallest of two or more values.', from: 2, to: 8 },
  { name: 'max', form: 'max(x, y)', help: 'The largest of two or more values.', from: 2, to: 8 },
  { name: 'abs', form: 'abs(x)', help: 'The value without its sign.', from: 1, to: 1 },
  {
    name: 'exp',
    form: 'exp(x)',
    help: 'e to the power of x, which must lie between -80 and 80.',
    from: 1,
    to: 1,
  },
  { name: 'log', form: 'log(x)', help: 'The natural logarithm of x, which must be above 0.', from: 1, to: 1 },
  {
    name: 'sqrt',
    form: 'sqrt(x)',
    help: 'The square root of x, which must not be negative.',
    from: 1,
    to: 1,
  },
  {
    name: 'clamp',
    form: 'clamp(x, low, high)',
    help: 'x, but at least low and at most high.',
    from: 3,
    to: 3,
  },
  { name: 'if', form: 'if(condition, x, y)', help: 'x where the condition holds, else y.', from: 3, to: 3 },
  {
    ...{ name: 'both', form: 'both(x)', from: 1, to: 1 },
    help: 'The mean of x and of x with "me" and "you" exchanged: makes any value symmetric.',
  },
];

/** Names of constants. */
export const constants: readonly (Described & { readonly unit: Term['unit'] })[] = [
  { name: 'second', form: 'second', help: 'One second: gives a number the unit of weights.', unit: { s: 1 } },
  { name: 'year', form: 'year', help: 'One year, the unit of ages.', unit: { years: 1 } },
];
