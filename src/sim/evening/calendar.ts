import { must } from '../../base/errors.ts';

/**
 * A calendar queue: one list of people per slice of time, linked through a column, so that adding and taking cost the same
 * however many people are on it. A person stands on it at most once. Order inside a slice: last in, first out.
 */
export class Calendar {
  readonly #widthMs: number;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  /** The slice to be taken next; slices are numbered from time 0. */
  #cursor = 0;

  constructor(widthMs: number, horizonMs: number, people: number) {
    this.#widthMs = widthMs;
    this.#first = new Int32Array(Math.ceil(horizonMs / widthMs) + 2).fill(-1);
    this.#next = new Int32Array(people);
  }

  /** Puts a person on the calendar at `timeMs`, at most the horizon ahead. */
  add(person: number, timeMs: number): void {
    const slice = Math.max(this.#cursor, Math.floor(timeMs / this.#widthMs));
    must(slice - this.#cursor < this.#first.length, `calendar: ${timeMs} ms lies beyond the horizon`);
    const at = slice % this.#first.length;
    this.#next[person] = this.#first[at];
    this.#first[at] = person;
  }

  /** Takes everybody whose slice has passed by `nowMs`, slice by slice. `visit` may add people again, at later times. */
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
