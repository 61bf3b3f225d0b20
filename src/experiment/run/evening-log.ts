import type { Market } from '../../sim/types.ts';
import type { TailGains } from '../../sim/moments/measures/tail-book.ts';
import { Rows } from './columns.ts';
import { ReadingRows, type ReadingColumns } from '../log/reading-rows.ts';

/**
 * What happened in one market, as columns. People are numbered in the order in which they were
 * first seen; a reborn slot is another person.
 */
export interface EveningLog {
  /** End of the evening, simulated seconds. */
  readonly seconds: number;
  readonly people: {
    readonly count: number;
    /** Slot and generation identify the same person in the other market of a pair. */
    readonly slot: Uint32Array;
    readonly generation: Uint32Array;
    /** First arrival, simulated seconds. */
    readonly arrived: Float64Array;
    readonly country: Uint8Array;
    readonly gender: Uint8Array;
    readonly age: Uint8Array;
    readonly language: Uint8Array;
    /** 1: has a filter; 1: had no chat before the evening. */
    readonly filter: Uint8Array;
    readonly newcomer: Uint8Array;
    /** -1: did not leave; 0, 1: whether they return the next day (of the last leaving). */
    readonly returns: Int8Array;
  };
  readonly chats: {
    readonly count: number;
    readonly start: Float64Array;
    /** Final length, known when the chat begins. */
    readonly seconds: Float64Array;
    /** Indices of people. */
    readonly a: Uint32Array;
    readonly b: Uint32Array;
    readonly armA: Uint8Array;
    readonly armB: Uint8Array;
    /** Stickers that both shared in it. */
    readonly shares: Uint32Array;
  };
  /** Of the feed, one row per slate. */
  readonly readings: ReadingColumns;
  /** One row per view of a post younger than thirty minutes. */
  readonly youngViews: {
    readonly count: number;
    readonly person: Uint32Array;
    readonly begin: Float64Array;
    readonly seconds: Float64Array;
    readonly arm: Uint8Array;
  };
  /** One row per request to the feed: what `TailBook.gains` gives. */
  readonly slates: {
    readonly count: number;
    readonly person: Uint32Array;
    readonly begin: Float64Array;
    readonly arm: Uint8Array;
  } & Readonly<Record<keyof TailGains, Float64Array>>;
  readonly waits: {
    readonly count: number;
    readonly person: Uint32Array;
    readonly begin: Float64Array;
    /** Until it ended, or until the end of the evening. */
    readonly seconds: Float64Array;
    /**
     * 0: still waiting at the end, 1: matched, 2: gave up. Whether a person waits again after a
     * chat shows at the next tick: a wait that begins after the last tick is left out.
     */
    readonly ended: Uint8Array;
    readonly arm: Uint8Array;
    /** Sum of the person's dual prices over the ticks of the wait, units of weight. */
    readonly price: Float64Array;
  };
  /** Per tick, and (from `waiting` on) per tick and arm: sums over the people of the pool. */
  readonly ticks: {
    readonly count: number;
    /** f64[ticks]: simulated seconds. */
    readonly time: Float64Array;
    /** u32[ticks][2]. */
    readonly waiting: Uint32Array;
    /** [ticks][2]: matched people; half of the weight of their pairs. */
    readonly matched: Uint32Array;
    readonly weight: Float64Array;
    /** f64[ticks][2]: dual prices of all who wait. */
    readonly price: Float64Array;
  };
  /** Digest of the event log. */
  readonly digest: string;
}

export const Ended = { waiting: 0, matched: 1, gaveUp: 2 } as const;

/**
 * Of the person who now occupies a slot, at a simulated time in seconds. 0: arm A, 1: arm B, 2: A,
 * but not by a draw, so that designs leave them out.
 */
export type ArmAt = (slot: number, time: number) => 0 | 1 | 2;

export interface EveningRecorder {
  /** What happened until now. All arrays are new. */
  log(): EveningLog;
}

/**
 * Records a market from its opening. A chat and a wait have the arm that their people have when it
 * begins.
 */
