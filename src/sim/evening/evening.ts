import { LabError, must } from '../../base/errors.ts';
import type { Digest } from '../../base/hash.ts';
import { MAX_CHAT_SECONDS } from '../../scenario/chat-law.ts';
import { createBirth } from '../../world/birth.ts';
import type { ContentMoments } from '../moments/moments.ts';
import type { World } from '../../world/types.ts';
import { Arrivals } from './arrivals.ts';
import { BalanceBook, type Whereabouts } from './balance.ts';
import { Calendar } from './calendar.ts';
import { Meetings, type Meeting } from './meeting.ts';
import { WaitingList } from './waiting-list.ts';
import { MAX_BREAK_SECONDS, SessionBehaviour } from './session-behaviour.ts';
import type { ChatEnd, LeaveReason, MarketObserver } from '../types.ts';

/** Where a person is. */
const Place = { offline: 0, waiting: 1, chat: 2, away: 3, reading: 4 } as const;

const placeOf = { waiting: Place.waiting, inChat: Place.chat, reading: Place.reading } as const;

/** Slices of the calendars: the shortest tick, and a second. */
const CHAT_SLICE_MS = 50;
const BREAK_SLICE_MS = 1000;

/** Kinds of events in the digest. */
const Event = { arrival: 1, chat: 2, end: 3, leave: 4, read: 5 } as const;
/** Longest reading: ten cards of the longest posts, with room. */
const MAX_READING_MS = 3_600_000;
/** Bits of a leaving in the digest. */
const leaveBits = { done: 0, waiting: 1, feed: 4 } as const;

/** The people of one market over time: who waits, who chats until when, who comes back. */
export class EveningState {
  readonly waiting: WaitingList;
  readonly book = new BalanceBook();
  readonly #world: World;
  readonly #digest: Digest;
  readonly #observers: readonly MarketObserver[];
  readonly #arrivals: Arrivals;
  readonly #meetings: Meetings;
  readonly #sessions: SessionBehaviour;
  /** Of the calendars: nobody is in a chat, on a break or in the feed at the same time. */
  readonly #next: Int32Array;
  readonly #chats: Calendar;
  readonly #breaks: Calendar;
  readonly #birth: ReturnType<typeof createBirth>;

  readonly #place: Uint8Array;
  /** Per person in a chat: partner, wait before it (s). Per chat, at the smaller id: the rest. */
  readonly #partner: Uint32Array;
  readonly #waited: Float32Array;
  readonly #start: Float64Array;
  readonly #duration: Float64Array;
  readonly #predicted: Float32Array;
  readonly #leaver: Uint8Array;
  /** People who left for the rest of the evening, oldest first: a ring buffer. */
  readonly #gone: Uint32Array;
  #goneFrom = 0;
  #goneCount = 0;

  /** Feed and tray, where the scenario has one of them; and who reads until when. */
  #moments: ContentMoments | undefined;
  #readings: Calendar | undefined;
  readonly #readUntil: Float64Array;

