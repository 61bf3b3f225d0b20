import { ageBands } from '../countries.ts';
import { taskScorers } from './task-scorers.ts';
import { ageOf, EXPOSURE_SECONDS } from './terms.ts';
import type { Term } from './terms.ts';

const only = `only under the scorers ${taskScorers.join(', ')}`;

/** What the terms are, one line each. */
export const termHelp: Readonly<Record<string, string>> = {
  score: 'How long this side is predicted to enjoy the chat: seconds, or points under rules; never 0.',
  log: 'The natural logarithm of score.',
  points: 'The prediction as the scorer gives it: points under rules, which may be 0; else as score.',
  report: `The predicted chance that this side reports the other, 0 to 1; ${only}.`,
  friend: `The predicted chance that this side sends a friend request, 0 to 1; ${only}.`,
  swipe: `The predicted chance that this side ends the chat by a swipe, 0 to 1; ${only}.`,
  wait: 'How long this person has waited for this match, seconds.',
  bonus: 'What the knobs "Waiting bonus" and "Bonus", and the points of the rules, give this person.',
  price: 'How scarce this person was in the last tick they waited in: their dual price, 0 at first.',
  age: `Where the age band of this person begins: ${ageBands.map((band) => ageOf(band)).join(', ')} years.`,
  chats: 'Chats of this person so far, in their life.',
  matches: `Matches of this person in the last ${EXPOSURE_SECONDS / 60} minutes: their exposure.`,
  newcomer: 'Whether this person has never had a chat.',
  paying: 'Whether this person pays.',
  reported: 'Whether this person was reported lately.',
  country: `Country, as in me.country == you.country or me.country == "JP".`,
  language: `Device language, as in me.language == "ja".`,
  gender: `Gender, as in me.gender != you.gender.`,
};

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
