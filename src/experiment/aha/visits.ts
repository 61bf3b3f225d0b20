import { ageBands, countries, genders, languages } from '../../scenario/countries.ts';
import { Outcome, type Market } from '../../sim/types.ts';

/** A wait of a visit, and the chat that followed. */
export interface VisitWait {
  /** Simulated seconds since opening. */
  begin: number;
  /** Seconds until it ended, or until now. */
  seconds: number;
  ended: 'waiting' | 'matched' | 'gave up';
  /** Scorer of the policy at that time. */
  readonly policy: string;
  /** Id of the person whom they met, '' for nobody. */
  partner: string;
  /** Final length of the chat, seconds; NaN without one. */
  chat: number;
  /** Whether the chat is over: what follows is known. */
  isOver: boolean;
  friend: boolean;
  report: boolean;
}

/** One visit of a person: from arrival to departure. */
export interface Visit {
  /** Slot and generation: a reborn slot is another person. */
  readonly person: string;
  readonly slot: number;
  readonly visit: number;
  /** What a service knows of the person, by the names of the world's causal diagram. */
  readonly profile: Readonly<Record<string, string>>;
  /** Median patience of the person, seconds: hidden. */
  readonly patience: number;
  readonly waits: VisitWait[];
  /** Whether they return the next day; null while they are here. */
  returns: boolean | null;
}

/** Follows every visit of a market from now on. Memory grows with the evening. */
export function recordVisits(market: Market): readonly Visit[] {
  const { people } = market.world;
  const visits: Visit[] = [];
  const present = new Map<number, Visit>();
  const visitsOf = new Map<string, number>();
  const nameOf = (slot: number) => `${slot}.${people.generation[slot]}`;
  const beginWait = (visit: Visit, begin: number) =>
    visit.waits.push({
      ...{ begin, seconds: NaN, ended: 'waiting', policy: market.policy.scorer, partner: '' },
      ...{ chat: NaN, isOver: false, friend: false, report: false },
    });
  const last = (slot: number) => present.get(slot)?.waits.at(-1);
  market.observe({
    arrived(slot, time, newcomer) {
      const person = nameOf(slot);
      const number = (visitsOf.get(person) ?? 0) + 1;
      visitsOf.set(person, number);
      const visit: Visit = {
        ...{ person, slot, visit: number, profile: profileOf(market, slot, newcomer) },
        ...{ patience: people.patience[slot], waits: [], returns: null },
      };
      visits.push(visit);
      present.set(slot, visit);
      beginWait(visit, time);
    },
    chatBegan({ start, a, b, duration }) {
      for (const [own, other] of [
        [a, b],
        [b, a],
      ]) {
        const wait = last(own);
        if (wait === undefined) continue;
        Object.assign(wait, { seconds: start - wait.begin, ended: 'matched', partner: nameOf(other) });
        wait.chat = duration;
      }
    },
    chatEnded({ a, b, end, outcome }) {
      for (const [slot, friend, report] of [
        [a, Outcome.friendA, Outcome.reportA],
        [b, Outcome.friendB, Outcome.reportB],
      ]) {
        const wait = last(slot);
        if (wait === undefined) continue;
        Object.assign(wait, { isOver: true, friend: (outcome & friend) > 0, report: (outcome & report) > 0 });
        // A person who leaves after the chat does so before anything else happens to them.
        beginWait(present.get(slot)!, end);
      }
    },
    // The wait after a reading begins when it ends.
    resumed(slot, time) {
      const wait = last(slot);
      if (wait !== undefined) wait.begin = time;
    },
    left(slot, _time, reason, waited, returnsNextDay) {
      const visit = present.get(slot);
      if (visit === undefined) return;
      present.delete(slot);
      visit.returns = returnsNextDay;
      if (reason !== 'waiting') visit.waits.pop();
      else Object.assign(visit.waits.at(-1)!, { seconds: waited, ended: 'gave up' });
    },
  });
  return visits;
}

/** What a service knows of a person, by the names of the causal diagram of the world. */
export function profileOf(market: Market, slot: number, newcomer: boolean): Visit['profile'] {
  const { people, cast } = market.world;
  const flag = (is: boolean) => String(Number(is));
  return {
    // Imported people have groups and sides of their own.
    country: cast?.groupNames[people.country[slot]] ?? countries[people.country[slot]].code,
    language: languages[people.language[slot]],
    speaks: languages.filter((_, k) => ((people.speaks[slot] >>> k) & 1) === 1).join(' '),
    gender: cast?.sideNames[people.gender[slot]] ?? genders[people.gender[slot]],
    age: ageBands[people.age[slot]],
    reported: flag(people.reported[slot] === 1),
    paying: flag(people.paying[slot] === 1),
    filter: people.wantsGender[slot] === 3 ? 'none' : genders[people.wantsGender[slot] - 1],
    own_country: flag(people.wantsOwnCountry[slot] === 1),
    newcomer: flag(newcomer),
    history: String(people.chats[slot]),
  };
}