  #nowMs = 0;
  readonly #meeting: Meeting = { duration: 0, leaver: 0 };
  readonly #begun = { start: 0, a: 0, b: 0, duration: 0, predicted: 0, shares: 0 };
  readonly #end: ChatEnd = {
    start: 0,
    end: 0,
    a: 0,
    b: 0,
    duration: 0,
    predicted: 0,
    leaver: 0,
    outcome: 0,
    waitedA: 0,
    waitedB: 0,
  };

  constructor(world: World, digest: Digest, observers: readonly MarketObserver[]) {
    const { count } = world.people;
    this.#world = world;
    this.#digest = digest;
    this.#observers = observers;
    this.#arrivals = new Arrivals(world);
    this.#meetings = new Meetings(world);
    this.#sessions = new SessionBehaviour(world);
    this.#birth = createBirth(world.scenario);
    this.waiting = new WaitingList(count);
    this.#next = new Int32Array(count);
    this.#chats = new Calendar(CHAT_SLICE_MS, 1000 * (MAX_CHAT_SECONDS + 60), this.#next);
    this.#breaks = new Calendar(BREAK_SLICE_MS, 1000 * (MAX_BREAK_SECONDS + 60), this.#next);
    this.#place = new Uint8Array(count);
    this.#partner = new Uint32Array(count);
    this.#waited = new Float32Array(count);
    this.#start = new Float64Array(count);
    this.#duration = new Float64Array(count);
    this.#predicted = new Float32Array(count);
    this.#leaver = new Uint8Array(count);
    this.#gone = new Uint32Array(count);
    this.#readUntil = new Float64Array(world.scenario.feed.on === 'on' ? count : 0);
  }

  /** Adds feed and tray, before the first tick. */
  join(moments: ContentMoments): void {
    this.#moments = moments;
    if (this.#readUntil.length > 0) this.#readings = new Calendar(CHAT_SLICE_MS, MAX_READING_MS, this.#next);
  }

  /** A person who opened the feed reads until a simulated time. */
  readonly readUntil = (person: number, untilMs: number): void => {
    this.#expect(person, Place.reading);
    this.#readUntil[person] = untilMs;
    this.#readings!.add(person, untilMs);
  };

  /** Two people of the pool begin to chat. The caller takes them off the waiting list. */
  beginChat(one: number, other: number, nowMs: number, predicted: number): void {
    const a = Math.min(one, other);
    const b = Math.max(one, other);
    must(a !== b, () => `person ${a} was paired with themselves`);
    const { duration: own, leaver } = this.#meetings.begin(a, b, nowMs, this.#meeting);
    const { chats } = this.#sessions;
    const added = this.#moments?.matched(a, b, nowMs, own, [chats[a], chats[b]]) ?? 0;
    const duration = Math.min(MAX_CHAT_SECONDS, own + added);
    for (const person of [a, b]) {
      this.#expect(person, Place.waiting);
      this.#place[person] = Place.chat;
      this.#waited[person] = this.waiting.waitedFor(person, nowMs);
      this.book.move(this.#world.people.country[person], 'waiting', 'inChat');
    }
    this.#partner[a] = b;
    this.#partner[b] = a;
    this.#start[a] = nowMs;
    this.#duration[a] = duration;
    this.#predicted[a] = predicted;
    this.#leaver[a] = leaver;
    this.waiting.remember(a, b);
    this.#chats.add(a, nowMs + 1000 * duration);
    this.#digest.add(Event.chat);
    this.#digest.add(a);
    this.#digest.add(b);
    this.#digest.addFloat(duration);
    const begun = this.#begun;
    begun.start = nowMs / 1000;
    begun.a = a;
    begun.b = b;
    begun.duration = duration;
    begun.predicted = predicted;
    begun.shares = this.#moments?.tray.sharesOfLast ?? 0;
    for (const o of this.#observers) o.chatBegan?.(begun);
  }

  /** Advances to `nowMs`: chats end, breaks end, people arrive, patience runs out. */
  advance(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#chats.take(nowMs, this.#endChat);
    this.#readings?.take(nowMs, this.#endReading);
    this.#breaks.take(nowMs, this.#comeBack);
    this.#arrivals.take(nowMs, this.#arrive, this.#recycle, this.#retire);
    this.waiting.age(nowMs, this.#giveUp);
    this.book.check(this.waiting.n);
  }

  readonly #endChat = (a: number): void => {
    const b = this.#partner[a];
    const end = this.#end;
    end.start = this.#start[a] / 1000;
    end.duration = this.#duration[a];
    end.end = end.start + end.duration;
    end.a = a;
    end.b = b;
    end.predicted = this.#predicted[a];
    end.leaver = this.#leaver[a] as 0 | 1;
    end.waitedA = this.#waited[a];
    end.waitedB = this.#waited[b];
    end.outcome = this.#meetings.end(a, b, this.#start[a], end.duration, end.leaver);
    this.#digest.add(Event.end);
    this.#digest.add(a);
    this.#digest.add(end.outcome);
    for (const o of this.#observers) o.chatEnded?.(end);

    const endMs = this.#start[a] + 1000 * end.duration;
    this.#meetings.remember(a, b, end.duration, end.waitedA);
    this.#meetings.remember(b, a, end.duration, end.waitedB);
    for (const person of [a, b]) {
      this.#expect(person, Place.chat);
      if (this.#readings !== undefined && this.#moments!.feed.asks(person, this.#sessions.chats[person]))
        this.#read(person, endMs);
      else this.#goOn(person, endMs, 'inChat');
    }
  };

  /** After a chat, and the feed where it was opened: another match, or none. */
  #goOn(person: number, sinceMs: number, from: 'inChat' | 'reading'): void {
    const again = this.#sessions.again(person);
    this.#sessions.chats[person]++;
    if (again) this.#wait(person, sinceMs, from);
    else this.#leave(person, from, 'done', 0);
  }

  #read(person: number, sinceMs: number): void {
    this.#place[person] = Place.reading;
    this.book.move(this.#world.people.country[person], 'inChat', 'reading');
    this.#digest.add(Event.read);
    this.#digest.add(person);
    for (const o of this.#observers) o.reads?.(person, sinceMs / 1000);
  }

  readonly #endReading = (person: number): void => {
    this.#expect(person, Place.reading);
    if (!this.#moments!.feed.finish(person)) {
      this.#goOn(person, this.#readUntil[person], 'reading');
      return;
    }
    this.#sessions.chats[person]++;
    this.#leave(person, 'reading', 'feed', 0);
  };

  readonly #comeBack = (person: number): void => this.#enter(person, this.#nowMs);

  readonly #arrive = (timeMs: number, person: number): void => this.#enter(person, timeMs);

  readonly #giveUp = (person: number): void =>
    this.#leave(person, 'waiting', 'waiting', this.waiting.waitedFor(person, this.#nowMs));

  /** A person comes online: a new session begins. */
  #enter(person: number, timeMs: number): void {
    const place = this.#place[person];
    if (place !== Place.offline && place !== Place.away)
      throw new LabError(`person ${person} arrived while online; this is a bug`);
    const { people } = this.#world;
    const newcomer = people.chats[person] === 0;
    this.#sessions.begin(person);
    this.#moments?.arrived(person);
    this.#wait(person, timeMs, 'outside');
    this.#digest.add(Event.arrival);
    this.#digest.add(person);
    this.#digest.addFloat(timeMs);
    for (const o of this.#observers) o.arrived?.(person, timeMs / 1000, newcomer);
  }

  #wait(person: number, sinceMs: number, from: 'outside' | 'inChat' | 'reading'): void {
    this.#place[person] = Place.waiting;
    if (from === 'reading') {
      this.#moments!.tally.reentries++;
      for (const o of this.#observers) o.resumed?.(person, sinceMs / 1000);
    }
    this.waiting.enter(person, sinceMs, this.#sessions.patience(person));
    this.book.move(this.#world.people.country[person], from, 'waiting');
  }

  #leave(person: number, from: Exclude<Whereabouts, 'left'>, reason: LeaveReason, waited: number): void {
    this.#expect(person, placeOf[from]);
    this.#place[person] = Place.away;
    this.book.move(this.#world.people.country[person], from, 'left');
    const nextDay = this.#sessions.returnsNextDay(person);
    const seconds = this.#sessions.comesBackAfter(person);
    if (seconds === Infinity) this.#retire(person);
    else this.#breaks.add(person, this.#nowMs + 1000 * seconds);
    this.#digest.add(Event.leave);
    this.#digest.add(person);
    this.#digest.add(leaveBits[reason] | (nextDay ? 2 : 0));
    for (const o of this.#observers) o.left?.(person, this.#nowMs / 1000, reason, waited, nextDay);
  }

  /** Queues a person who left: they can arrive again when everyone has been here this evening. */
  readonly #retire = (person: number): void => {
    must(this.#goneCount < this.#gone.length, 'more people left than exist; this is a bug');
    this.#gone[(this.#goneFrom + this.#goneCount++) % this.#gone.length] = person;
  };

  /** The next arrival when everyone has been here: who left longest ago, reborn as a newcomer. */
  readonly #recycle = (newcomer: boolean): number => {
    if (this.#goneCount === 0) return -1;
    const person = this.#gone[this.#goneFrom];
    this.#goneFrom = (this.#goneFrom + 1) % this.#gone.length;
    this.#goneCount--;
    // Imported people are never reborn.
    if (newcomer && this.#world.cast === undefined) {
      const { people } = this.#world;
      people.generation[person]++;
      this.#birth(people, person, true);
      this.waiting.forget(person);
    }
    return person;
  };

  #expect(person: number, place: number): void {
    if (this.#place[person] !== place)
      throw new LabError(`person ${person} is not where the market thinks; this is a bug`);
  }
}
