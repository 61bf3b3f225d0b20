/** How arms are assigned in a market, and what is estimated from it. Each is a row of the report. */
export const designNames = [
  'paired', // the truth: everybody under A, everybody under B, same draws
  'users', // by person: difference in means between arms
  'cuped', // the market of 'users', adjusted by the pre-period (the person's mean before the warm-up ends)
  'pairs', // the market of 'users': chats with both sides treated against none treated (dyadic Horvitz-Thompson / Hajek)
  'shadow-price', // the market of 'users': values less dual prices of the tick
  'clusters', // by cluster (an attribute of people)
  'regions', // cluster x window
  'budget-split', // by person, people of different arms may not meet
  'switchback', // by window: difference of window means after burn-in
  'switchback-ht', // the market of 'switchback': Horvitz-Thompson with the window's probability, one lag of carry-over
  'switchback-corrected', // the market of 'switchback': bias-corrected by the burn-in (Hu and Wager)
  'ticks', // a coin per tick: difference in means
  'difference-in-q', // the market of 'ticks': differences in Q, truncated
] as const;
export type DesignName = (typeof designNames)[number];

/**
 * chat: mean length, s. long, short: shares of chats. matched: share of waits that end in a match.
 * wait: mean wait, s. time: seconds in chats per person. chats: chats per person. returns: share of
 * people who left who return the next day. chat-p10, chat-p50, chat-p90, wait-p90: quantiles, s.
 */
export const outcomeNames = [
  'chat',
  'long',
  'short',
  'matched',
  'wait',
  'time',
  'chats',
  'returns',
  'chat-p10',
  'chat-p50',
  'chat-p90',
  'wait-p90',
] as const;
export type OutcomeName = (typeof outcomeNames)[number];
