import type { TokenBatch, Transformer } from '../layout/transformer.ts';
import type { Tower } from '../layout/tower.ts';
import { windowStart } from '../layout/tokens.ts';
import { DENSE, SLOTS } from '../layout/features.ts';
import { forwardFeatures } from './tower.ts';
import { putProfile, toldBy, type Histories, type PersonHistory, type Profile } from './histories.ts';

/** Computes e_session of a batch: on a GPU, or by the twin. */
export type ComputeSessionVectors = (net: Transformer, batch: TokenBatch) => Promise<Float32Array>;

/** A vector that is wanted: of this person after so many matches, the last of which ended then. */
interface Wanted {
  readonly person: number;
  readonly session: PersonHistory;
  readonly position: number;
  readonly ended: number;
  /** There without delay: made when a person arrives, before any match. */
  readonly atOnce: boolean;
}

/** Vectors on their way into the memory. */
interface Flight {
  wanted: readonly Wanted[];
  readonly batch: TokenBatch;
  /** Row of every one of `wanted` in the batch. */
  rows: readonly number[];
  promise: Promise<Float32Array> | undefined;
  vectors: Float32Array | undefined;
}

/** A vector in the memory. */
interface Held {
  readonly session: PersonHistory;
  readonly position: number;
  /** When it came into the memory, simulated seconds. */
  readonly since: number;
  readonly vector: Float32Array;
}

/** How the memory stood when a tick read it. */
export interface EmbeddingAges {
  /** Seconds that the vectors of those who wait have been in the memory: mean and largest. */
  readonly meanAge: number;
  readonly maxAge: number;
  /** How many of those who wait had a match that their vector does not know. */
  readonly stale: number;
}

/**
 * The embedding memory of CUPID: e_session of everybody, computed outside the tick when a match ends, readable `delay` simulated seconds after
 * its end. The tick reads what is there. In simulated time this is deterministic: a tick waits for a vector that is due, however
 * long it takes to compute, and never sees one that is not.
 *
 * A person's first vector (nothing but the person) is made at arrival, before the first wish for a match, and is there at once.
 */
export class EmbeddingMemory {
  readonly #net: Transformer;
  readonly #features: Tower;
  readonly #histories: Histories;
  readonly #held = new Map<number, Held>();
  readonly #embedded = new WeakMap<Profile, Float32Array>();
  #queue: Wanted[] = [];
  #flights: Flight[] = [];
  /** Vectors computed so far. */
  computed = 0;

  /** `features`: the tower whose output is e_feature. */
  constructor(net: Transformer, features: Tower, histories: Histories) {
    this.#net = net;
    this.#features = features;
    this.#histories = histories;
  }

  /** A person comes into the pool from outside. Only who had no match yet needs a vector. */
  arrived(person: number): void {
    if (this.#histories.of(person).sums.matches === 0) this.#want(person, true);
  }

  /** A match of this person is over, and the history knows it. */
  finished(person: number): void {
    this.#want(person, false);
  }

  #want(person: number, atOnce: boolean): void {
    const session = this.#histories.of(person);
    this.#queue.push({ person, session, position: session.sums.matches, ended: session.ended, atOnce });
  }

  /** Starts computing what was asked for since the last call, all in one batch. Nobody has to wait for it. */
  dispatch(compute: ComputeSessionVectors): void {
    if (this.#queue.length === 0) return;
    const wanted = this.#queue;
    this.#queue = [];
    const flight: Flight = {
      wanted,
      batch: this.tokens(
        wanted.map((w) => w.session),
        wanted.map((w) => w.person),
      ),
      rows: wanted.map((_, row) => row),
      promise: undefined,
      vectors: undefined,
    };
    this.#flights.push(flight);
    this.#start(flight, compute);
  }

  /** When nothing is being computed any more, well or badly. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#flights.flatMap((f) => f.promise ?? []));
  }

  #start(flight: Flight, compute: ComputeSessionVectors): void {
    flight.promise = compute(this.#net, flight.batch);
    // A failure speaks when a tick needs the vectors.
    flight.promise.catch(() => undefined);
  }

  /**
   * What is due at `now` enters the memory, and whoever of `ids[0..n)` has no vector at all gets one. If computing fails, the same call can
   * be made again.
   */
  async settle(
    ids: Uint32Array,
    n: number,
    now: number,
    delay: number,
    compute: ComputeSessionVectors,
  ): Promise<void> {
    this.dispatch(compute);
    const due = (w: Wanted): boolean => w.atOnce || w.ended <= now - delay;
    for (const flight of this.#flights) {
      if (!flight.wanted.some(due)) continue;
      if (flight.vectors === undefined) {
        try {
          flight.vectors = await flight.promise;
        } catch {
          // Perhaps another device by now.
          this.#start(flight, compute);
          flight.vectors = await flight.promise;
        }
        this.computed += flight.batch.count;
      }
      const late: { w: Wanted; row: number }[] = [];
      flight.wanted.forEach((w, k) => {
        const row = flight.rows[k];
        if (due(w))
          this.#put(w, flight.vectors as Float32Array, row, w.atOnce ? now : Math.max(0, w.ended + delay));
        else late.push({ w, row });
      });
      flight.wanted = late.map(({ w }) => w);
      flight.rows = late.map(({ row }) => row);
    }
    this.#flights = this.#flights.filter((f) => f.wanted.length > 0);
    const missing = this.#waiting(ids, n).filter(
      (id) => this.#held.get(id)?.session !== this.#histories.of(id),
    );
    await this.#now(missing, now, compute);
  }

