import { ageBands, countries, genders } from '../../scenario/countries.ts';
import { newcomerNames, NewcomerBook } from '../../sim/collect/segments.ts';
import { revenueOf } from '../../sim/moments/decision.ts';
import type { TailGains } from '../../sim/moments/measures/tail-book.ts';
import type { ChatStart, Market } from '../../sim/types.ts';
import type { People } from '../../world/types.ts';
import type { EffectMetric } from '../effect-metrics.ts';
import { PairedSums } from '../paired-sums.ts';
import { PeopleSeen } from './people-seen.ts';
import { PersonSums } from './person-sums.ts';
import { QuantileSums } from './quantile-sums.ts';
import { personKey, type MarketIndex } from './signed-sums.ts';
import { SliceGrid } from './slice-grid.ts';
import { WaitSums } from './wait-sums.ts';

/** Dimensions and their slices, in table order. */
export const dimensions = [
  ['country', countries.map((c) => c.code as string)],
  ['gender', genders],
  ['age', ageBands],
  ['newcomer', newcomerNames],
  ['filter', ['with a filter', 'without a filter']],
  ['hour', Array.from({ length: 24 }, (_, h) => `${h}:00`)],
] as const satisfies readonly (readonly [string, readonly string[]])[];

const levels = dimensions.map(([, names]) => names.length);
const attributes = levels.slice(0, -1);
/** Of chats and waits: the person's attributes crossed, the hour apart. */
const byHour = new SliceGrid([attributes, levels.slice(-1)]);
/** Of people: they have no hour. */
const byPerson = new SliceGrid([attributes]);

/**
 * Partners are dependent: a chat adds the same seconds to both. If chats were all that differs
 * between people, the variance of a sum over people would be twice the sum of their squares.
 */
const SHARED_CHATS = 2;

/** Everything that is kept of two markets. Its size depends on slices and slots, not on time. */
export class Observed {
  readonly chats: PairedSums;
  readonly chatLengths = new QuantileSums(byHour);
  readonly waits: WaitSums;
  readonly waitLengths = new QuantileSums(byHour);
  /** Columns: people; seconds in chats, chats; of the feed: seconds, re-entries, money. */
  readonly people: PersonSums;
  /** Columns: people with a first chat, its seconds. */
  readonly firsts: PersonSums;
  /** Columns: views of young posts, their seconds, the squares of those. */
  readonly views: PersonSums;
  /** Columns: slates, and the gains of their tail as in `TAIL_COLUMNS`. */
  readonly slates: PersonSums;
  /** Columns: people who left, those who return the next day. */
  readonly leavers: PersonSums;
  readonly seen: Readonly<Record<EffectMetric['of'], PeopleSeen>>;

  constructor(slots: number, seed: number) {
    this.chats = new PairedSums(byHour, 4, seed);
    this.waits = new WaitSums(byHour, seed);
    this.people = new PersonSums(byPerson, 6, seed, SHARED_CHATS);
    this.firsts = new PersonSums(byPerson, 2, seed, SHARED_CHATS);
    this.views = new PersonSums(byPerson, 3, seed, 1);
    this.slates = new PersonSums(byPerson, 6, seed, 1);
    this.leavers = new PersonSums(byPerson, 2, seed, 1);
    this.seen = {
      chats: new PeopleSeen(byHour, slots),
      firsts: new PeopleSeen(byPerson, slots),
      views: new PeopleSeen(byPerson, slots),
      slates: new PeopleSeen(byPerson, slots),
      waits: new PeopleSeen(byHour, slots),
      people: new PeopleSeen(byPerson, slots),
      leavers: new PeopleSeen(byPerson, slots),
    };
  }
}

/** One of the markets as it is observed. */
export interface Watch {
  /** Lengths of the waits that go on, so far, by slice. */
  openWaits(): QuantileSums;
  stop(): void;
}

/** What a request to the feed does to the share of tail creators. */
const TAIL_COLUMNS = [
  'tail',
  'retrieval',
  'ranking',
  'reranking',
  'slate',
] as const satisfies readonly (keyof TailGains)[];

/** A wait that began during the warm-up. */
const LEFT_OUT = -1;
/** Nobody left from this slot. */
const STAYED = 0xffffffff;

/**
 * Adds what happens in a market from now on. Chats and waits that begin before `from` are left out.
 */
