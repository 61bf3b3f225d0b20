import type { Scenario, ScorerName } from './schema.ts';

/** No chat is longer (s): the two fall asleep. */
export const MAX_CHAT_SECONDS = 7200;

/** Lengths of chats: about lognormal. */
export interface ChatLaw {
  /** Mean and standard deviation of ln seconds. */
  readonly location: number;
  readonly spread: number;
  /** Mean length, seconds. */
  readonly mean: number;
}

/** How much of a newcomer's whim the people of an evening have on average (see `whimShare` in sim/sessions.ts). */
const WHIM = 0.45;

/** By how much each scorer lengthens chats, in standard deviations of what differs between pairs. Measured on the default evening. */
const choice: Record<ScorerName, number> = {
  random: 0.2,
  'first-come': 0.2,
  rules: 0.54,
  towers: 0.66,
  'wide-deep': 0.66,
  'wide-deep-s': 0.66,
  cupid: 0.66,
  oracle: 0.88,
};

/**
 * A rough law of the lengths of chats: the smaller of two lognormal times whose locations differ between pairs. It sizes the
 * market (who is in a chat at opening, how many wait); the simulation never uses it for a chat. Without `scorer` it speaks of a
 * middling policy, the same for every policy, so that the people of an evening do not depend on it.
 */
export function chatLaw({ behaviour }: Scenario, scorer: ScorerName = 'rules'): ChatLaw {
  const { talkativeness, talkSpread, countryTalk, tail, taste, hub, language, age, tonight } = behaviour;
  const pair = taste ** 2 + hub ** 2 + (language / 2) ** 2 + age ** 2;
  const side = Math.sqrt(tail ** 2 + talkSpread ** 2 + countryTalk ** 2 + pair + (WHIM * tonight) ** 2);
  // Of two independent normal numbers the smaller has mean -.564 sd and standard deviation .826 sd.
  const spread = 0.826 * side;
  const location =
    Math.log(talkativeness) - 0.564 * side + choice[scorer] * Math.sqrt(pair) + 0.25 * language;
  return { location, spread, mean: Math.exp(location + (spread * spread) / 2) };
}
