import { exp, log } from '../base/math.ts';
import type { Scenario, ScorerName } from './schema.ts';

/** Maximum length of a chat, seconds. */
export const MAX_CHAT_SECONDS = 7200;

/** An approximately lognormal distribution of chat lengths. */
export interface ChatLaw {
  /** Mean and standard deviation of ln seconds. */
  readonly location: number;
  readonly spread: number;
  /** Mean length, seconds. */
  readonly mean: number;
}

/** Average of `whimShare` (sim/evening/session-behaviour.ts) over the people of an evening. */
const WHIM = 0.45;

/**
 * How much each scorer lengthens chats, in standard deviations of the differences between pairs.
 * Measured on the default evening.
 */
const choice: Record<ScorerName, number> = {
  random: 0.2,
  'first-come': 0.2,
  rules: 0.54,
  towers: 0.66,
  'wide-deep': 0.66,
  'wide-deep-s': 0.66,
  cupid: 0.66,
  // Unknown: that of the average policy.
  vectors: 0.54,
  oracle: 0.88,
};

/**
 * Approximates the distribution of chat lengths: the smaller of two lognormal times whose locations
 * differ between pairs. It sizes the market (how many people are in a chat at opening, how many
 * wait); the simulation does not use it for any chat. Without `scorer` it describes an average
 * policy, so that the people of an evening do not depend on the policy.
 */
export function chatLaw({ behaviour }: Scenario, scorer: ScorerName = 'rules'): ChatLaw {
  const { talkativeness, talkSpread, countryTalk, tail, taste, hub, language, age, tonight } = behaviour;
  const pair = taste ** 2 + hub ** 2 + (language / 2) ** 2 + age ** 2;
  const side = Math.sqrt(tail ** 2 + talkSpread ** 2 + countryTalk ** 2 + pair + (WHIM * tonight) ** 2);
  // The minimum of two independent standard normals has mean -1/sqrt(pi) = -.564 and standard
  // deviation sqrt(1 - 1/pi) = .826.
  const spread = 0.826 * side;
  const location = log(talkativeness) - 0.564 * side + choice[scorer] * Math.sqrt(pair) + 0.25 * language;
  return { location, spread, mean: exp(location + (spread * spread) / 2) };
}