export function watchMarket(market: Market, m: MarketIndex, into: Observed, from: number): Watch {
  const { people } = market.world;
  const { startHour } = market.scenario.population;
  const { longChatSeconds, swipeSeconds } = market.scenario.behaviour;
  const newcomers = new NewcomerBook(people);
  const [own, partner] = [new Uint8Array(dimensions.length), new Uint8Array(dimensions.length)];
  const hourAt = (time: number) => Math.floor(startHour + time / 3600) % 24;
  const keyOf = (person: number) => personKey(person, people.generation[person]);
  const chat = new Float64Array(4);
  /** Per slot: when the present wait began, or NaN; who is known to be here; who left, and how. */
  const since = new Float64Array(people.count).fill(NaN);
  const present = new Uint32Array(people.count).fill(STAYED);
  const left = new Uint32Array(people.count).fill(STAYED);
  /** Per slot: who had their first chat of the evening. */
  const met = new Uint32Array(people.count).fill(STAYED);
  const returns = new Uint8Array(people.count);

  const levelsOf = (person: number, time: number, levels: Uint8Array) =>
    place(people, person, newcomers.isNewcomer(person), hourAt(time), levels);
  const meet = (person: number, levels: Uint8Array) => {
    const generation = people.generation[person];
    if (present[person] === generation) return;
    present[person] = generation;
    into.seen.people.see(person, generation, levels);
    into.people.add(m, keyOf(person), levels, [1, 0, 0, 0, 0, 0]);
  };
  const side = (person: number, levels: Uint8Array, seconds: number) => {
    meet(person, levels);
    into.seen.chats.see(person, people.generation[person], levels);
    into.people.add(m, keyOf(person), levels, [0, seconds, 1, 0, 0, 0]);
    into.chatLengths.add(m, levels, seconds);
  };
  const first = (person: number, levels: Uint8Array, seconds: number) => {
    const generation = people.generation[person];
    if (met[person] === generation) return;
    met[person] = generation;
    into.seen.firsts.see(person, generation, levels);
    into.firsts.add(m, keyOf(person), levels, [1, seconds]);
  };
  const feed = (person: number, time: number, values: readonly number[]) => {
    levelsOf(person, time, own);
    meet(person, own);
    into.people.add(m, keyOf(person), own, values);
  };
  const beginWait = (person: number, begin: number) => {
    since[person] = begin < from ? LEFT_OUT : begin;
    if (begin < from) return;
    levelsOf(person, begin, own);
    meet(person, own);
    into.seen.waits.see(person, people.generation[person], own);
    into.waits.begin(m, keyOf(person), own, begin - from);
  };
  const endWait = (person: number, seconds: number, matched: boolean) => {
    const begin = since[person];
    since[person] = NaN;
    if (begin === LEFT_OUT) return;
    levelsOf(person, begin, own);
    into.waits.end(m, keyOf(person), own, begin - from, seconds, matched);
    into.waitLengths.add(m, own, seconds);
  };

  const stop = market.observe({
    arrived(person, time, newcomer) {
      newcomers.arrived(person, newcomer);
      beginWait(person, time);
    },
    chatBegan({ a, b, start, duration, shares }: Readonly<ChatStart>) {
      if (start < from) {
        for (const person of [a, b]) met[person] = people.generation[person];
        return;
      }
      levelsOf(a, start, own);
      levelsOf(b, start, partner);
      chat[0] = duration;
      chat[1] = duration > longChatSeconds ? 1 : 0;
      chat[2] = duration < swipeSeconds ? 1 : 0;
      chat[3] = shares;
      into.chats.addPair(m, keyOf(a), keyOf(b), own, partner, chat);
      side(a, own, duration);
      side(b, partner, duration);
      first(a, own, duration);
      first(b, partner, duration);
    },
    ticked({ time, matching }, pool) {
      for (let i = 0; i < pool.n; i++) {
        const person = pool.ids[i];
        if (Number.isNaN(since[person])) beginWait(person, Math.max(0, time - pool.waited[i]));
        if (matching.mate[i] !== -1) endWait(person, pool.waited[i], true);
      }
    },
    decided(decision) {
      const { person, time, seconds, moment, place } = decision;
      const revenue = revenueOf(decision, market.scenario);
      if (time < from || (moment === 'tray' && revenue === 0)) return;
      feed(person, time, [0, 0, 0, seconds, 0, revenue]);
      if (moment === 'tray') return;
      const { maker, tail } = market.moments!.feed;
      const gains = place === 1 ? tail.gains() : null;
      if (gains !== null) {
        into.seen.slates.see(person, people.generation[person], own);
        into.slates.add(m, keyOf(person), own, [1, ...TAIL_COLUMNS.map((name) => gains[name])]);
      }
      if (!maker.isYoung(decision)) return;
      into.seen.views.see(person, people.generation[person], own);
      into.views.add(m, keyOf(person), own, [1, seconds, seconds ** 2], decision.item);
    },
    resumed(person, time) {
      if (time >= from) feed(person, time, [0, 0, 0, 0, 1, 0]);
    },
    left(person, time, reason, waited, returnsNextDay) {
      if (reason === 'waiting') {
        if (Number.isNaN(since[person])) beginWait(person, Math.max(0, time - waited));
        endWait(person, waited, false);
      }
      const generation = people.generation[person];
      // What happened in the warm-up decides about those who began nothing after it.
      if (time < from || present[person] !== generation) return;
      levelsOf(person, time, own);
      const again = left[person] === generation;
      const before = again ? returns[person] : 0;
      left[person] = generation;
      returns[person] = returnsNextDay ? 1 : 0;
      into.seen.leavers.see(person, generation, own);
      into.leavers.add(m, keyOf(person), own, [again ? 0 : 1, returns[person] - before]);
    },
  });

  return {
    stop,
    openWaits() {
      const open = new QuantileSums(byHour);
      since.forEach((begin, person) => {
        if (Number.isNaN(begin) || begin === LEFT_OUT) return;
        levelsOf(person, begin, own);
        open.add(m, own, market.time - begin);
      });
      return open;
    },
  };
}

/** Writes a person's level in every dimension. */
function place(people: People, id: number, newcomer: boolean, hour: number, into: Uint8Array): void {
  const filter = people.wantsGender[id] !== 3 || people.wantsOwnCountry[id] === 1;
  into[0] = people.country[id];
  into[1] = people.gender[id];
  into[2] = people.age[id];
  into[3] = newcomer ? 0 : 1;
  into[4] = filter ? 0 : 1;
  into[5] = hour;
}
