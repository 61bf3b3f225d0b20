import type { TokenBatch, Transformer } from '../layout/transformer.ts';
import type { Tower } from '../layout/tower.ts';
import { windowStart } from '../layout/tokens.ts';
import { DENSE, SLOTS } from '../layout/features.ts';
import { forwardFeatures } from './tower.ts';
import { putProfile, toldBy, type Histories, type PersonHistory, type Profile } from './histories.ts';

/** Computes e_session of a batch, on a GPU or by the CPU reference. */
export type ComputeSessionVectors = (net: Transformer, batch: TokenBatch) => Promise<Float32Array>;

/** A requested vector: of a person after `position` matches, the last of which ended at `ended`. */
interface Wanted {
  readonly person: number;
  readonly session: PersonHistory;
  readonly position: number;
  readonly ended: number;
  /** Available without delay: requested when a person arrives, before any match. */
  readonly atOnce: boolean;
}

/** A batch of vectors that is being computed. */
interface Flight {
  wanted: readonly Wanted[];
  readonly batch: TokenBatch;
  /** Row in the batch of each of `wanted`. */
  rows: readonly number[];
  promise: Promise<Float32Array> | undefined;
  vectors: Float32Array | undefined;
}

/** A vector in the memory. */
interface Held {
  readonly session: PersonHistory;
  readonly position: number;
  /** When it entered the memory, simulated seconds. */
  readonly since: number;
  readonly vector: Float32Array;
}

/** State of the memory when a tick read it. */
export interface EmbeddingAges {
  /** Maximum time in the memory of the vectors of the people who wait, seconds. */
  readonly maxAge: number;
  /** Count of people who wait and had a match that their vector does not include. */
  readonly stale: number;
}

/**
 * The embedding memory of CUPID (arXiv 2410.18087): e_session of everyone, computed outside the
 * tick when a match ends and readable `delay` simulated seconds after that end. A tick reads what
 * is in the memory. This is deterministic in simulated time: a tick waits for every vector that is
 * due, however long it takes to compute, and never sees one that is not due.
 *
 * A person's first vector (of the person alone) is requested at arrival and available at once.
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

  /** A person arrived. Only people without any match need a vector. */
  arrived(person: number): void {
    if (this.#histories.of(person).sums.matches === 0) this.#want(person, true);
  }

  /** A match of this person is over and already in the histories. */
  finished(person: number): void {
    this.#want(person, false);
  }

  #want(person: number, atOnce: boolean): void {
    const session = this.#histories.of(person);
    this.#queue.push({ person, session, position: session.sums.matches, ended: session.ended, atOnce });
  }

  /** Starts computing everything requested since the last call, in one batch. Does not wait. */
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

  /** Resolves when no computation is running, whether it resolved or rejected. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#flights.flatMap((f) => f.promise ?? []));
  }

  #start(flight: Flight, compute: ComputeSessionVectors): void {
    flight.promise = compute(this.#net, flight.batch);
    // Avoid an unhandled rejection: `settle` awaits the promise and reports the error.
    flight.promise.catch(() => undefined);
  }

  /**
   * Moves vectors that are due at `now` into the memory, and computes one for each of `ids[0..n)`
   * that has none. If computing fails, the call can be repeated.
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
          // Retry once: the device may have been replaced.
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

  /** Recomputes the vectors of `ids[0..n)` from their whole sessions: the synchronous way. */
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

  /** Ignores a vector of fewer matches than the stored one, which may have overtaken it. */
  #put({ person, session, position }: Wanted, vectors: Float32Array, row: number, since: number): void {
    if (this.#histories.of(person) !== session) return;
    const old = this.#held.get(person);
    if (old?.session === session && old.position > position) return;
    const { size } = this.#net;
    this.#held.set(person, { session, position, since, vector: vectors.slice(row * size, (row + 1) * size) });
  }

  /** Writes e_session of `ids[0..n)` into f32[n][size]; zeros for people without a vector. */
  read(ids: Uint32Array, n: number, out: Float32Array): void {
    const { size } = this.#net;
    for (let k = 0; k < n; k++) {
      const held = this.#held.get(ids[k]);
      if (held === undefined) out.fill(0, k * size, (k + 1) * size);
      else out.set(held.vector, k * size);
    }
  }

  /** Seconds that a person's vector has been in the memory, and matches that it lacks. */
  ageOf(person: number, now: number): { age: number; missing: number } {
    const held = this.#held.get(person);
    const session = this.#histories.of(person);
    if (held?.session !== session) return { age: Infinity, missing: session.sums.matches };
    return { age: now - held.since, missing: session.sums.matches - held.position };
  }

  state(ids: Uint32Array, n: number, now: number): EmbeddingAges {
    let maxAge = 0;
    let stale = 0;
    for (let k = 0; k < n; k++) {
      const { age, missing } = this.ageOf(ids[k], now);
      maxAge = Math.max(maxAge, age);
      if (missing > 0) stale++;
    }
    return { maxAge, stale };
  }

  /** The sessions as tokens: the same window of last matches as in training at that position. */
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

  /** Computes e_feature of profiles that have none yet, rounded to f32. */
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
