import { exp, log, tanh } from '../../base/math.ts';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { MAX_CHAT_SECONDS } from '../../scenario/chat-law.ts';
import { toUnit } from '../../world/birth.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { TASTE, type World } from '../../world/types.ts';
import { Outcome } from '../types.ts';

/** Minimum length of a chat, seconds: the time to connect. */
const MIN_CHAT_SECONDS = 0.3;
/** Share of the way that mood moves towards the last chat. */
const MOOD_STEP = 0.35;
/** Width of the scale on which mood judges a chat, ln seconds. */
const MOOD_WIDTH = 1.2;
/** Loss of mood by a wait as long as the person's patience. */
const WAIT_GRUDGE = 0.2;
/** Slopes of reports and friend requests over ln duration. */
const REPORT_SLOPE = -0.7;
const FRIEND_SLOPE = 0.8;
/** Factor on the report rate of a person who was recently reported. */
const REPORTED_AGAIN = 4;

const Kind = { stay: 0, report: 1, friend: 2 } as const;

export interface Meeting {
  /** Seconds. */
  duration: number;
  /** 0: a left first. */
  leaver: 0 | 1;
}

/**
 * The course and effects of a meeting of two people. Every draw is keyed by (who, whom, when), so
 * the same meeting at the same moment has the same luck under every policy. `a` and `b` are in
 * ascending order of id.
 */
export class Meetings {
  /** ln seconds of a chat that is neither good nor bad. */
  readonly middling: number;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.middling = middlingLog(world.scenario.behaviour);
  }

  /** Each side draws its time to leave; the first ends the chat. Fills and returns `out`. */
  begin(a: number, b: number, startMs: number, out: Meeting): Meeting {
    const ta = this.#stay(a, b, startMs);
    const tb = this.#stay(b, a, startMs);
    out.leaver = ta <= tb ? 0 : 1;
    out.duration = Math.min(MAX_CHAT_SECONDS, Math.max(MIN_CHAT_SECONDS, Math.min(ta, tb)));
    return out;
  }

  /** Outcome bits at the end of a chat. */
  end(a: number, b: number, startMs: number, duration: number, leaver: 0 | 1): number {
    const { swipeSeconds } = this.#world.scenario.behaviour;
    let bits = 0;
    if (duration < swipeSeconds) bits |= leaver === 0 ? Outcome.swipeA : Outcome.swipeB;
    const ease = log(duration) - this.middling;
    if (this.#reports(a, b, startMs, ease)) bits |= Outcome.reportA;
    if (this.#reports(b, a, startMs, ease)) bits |= Outcome.reportB;
    if (this.#befriends(a, b, startMs, ease)) bits |= Outcome.friendA;
    if (this.#befriends(b, a, startMs, ease)) bits |= Outcome.friendB;
    return bits;
  }

  /** Updates `person` after a chat: count and mean length of chats, mood and, slightly, taste. */
  remember(person: number, partner: number, duration: number, waited: number): void {
    const { people, scenario } = this.#world;
    const { tasteDrift, longChatSeconds } = scenario.behaviour;
    const length = log(duration);
    people.chats[person]++;
    people.meanLog[person] += (length - people.meanLog[person]) / people.chats[person];
    const share = waited / people.patience[person];
    people.mood[person] = moodAfter(people.mood[person], length - this.middling, share);
    if (tasteDrift > 0 && duration > longChatSeconds) {
      const at = person * TASTE;
      for (let k = 0; k < TASTE; k++)
        people.taste[at + k] += tasteDrift * (people.appeal[partner * TASTE + k] - people.taste[at + k]);
      toUnit(people.taste, at);
    }
  }

  #stay(who: number, whom: number, startMs: number): number {
    const { seed, behaviour } = this.#world.scenario;
    const z = normal(seed, Stream.behaviour, who, whom, moment(startMs, Kind.stay));
    return exp(stayLocation(this.#world, who, whom) + behaviour.tail * z);
  }

  #reports(who: number, whom: number, startMs: number, ease: number): boolean {
    const { people, scenario } = this.#world;
    const chance =
      scenario.behaviour.reportRate *
      exp(REPORT_SLOPE * ease) *
      (people.reported[whom] === 1 ? REPORTED_AGAIN : 1);
    return (
      uniform(scenario.seed, Stream.behaviour, who, whom, moment(startMs, Kind.report)) <
      Math.min(0.9, chance)
    );
  }

  #befriends(who: number, whom: number, startMs: number, ease: number): boolean {
    const { scenario } = this.#world;
    const chance = scenario.behaviour.friendRate * exp(FRIEND_SLOPE * ease);
    return (
      uniform(scenario.seed, Stream.behaviour, who, whom, moment(startMs, Kind.friend)) <
      Math.min(0.9, chance)
    );
  }
}

/**
 * How long one person would stay with another in their present mood: location of a log-normal law,
 * ln seconds. Its scale is the knob `tail`.
 */
export function stayLocation(world: World, who: number, whom: number): number {
  return world.location(who, whom) + world.scenario.behaviour.mood * world.people.mood[who];
}

/** ln seconds of a chat that is neither good nor bad. */
export const middlingLog = ({ talkativeness }: Pick<Scenario['behaviour'], 'talkativeness'>): number =>
  log(talkativeness / 2);

/**
 * Mood after a chat, from the mood before it, the ln length of the chat less that of a middling
 * one, and the wait before it as a share of the person's patience.
 */
export function moodAfter(mood: number, ease: number, waited: number): number {
  const joy = tanh(ease / MOOD_WIDTH);
  const grudge = WAIT_GRUDGE * Math.min(1, waited);
  return Math.max(-1, Math.min(1, mood + MOOD_STEP * (joy - mood) - grudge));
}

/** Counter of a draw: 1/20 s since opening and kind, below 2^23 (repeats after 29 hours). */
function moment(startMs: number, kind: number): number {
  return (Math.floor(startMs / 50) * 4 + kind) & 0x7fffff;
}
