import { must } from '../../base/errors.ts';
import { NONE, RECENT_SLOTS } from '../../score/types.ts';

/** The people who wait, in order of entry, and since when. */
export class WaitingList {
  n = 0;
  /** u32[>= n], of which the first n are in use: person ids. Replaced where more people wait. */
  ids = new Uint32Array(64);
  /** f32[>= n], of which the first n are in use: seconds waited at the last call of `age`. */
  waited = new Float32Array(64);
  /** u32[people][RECENT_SLOTS]: last partners. */
  readonly recent: Uint32Array;
  /** Per person: start of the wait and end of patience, ms. */
  readonly #since: Float64Array;
  readonly #until: Float64Array;
  readonly #slot: Uint8Array;

  constructor(people: number) {
    this.recent = new Uint32Array(people * RECENT_SLOTS).fill(NONE);
    this.#since = new Float64Array(people);
    this.#until = new Float64Array(people);
    this.#slot = new Uint8Array(people);
  }

  enter(person: number, sinceMs: number, patienceSeconds: number): void {
    must(this.n < this.#slot.length, 'more people wait than exist; this is a bug');
    if (this.n === this.ids.length) {
      const [ids, waited] = [this.ids, this.waited];
      this.ids = new Uint32Array(2 * ids.length);
      this.waited = new Float32Array(2 * ids.length);
      this.ids.set(ids);
      this.waited.set(waited);
    }
    this.#since[person] = sinceMs;
    this.#until[person] = sinceMs + 1000 * patienceSeconds;
    this.ids[this.n++] = person;
  }

  /** Seconds that `person` has waited at `nowMs`. */
  waitedFor(person: number, nowMs: number): number {
    return (nowMs - this.#since[person]) / 1000;
  }

  /** Removes people whose patience has ended by `nowMs` and calls `leaves` for each. */
  age(nowMs: number, leaves: (person: number) => void): void {
    this.#keep((person) => {
      if (this.#until[person] > nowMs) return true;
      leaves(person);
      return false;
    });
    for (let i = 0; i < this.n; i++) this.waited[i] = (nowMs - this.#since[this.ids[i]]) / 1000;
  }

  /** Removes the people at positions that have a mate. */
  removeMatched(mate: Int32Array): void {
    let i = 0;
    this.#keep(() => mate[i++] === -1);
  }

  /** Records each as the newest of the other's last RECENT_SLOTS partners. */
  remember(a: number, b: number): void {
    this.recent[a * RECENT_SLOTS + this.#slot[a]] = b;
    this.recent[b * RECENT_SLOTS + this.#slot[b]] = a;
    this.#slot[a] = (this.#slot[a] + 1) % RECENT_SLOTS;
    this.#slot[b] = (this.#slot[b] + 1) % RECENT_SLOTS;
  }

  forget(person: number): void {
    this.recent.fill(NONE, person * RECENT_SLOTS, (person + 1) * RECENT_SLOTS);
    this.#slot[person] = 0;
  }

  #keep(stays: (person: number) => boolean): void {
    let kept = 0;
    for (let i = 0; i < this.n; i++) {
      const person = this.ids[i];
      if (stays(person)) this.ids[kept++] = person;
    }
    this.n = kept;
  }
}
