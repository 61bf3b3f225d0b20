import { must } from '../../base/errors.ts';

/**
 * A calendar queue: one linked list of people per slice of time, so that adding and taking cost
 * O(1). It holds a person at most once. Order inside a slice: last in, first out.
 */
export class Calendar {
  readonly #widthMs: number;
  readonly #first: Int32Array;
  /** i32[people]: the next one in the list of a person's slice. */
  readonly #next: Int32Array;
  /** The next slice to take. Slices are numbered from time 0. */
  #cursor = 0;

  /** @param next of all calendars that never hold the same person at a time. */
  constructor(widthMs: number, horizonMs: number, next: Int32Array) {
    this.#widthMs = widthMs;
    this.#first = new Int32Array(Math.ceil(horizonMs / widthMs) + 2).fill(-1);
    this.#next = next;
  }

  /** Adds a person at `timeMs`, at most the horizon ahead. */
  add(person: number, timeMs: number): void {
    const slice = Math.max(this.#cursor, Math.floor(timeMs / this.#widthMs));
    must(
      slice - this.#cursor < this.#first.length,
      () => `${timeMs} ms is beyond the horizon of the calendar; this is a bug`,
    );
    const at = slice % this.#first.length;
    this.#next[person] = this.#first[at];
    this.#first[at] = person;
  }

  /** Takes everyone whose slice has passed by `nowMs`. `visit` may add people at later times. */
  take(nowMs: number, visit: (person: number) => void): void {
    while ((this.#cursor + 1) * this.#widthMs <= nowMs) {
      const at = this.#cursor % this.#first.length;
      let person = this.#first[at];
      this.#first[at] = -1;
      this.#cursor++;
      while (person >= 0) {
        const next = this.#next[person];
        visit(person);
        person = next;
      }
    }
  }
}
