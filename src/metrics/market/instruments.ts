/**
 * Names and columns of the tables behind the page's charts. sim/collect makes them, the chart
 * worker draws them, `lab run --json` prints them. A column `waiting_XX` stands for one column per
 * country code. Times are simulated unless they are marked as real.
 *
 * - supply-series: one row per point; time_s, waiting_all, waiting_XX... [people]
 * - pressure: one row per (asker's country, asked country); from, to (text), demand, supply
 *   [people], pressure = demand / supply [1]; see supply-demand.ts
 * - segment-price: one row per segment; dimension, segment (text), supply, demand [people],
 *   pressure [1], mean_price [s, or points]
 * - latency: one row per stage upload, embed, score, match, readback, tick (none if it took no
 *   time); stage, clock (text), count, p50_ms, p90_ms, p99_ms, p999_ms (corrected for coordinated
 *   omission for 'tick'), raw_p50_ms ... raw_p999_ms, max_ms [real ms]; facts: budget_ms, tick_ms,
 *   adapter, p999_from (fewer observations have no p999)
 * - latency-histogram: one row per (stage, bin); stage (text), from_ms, to_ms, count
 * - waits: one row per segment 'all' + countries, of all waits, also those that go on; segment
 *   (text), count, open, p50_s, p90_s, p99_s, p999_s (Kaplan-Meier; blank where too few have
 *   ended), max_s; facts: method, p999_from, gave_up_share (of the ended ones)
 * - wait-histogram: one row per bin; from_s, to_s, matched, left, open [people]
 * - slices: one row per slice, first the dimension 'all'; dimension, slice (text), people
 *   [different people], n_a, n_b [chat sides, waits or people], mean_a, mean_b, effect (b - a),
 *   low, high [s, 1 for shares, or chats; always valid, blank where none is claimed], flagged
 *   (0/1: the effect is claimed, corrected for the number of slices), reversed (0/1: and against
 *   the claimed effect on all), may_be_chance (0/1: against it without a claim); facts: metric,
 *   verdict, explanation, explanation_<dimension>, policy_a, policy_b, warm_up_s, interval, and of
 *   a dimension with a claim: dimension, mix_effect, within_effect
 * - calibration: one row per decile of prediction; predicted [s, points, or 1 without a unit],
 *   real_s, low, high [s], count; facts: mean_error_s
 * - quality-series: one row per point; time_s, matched_share [1], gap [1]; of the chats that began:
 *   predicted_s (blank unless the scorer predicts seconds), real_s [s]
 * - gap-closing: one row per check of the last auction, the last one after the exchanges; rounds,
 *   gap [1]
 * - exposure: Lorenz curve, 101 rows; people_share, match_share [1]; facts: gini, people
 * Where the scenario has a feed or a tray, also:
 * - feed-exposure: one row per stage, from the live posts to those seen; stage (text), tail_share
 *   [1] (posts by creators outside the most popular tenth), posts; of the last look at the stages:
 *   change [1] by the stage, chance [1] (how large a change may be by chance), sign (of a change
 *   beyond chance, else 0), all blank for the live posts and those seen; facts: explanation
 * - feed-gates: one row per gate that a post reached; gate (text), passed_share, if_alike
 *   [1] (if every view were a click with the mean chance), posts
 * - feed-latency: one row per stage of a request; stage (text), p50_ms, p99_ms [real ms]
 * - feed-parties: one row per source of money; party (text), money; facts: people_reading_s,
 *   reentry_share, shares_per_chat, creators_seen, creators
 * - feed-heads: one row per outcome of a card; outcome (text), real, predicted [1], views
 * - feed-intents: one row per true intent of a reader, and after a skip or a read; intent, after
 *   (text), left_share, low, high [1] (95 % at any look; blank where too little is known), posts,
 *   people; facts: explanation
 */
export const instrumentNames = [
  'supply-series',
  'pressure',
  'segment-price',
  'latency',
  'latency-histogram',
  'waits',
  'wait-histogram',
  'slices',
  'calibration',
  'quality-series',
  'gap-closing',
  'exposure',
  'feed-exposure',
  'feed-gates',
  'feed-latency',
  'feed-parties',
  'feed-heads',
  'feed-intents',
] as const;
export type InstrumentName = (typeof instrumentNames)[number];
