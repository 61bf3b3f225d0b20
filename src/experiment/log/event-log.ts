import { doneBy, sourceNames } from '../../sim/moments/decision.ts';
import { Outcome, type Market } from '../../sim/types.ts';
import { profileOf } from '../aha/visits.ts';

/** Columns of the event log: what each holds, and of which events. Times in simulated seconds. */
export const logColumns = {
  /** arrival, tick, pair, chat (its end), reading (its begin), decision, departure. */
  event: 'text',
  time_s: 'number',
  /** Number of the tick (tick, pair). */
  tick: 'number',
  /** Slot and generation of a person. A pair and a chat have two. */
  person: 'text',
  partner: 'text',
  // Of an arrival.
  country: 'text',
  language: 'text',
  speaks: 'text',
  gender: 'text',
  age: 'text',
  reported: 'text',
  paying: 'text',
  /** Gender that the person asks for, or "none". */
  filter: 'text',
  own_country: 'text',
  newcomer: 'text',
  /** Chats before this evening and so far. */
  history: 'text',
  // Of a tick: people who wait, pairs, the sum of their weights and the bound of any matching.
  waiting: 'number',
  pairs: 'number',
  /** Of a tick and of a pair. */
  weight: 'number',
  bound: 'number',
  // Of a pair: dual prices, and waits (also of a departure).
  price: 'number',
  partner_price: 'number',
  wait_s: 'number',
  partner_wait_s: 'number',
  // Of a chat: length, the weight predicted without bonuses, who left first, what each side did.
  seconds: 'number',
  predicted: 'number',
  left_first: 'text',
  swipe: 'number',
  partner_swipe: 'number',
  report: 'number',
  partner_report: 'number',
  friend: 'number',
  partner_friend: 'number',
  // Of a departure: "waiting" (patience ran out), "done" or "feed", and whether they return the
  // next day.
  reason: 'text',
  returns: 'number',
  // Of a decision, one card of a slate or one place of a stream of stickers: the moment ("feed" or
  // "tray"), the number of the request, the place from 1, the number of the post and its creator
  // (none for ads and stickers), and the source.
  moment: 'text',
  request: 'number',
  place: 'number',
  item: 'number',
  creator: 'text',
  source: 'text',
  // Its chance where it was drawn, given the places before; where nothing was drawn there is none.
  propensity: 'number',
  // Predicted attraction, and chance of a click; what the person did, separated by blanks.
  score: 'number',
  click_chance: 'number',
  did: 'text',
} as const satisfies Readonly<Record<string, 'text' | 'number'>>;

export type LogColumn = keyof typeof logColumns;
/** An event. Columns that say nothing about it are missing. */
export type LogRow = Partial<Readonly<Record<LogColumn, string | number>>>;

/**
 * Passes every event of a market to `write`, in the order in which they happen, from now on. The
 * events of a tick come before the pairs of that tick. Nothing is kept. Returns the end of it.
 */
export function followEvents(market: Market, write: (row: LogRow) => void): () => void {
  const { people } = market.world;
  // With a hyphen, so that no reader takes it for a number.
  const name = (slot: number) => `${slot}-${people.generation[slot]}`;
  const did = (outcome: number, bit: number) => ((outcome & bit) === 0 ? 0 : 1);
  return market.observe({
    arrived: (person, time, newcomer) =>
      write({
        ...{ event: 'arrival', time_s: time, person: name(person) },
        ...profileOf(market, person, newcomer),
      }),
    ticked({ tick, time, pairs, matching }, pool) {
      const { mate, weight, price, total, upperBound } = matching;
      write({
        ...{ event: 'tick', time_s: time, tick, waiting: pool.n },
        ...{ pairs, weight: total, bound: upperBound },
      });
      for (let i = 0; i < pool.n; i++) {
        const j = mate[i];
        if (j <= i) continue;
        write({
          ...{ event: 'pair', time_s: time, tick, person: name(pool.ids[i]), partner: name(pool.ids[j]) },
          ...{ weight: weight[i], price: price[i], partner_price: price[j] },
          ...{ wait_s: pool.waited[i], partner_wait_s: pool.waited[j] },
        });
      }
    },
    chatEnded({ end, a, b, duration, predicted, leaver, outcome }) {
      write({
        ...{ event: 'chat', time_s: end, person: name(a), partner: name(b), seconds: duration, predicted },
        left_first: name(leaver === 0 ? a : b),
        ...{ swipe: did(outcome, Outcome.swipeA), partner_swipe: did(outcome, Outcome.swipeB) },
        ...{ report: did(outcome, Outcome.reportA), partner_report: did(outcome, Outcome.reportB) },
        ...{ friend: did(outcome, Outcome.friendA), partner_friend: did(outcome, Outcome.friendB) },
      });
    },
    reads: (person, time) => write({ event: 'reading', time_s: time, person: name(person) }),
    decided: (d) =>
      write({
        ...{ event: 'decision', time_s: d.time, person: name(d.person), moment: d.moment },
        ...{ request: d.request, place: d.place, source: sourceNames[d.source], seconds: d.seconds },
        ...(d.item >= 0 && { item: d.item, creator: name(d.creator) }),
        ...(!Number.isNaN(d.propensity) && { propensity: d.propensity }),
        ...(!Number.isNaN(d.score) && { score: d.score }),
        ...(!Number.isNaN(d.click) && { click_chance: d.click }),
        did: doneBy(d.did).join(' '),
      }),
    left: (person, time, reason, waited, returnsNextDay) =>
      write({
        ...{ event: 'departure', time_s: time, person: name(person), reason, wait_s: waited },
        returns: Number(returnsNextDay),
      }),
  });
}