  /** Everybody of `ids[0..n)` anew, from all that is known: the synchronous way. */
  async refresh(ids: Uint32Array, n: number, now: number, compute: ComputeSessionVectors): Promise<void> {
    this.#queue = [];
    this.#flights = [];
    await this.#now(this.#waiting(ids, n), now, compute);
  }

  #waiting(ids: Uint32Array, n: number): number[] {
    return Array.from(ids.subarray(0, n));
  }

  async #now(ids: readonly number[], now: number, compute: ComputeSessionVectors): Promise<void> {
    if (ids.length === 0) return;
    const sessions = ids.map((id) => this.#histories.of(id));
    const vectors = await compute(this.#net, this.tokens(sessions, ids));
    this.computed += ids.length;
    ids.forEach((person, row) => {
      const session = sessions[row];
      this.#put(
        { person, session, position: session.sums.matches, ended: 0, atOnce: true },
        vectors,
        row,
        now,
      );
    });
  }

  /** A vector that knows less than the one that is there is not taken: synchronous ones may have overtaken it. */
  #put({ person, session, position }: Wanted, vectors: Float32Array, row: number, since: number): void {
    if (this.#histories.of(person) !== session) return;
    const old = this.#held.get(person);
    if (old?.session === session && old.position > position) return;
    const { size } = this.#net;
    this.#held.set(person, { session, position, since, vector: vectors.slice(row * size, (row + 1) * size) });
  }

  /** e_session of `ids[0..n)` as the memory has it, into f32[n][size]; zeros for who has none. */
  read(ids: Uint32Array, n: number, out: Float32Array): void {
    const { size } = this.#net;
    for (let k = 0; k < n; k++) {
      const held = this.#held.get(ids[k]);
      if (held === undefined) out.fill(0, k * size, (k + 1) * size);
      else out.set(held.vector, k * size);
    }
  }

  /** Seconds that a person's vector has been in the memory, and matches that it does not know. */
  ageOf(person: number, now: number): { age: number; missing: number } {
    const held = this.#held.get(person);
    const session = this.#histories.of(person);
    if (held?.session !== session) return { age: Infinity, missing: session.sums.matches };
    return { age: now - held.since, missing: session.sums.matches - held.position };
  }

  state(ids: Uint32Array, n: number, now: number): EmbeddingAges {
    let sum = 0;
    let maxAge = 0;
    let stale = 0;
    for (let k = 0; k < n; k++) {
      const { age, missing } = this.ageOf(ids[k], now);
      sum += age;
      maxAge = Math.max(maxAge, age);
      if (missing > 0) stale++;
    }
    return { meanAge: n === 0 ? 0 : sum / n, maxAge, stale };
  }

  /** The histories of these people as tokens: the window of the last matches that training reads at the same position. */
  tokens(sessions: readonly PersonHistory[], persons: readonly number[]): TokenBatch {
    const { size, outcomes, history } = this.#net;
    const count = sessions.length;
    const first = new Uint32Array(count + 1);
    const seen = sessions.map(({ sums, partners }, i) => {
      const matches = Math.min(partners.length, sums.matches - windowStart(sums.matches, history));
      first[i + 1] = first[i] + matches + 1;
      return matches;
    });
    const profiles: Profile[] = [];
    sessions.forEach((session, i) => {
      profiles.push(session.profile ?? this.#histories.profile(persons[i]));
      for (let k = session.partners.length - seen[i]; k < session.partners.length; k++)
        profiles.push(session.partners[k]);
    });
    this.#embed(profiles);
    const vectors = new Float32Array(first[count] * size);
    profiles.forEach((profile, token) =>
      vectors.set(this.#embedded.get(profile) as Float32Array, token * size),
    );
    const told = new Float32Array(first[count] * outcomes);
    sessions.forEach((session, i) => {
      for (let k = 0; k < seen[i]; k++)
        told.set(toldBy(session, session.partners.length - seen[i] + k), (first[i] + 1 + k) * outcomes);
    });
    return { count, first, vectors, outcomes: told };
  }

  /** e_feature of profiles that have none yet, in f32 as it is stored. */
  #embed(profiles: readonly Profile[]): void {
    const fresh = [...new Set(profiles)].filter((p) => !this.#embedded.has(p));
    if (fresh.length === 0) return;
    const sparse = new Uint32Array(fresh.length * SLOTS);
    const dense = new Float32Array(fresh.length * DENSE);
    fresh.forEach((profile, k) => putProfile(profile, k, sparse, dense));
    const e = Float32Array.from(forwardFeatures({ tower: this.#features, sparse, dense }, fresh.length));
    const { size } = this.#net;
    fresh.forEach((profile, k) => this.#embedded.set(profile, e.slice(k * size, (k + 1) * size)));
  }
}
