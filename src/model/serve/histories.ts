import type { People } from '../../world/types.ts';
import { SessionSums, tellOutcome } from '../layout/tokens.ts';
import { DENSE, features, SLOTS } from '../layout/features.ts';

/**
 * A person's features at the first match of the evening, f32[SLOTS + DENSE]. Training uses them as
 * the profile of the whole evening, as a service does that updates its features once a day. Never
 * changed, so it can be shared and kept.
 */
export type Profile = Float32Array;

/**
 * A person's session: their matches this evening. The lists hold the latest, oldest first. They are
 * replaced, because an array that grows keeps room for 16 more entries, and most people have few.
 */
export interface PersonHistory {
  readonly generation: number;
  /** Fixed at the first match; undefined before. */
  profile: Profile | undefined;
  partners: readonly Profile[];
  /** Arguments of {@link tellOutcome}: seconds, and outcome bits + 64 leaver + 128 side. */
  durations: readonly number[];
  bits: readonly number[];
  readonly sums: SessionSums;
  /** End of the last match, simulated seconds. */
  ended: number;
}

/** Matches that are always kept, whichever models are loaded: longer than most evenings. */
const KEPT_MATCHES = 32;

/** Profiles in one buffer: a buffer of its own takes as much room again as a profile. */
const PROFILES = 64;

const LEAVER = 64;
const SIDE = 128;

/** The sessions of a market's people: profiles, partners, outcomes, plain sums. */
export class Histories {
  readonly #people: People;
  readonly #sessions: (PersonHistory | undefined)[];
  readonly #sparse = new Uint32Array(SLOTS);
  readonly #dense = new Float32Array(DENSE);
  readonly #one = new Uint32Array(1);
  #kept = KEPT_MATCHES;
  /** Where the next profiles are kept, and how much of it is in use. */
  #room: Profile = new Float32Array(0);
  #taken = 0;

  constructor(people: People) {
    this.#people = people;
    this.#sessions = new Array<PersonHistory | undefined>(people.count).fill(undefined);
  }

  /** Keeps at least `matches` per person from now on. */
  keep(matches: number): void {
    this.#kept = Math.max(this.#kept, matches);
  }

  /** The session of the person in slot `id`. A reborn slot starts with an empty session. */
  of(id: number): PersonHistory {
    const generation = this.#people.generation[id];
    let session = this.#sessions[id];
    if (session?.generation !== generation)
      this.#sessions[id] = session = {
        generation,
        profile: undefined,
        partners: [],
        durations: [],
        bits: [],
        sums: new SessionSums(),
        ended: 0,
      };
    return session;
  }

  /** Fixes the profiles of two people at their first match, before anything about them changes. */
  met(a: number, b: number): void {
    for (const id of [a, b]) this.of(id).profile ??= this.#fixed(id);
  }

  /** Adds a finished chat; `outcome` as in sim/types.ts. Chats without `met` are ignored. */
  ended(chat: { a: number; b: number; end: number; duration: number; leaver: 0 | 1; outcome: number }): void {
    const sessions = [this.of(chat.a), this.of(chat.b)] as const;
    const profiles = [sessions[0].profile, sessions[1].profile] as const;
    if (profiles[0] === undefined || profiles[1] === undefined) return;
    for (const side of [0, 1] as const) {
      const own = sessions[side];
      own.partners = this.#with(own.partners, profiles[1 - side] as Profile);
      own.durations = this.#with(own.durations, chat.duration);
      own.bits = this.#with(own.bits, chat.outcome + LEAVER * chat.leaver + SIDE * side);
      own.sums.add(tellOutcome(chat.duration, chat.leaver, chat.outcome, side));
      own.ended = chat.end;
    }
  }

  /** The list with an entry more, without its oldest ones where it is full. */
  #with<T>(list: readonly T[], entry: T): readonly T[] {
    const kept = list.length < this.#kept ? list : list.slice(1 - this.#kept);
    return kept.concat(entry);
  }

  /** The profile in use: the fixed one, or the current features before the first match. */
  profile(id: number): Profile {
    return this.of(id).profile ?? this.#current(id);
  }

  /** Features of `ids[0..n)` for a tower: sparse u32[n][SLOTS], dense f32[n][DENSE]. */
  fill(ids: ArrayLike<number>, n: number, sparse: Uint32Array, dense: Float32Array): void {
    for (let k = 0; k < n; k++) putProfile(this.profile(ids[k]), k, sparse, dense);
  }

  #fixed(id: number): Profile {
    if (this.#taken === this.#room.length) {
      this.#room = new Float32Array(PROFILES * (SLOTS + DENSE));
      this.#taken = 0;
    }
    const from = this.#taken;
    this.#taken += SLOTS + DENSE;
    const profile = this.#room.subarray(from, this.#taken);
    profile.set(this.#current(id));
    return profile;
  }

  #current(id: number): Profile {
    this.#one[0] = id;
    features(this.#people, this.#one, 1, this.#sparse, this.#dense);
    const profile = new Float32Array(SLOTS + DENSE);
    profile.set(this.#sparse);
    profile.set(this.#dense, SLOTS);
    return profile;
  }
}

/** Writes a profile as row `k` of a tower's inputs. */
export function putProfile(profile: Profile, k: number, sparse: Uint32Array, dense: Float32Array): void {
  for (let s = 0; s < SLOTS; s++) sparse[k * SLOTS + s] = profile[s];
  for (let d = 0; d < DENSE; d++) dense[k * DENSE + d] = profile[SLOTS + d];
}

/** Features of the `k`-th match that is kept, as {@link tellOutcome} gives them. */
export function toldBy({ durations, bits }: PersonHistory, k: number): number[] {
  const word = bits[k];
  return tellOutcome(
    durations[k],
    (word & LEAVER) === 0 ? 0 : 1,
    word & (LEAVER - 1),
    (word & SIDE) === 0 ? 0 : 1,
  );
}
