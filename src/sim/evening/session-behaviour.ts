import { exp } from '../../base/math.ts';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { WISHES } from '../../world/law.ts';
import type { World } from '../../world/types.ts';

/** Effect of mood (-1 to 1) on another match, coming back, and returning next day, log odds. */
const AGAIN_SLOPE = 1.2;
const COME_BACK_SLOPE = 0.5;
const RETENTION_SLOPE = 1.5;
/** Effect of mood on patience, and spread of patience between waits, natural log. */
const PATIENCE_SLOPE = 0.5;
const WAIT_SPREAD = 0.5;
/** Spread of the break before coming back, natural log, and its maximum, seconds. */
const BREAK_SPREAD = 0.8;
export const MAX_BREAK_SECONDS = 12 * 3600;
/** Share of a newcomer's whim that a regular keeps, and the count of chats that halves the rest. */
const REGULAR_WHIM = 0.3;
const WHIM_CHATS = 4;

const Kind = { again: 0, patience: 1, comeBack: 2, break: 3, retention: 4, wish: 5 } as const;

/**
 * Decisions of a person during a session (from arrival to departure). Draws are keyed by (person,
 * session, number of the chat), so a person has the same luck under every policy, whomever
 * they meet.
 */
export class SessionBehaviour {
  readonly #world: World;
  /** u16[people]: chats in the current session. */
  readonly chats: Uint16Array;

  constructor(world: World) {
    this.#world = world;
    this.chats = new Uint16Array(world.people.count);
  }

  begin(person: number): void {
    const { people } = this.#world;
    people.sessions[person]++;
    people.mood[person] = 0;
    this.chats[person] = 0;
    people.wish[person] = Math.floor(WISHES * this.#uniform(person, Kind.wish));
    people.whim[person] = this.#world.scenario.behaviour.tonight * whimShare(people.chats[person]);
  }

  /** Whether the person wants another match after this chat. */
  again(person: number): boolean {
    const p = shifted(this.#world.scenario.behaviour.again, AGAIN_SLOPE * this.#mood(person));
    return this.#uniform(person, Kind.again) < p;
  }

  /** How long the person will wait now, seconds. */
  patience(person: number): number {
    const z = normal(
      this.#seed,
      Stream.behaviour,
      person,
      this.#session(person),
      this.#counter(person, Kind.patience),
    );
    return this.#world.people.patience[person] * exp(PATIENCE_SLOPE * this.#mood(person) + WAIT_SPREAD * z);
  }

  /** Seconds until the person comes back this evening, or Infinity. */
  comesBackAfter(person: number): number {
    const { comeBack, comeBackMinutes } = this.#world.scenario.behaviour;
    if (this.#uniform(person, Kind.comeBack) >= shifted(comeBack, COME_BACK_SLOPE * this.#mood(person)))
      return Infinity;
    const z = normal(
      this.#seed,
      Stream.behaviour,
      person,
      this.#session(person),
      this.#counter(person, Kind.break),
    );
    return Math.min(MAX_BREAK_SECONDS, 60 * comeBackMinutes * exp(BREAK_SPREAD * z));
  }

  /** Whether the person returns the next day. A session without any chat counts as a bad one. */
  returnsNextDay(person: number): boolean {
    const { retention } = this.#world.scenario.behaviour;
    const p = returnChance(retention, this.#mood(person), this.chats[person]);
    return this.#uniform(person, Kind.retention) < p;
  }

  get #seed(): number {
    return this.#world.scenario.seed;
  }

  #mood(person: number): number {
    return this.#world.people.mood[person];
  }

  #uniform(person: number, kind: number): number {
    return uniform(this.#seed, Stream.behaviour, person, this.#session(person), this.#counter(person, kind));
  }

  /** Counter word of a session. The top bit separates it from the ids of partners. */
  #session(person: number): number {
    const { generation, sessions } = this.#world.people;
    return (0x80000000 | (generation[person] << 16) | (sessions[person] & 0xffff)) >>> 0;
  }

  #counter(person: number, kind: number): number {
    return this.chats[person] * 8 + kind;
  }
}

/** Share of a newcomer's whim after this many chats: regulars know what they like. */
export function whimShare(chats: number): number {
  return REGULAR_WHIM + (1 - REGULAR_WHIM) / (1 + chats / WHIM_CHATS);
}

/** Chance to return the next day: the knob, moved by the mood. No chat is a bad session. */
export const returnChance = (retention: number, mood: number, chats: number): number =>
  shifted(retention, RETENTION_SLOPE * (chats === 0 ? -1 : mood));

/** The share `p` moved by `shift` in log odds; 0 and 1 do not change. */
export function shifted(p: number, shift: number): number {
  if (p <= 0 || p >= 1) return p;
  return 1 / (1 + ((1 - p) / p) * exp(-shift));
}