export function recordEvening(market: Market, armAt: ArmAt = () => 0): EveningRecorder {
  const { people: traits } = market.world;
  const people = new Rows({
    ...{ slot: Uint32Array, generation: Uint32Array, arrived: Float64Array },
    ...{ country: Uint8Array, gender: Uint8Array, age: Uint8Array, language: Uint8Array },
    ...{ filter: Uint8Array, newcomer: Uint8Array },
  });
  const returns: number[] = [];
  const chats = new Rows({
    ...{ start: Float64Array, seconds: Float64Array, a: Uint32Array, b: Uint32Array },
    ...{ armA: Uint8Array, armB: Uint8Array, shares: Uint32Array },
  });
  const waits = new Rows({
    ...{ person: Uint32Array, begin: Float64Array, seconds: Float64Array },
    ...{ ended: Uint8Array, arm: Uint8Array, price: Float64Array },
  });
  const readings = new ReadingRows(market.scenario);
  const youngViews = new Rows({
    ...{ person: Uint32Array, begin: Float64Array, seconds: Float64Array, arm: Uint8Array },
  });
  const slates = new Rows({
    ...{ person: Uint32Array, begin: Float64Array, arm: Uint8Array, tail: Float64Array },
    ...{ retrieval: Float64Array, ranking: Float64Array, reranking: Float64Array, slate: Float64Array },
  });
  const times: number[] = [];
  /** Two rows per tick, one per arm. */
  const arms = new Rows({
    ...{ waiting: Uint32Array, matched: Uint32Array, weight: Float64Array, price: Float64Array },
  });
  /** By slot: number of its person; begin of their wait, NaN without one; arm of the wait. */
  const number = new Int32Array(traits.count).fill(-1);
  const generation = new Uint32Array(traits.count);
  const since = new Float64Array(traits.count).fill(NaN);
  const armSince = new Uint8Array(traits.count);
  /** By slot: the last moment at which it was seen to wait. */
  const shownUntil = new Float64Array(traits.count).fill(-1);
  const priceSince = new Float64Array(traits.count);

  const beginWait = (slot: number, time: number) => {
    since[slot] = time;
    armSince[slot] = armAt(slot, time);
    priceSince[slot] = 0;
  };
  const waitUntil = (slot: number, time: number, ended: number) => ({
    ...{ person: number[slot], begin: since[slot], seconds: time - since[slot] },
    ...{ ended, arm: armSince[slot], price: priceSince[slot] },
  });
  const endWait = (slot: number, time: number, ended: number) => {
    waits.add(waitUntil(slot, time, ended));
    since[slot] = NaN;
  };

  market.observe({
    arrived(slot, time, newcomer) {
      if (number[slot] < 0 || generation[slot] !== traits.generation[slot]) {
        number[slot] = people.count;
        generation[slot] = traits.generation[slot];
        people.add({
          ...{ slot, generation: generation[slot], arrived: time },
          country: traits.country[slot],
          gender: traits.gender[slot],
          age: traits.age[slot],
          language: traits.language[slot],
          filter: traits.wantsGender[slot] !== 3 || traits.wantsOwnCountry[slot] === 1 ? 1 : 0,
          newcomer: newcomer ? 1 : 0,
        });
        returns.push(-1);
      }
      beginWait(slot, time);
      shownUntil[slot] = time;
    },
    ticked({ time, matching: { mate, weight, price } }, pool) {
      times.push(time);
      const sums = [0, 1].map(() => ({ waiting: 0, matched: 0, weight: 0, price: 0 }));
      for (let i = 0; i < pool.n; i++) {
        shownUntil[pool.ids[i]] = time;
        const own = sums[armAt(pool.ids[i], time) === 1 ? 1 : 0];
        own.waiting++;
        own.price += price[i];
        priceSince[pool.ids[i]] += price[i];
        if (mate[i] === -1) continue;
        own.matched++;
        own.weight += weight[i] / 2;
      }
      for (const own of sums) arms.add(own);
    },
    chatBegan({ start, duration, a, b, shares }) {
      chats.add({
        ...{ start, seconds: duration, a: number[a], b: number[b] },
        ...{ armA: armAt(a, start), armB: armAt(b, start), shares },
      });
      endWait(a, start, Ended.matched);
      endWait(b, start, Ended.matched);
    },
    // Both wait again, unless `left` or `reads` says otherwise at the same moment.
    chatEnded({ end, a, b }) {
      beginWait(a, end);
      beginWait(b, end);
    },
    reads(slot) {
      since[slot] = NaN;
    },
    decided(decision) {
      const { person, time } = decision;
      const arm = armAt(person, time);
      readings.decided(number[person], decision, arm);
      if (decision.moment === 'tray') return;
      const { maker, tail } = market.moments!.feed;
      const gains = decision.place === 1 ? tail.gains() : null;
      if (gains !== null) slates.add({ person: number[person], begin: time, arm, ...gains });
      if (maker.isYoung(decision))
        youngViews.add({ person: number[person], begin: time, seconds: decision.seconds, arm });
    },
    resumed(slot, time) {
      readings.resumed(number[slot]);
      beginWait(slot, time);
    },
    left(slot, time, reason, _waited, returnsNextDay) {
      if (reason === 'waiting') endWait(slot, time, Ended.gaveUp);
      since[slot] = NaN;
      returns[number[slot]] = returnsNextDay ? 1 : 0;
    },
  });

  return {
    log() {
      const seconds = market.time;
      const open = [...since.keys()].filter((slot) => since[slot] <= shownUntil[slot]);
      return {
        seconds,
        people: { ...people.columns(), returns: Int8Array.from(returns) },
        chats: chats.columns(),
        readings: readings.columns(),
        youngViews: youngViews.columns(),
        slates: slates.columns(),
        waits: waits.columns(open.map((slot) => waitUntil(slot, seconds, Ended.waiting))),
        ticks: { ...arms.columns(), count: times.length, time: Float64Array.from(times) },
        digest: market.digest.hex(),
      };
    },
  };
}
