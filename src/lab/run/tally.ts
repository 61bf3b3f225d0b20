import { LogHistogram, TAIL_FROM } from '../../metrics/market/histogram.ts';
import { countries } from '../../scenario/countries.ts';
import { Outcome, type Market } from '../../sim/types.ts';

/** A distribution in seconds; null where nothing, or for p999 too little, was counted. */
export interface Distribution {
  readonly count: number;
  readonly mean: number | null;
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/** Counts what happens in a market from now on. */
export function tallyMarket(market: Market) {
  const matched = new LogHistogram();
  const left = new LogHistogram();
  const durations = new LogHistogram();
  const seconds = countries.map(() => 0);
  const sides = countries.map(() => 0);
  const totals = {
    newcomers: 0,
    pairs: 0,
    chatsEnded: 0,
    longChats: 0,
    swipes: 0,
    reports: 0,
    friendRequests: 0,
    leftWaiting: 0,
    leftDone: 0,
    returnNextDay: 0,
  };
  const { country } = market.world.people;
  const { longChatSeconds } = market.scenario.behaviour;
  const bits = (outcome: number, one: number, other: number) =>
    ((outcome & one) === 0 ? 0 : 1) + ((outcome & other) === 0 ? 0 : 1);
  market.observe({
    arrived: (_person, _time, newcomer) => (totals.newcomers += newcomer ? 1 : 0),
    ticked: ({ pairs }) => (totals.pairs += pairs),
    chatEnded({ a, b, duration, outcome, waitedA, waitedB }) {
      totals.chatsEnded++;
      if (duration > longChatSeconds) totals.longChats++;
      totals.swipes += bits(outcome, Outcome.swipeA, Outcome.swipeB);
      totals.reports += bits(outcome, Outcome.reportA, Outcome.reportB);
      totals.friendRequests += bits(outcome, Outcome.friendA, Outcome.friendB);
      durations.record(duration);
      for (const person of [a, b]) {
        seconds[country[person]] += duration;
        sides[country[person]]++;
      }
      matched.record(waitedA);
      matched.record(waitedB);
    },
    left(_person, _time, reason, waited, returnsNextDay) {
      totals[reason === 'waiting' ? 'leftWaiting' : 'leftDone']++;
      if (reason === 'waiting') left.record(waited);
      if (returnsNextDay) totals.returnNextDay++;
    },
  });
  return { totals, matched, left, durations, seconds, sides };
}

export function distribution(h: LogHistogram): Distribution {
  const figure = (x: number) => (h.count === 0 ? null : x);
  return {
    count: h.count,
    mean: figure(h.mean),
    p10: figure(h.percentile(0.1)),
    p50: figure(h.percentile(0.5)),
    p90: figure(h.percentile(0.9)),
    p99: figure(h.percentile(0.99)),
    p999: h.count < TAIL_FROM ? null : h.percentile(0.999),
    max: figure(h.max),
  };
}
