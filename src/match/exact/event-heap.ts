import type { Amount, Amounts, Arithmetic } from './amounts.ts';

/** Binary heap of events (time, a, b), earliest first. */
export class EventHeap<A extends Amount, V extends Amounts<A>> {
  size = 0;
  #time: Amounts<A>;
  #a = new Int32Array(256);
  #b = new Int32Array(256);

  constructor(readonly arithmetic: Arithmetic<A, V>) {
    this.#time = arithmetic.zeros(256);
  }

  /** Time of the earliest event; the heap must not be empty. */
  get next(): A {
    return this.#time[0];
  }

  get a(): number {
    return this.#a[0];
  }

  get b(): number {
    return this.#b[0];
  }

  push(time: A, a: number, b: number): void {
    if (this.size === this.#a.length) this.#grow();
    const t = this.#time;
    let at = this.size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (t[up] <= time) break;
      this.#move(up, at);
      at = up;
    }
    this.#put(at, time, a, b);
  }

  /** Removes the earliest event. */
  pop(): void {
    const last = --this.size;
    const t = this.#time;
    const time = t[last];
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && t[child + 1] < t[child]) child++;
      if (t[child] >= time) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, time, this.#a[last], this.#b[last]);
  }

  #move(from: number, to: number): void {
    this.#time[to] = this.#time[from];
    this.#a[to] = this.#a[from];
    this.#b[to] = this.#b[from];
  }

  #put(at: number, time: A, a: number, b: number): void {
    this.#time[at] = time;
    this.#a[at] = a;
    this.#b[at] = b;
  }

  #grow(): void {
    const { size } = this;
    const time: Amounts<A> = this.arithmetic.zeros(2 * size);
    const a = new Int32Array(2 * size);
    const b = new Int32Array(2 * size);
    for (let e = 0; e < size; e++) time[e] = this.#time[e];
    a.set(this.#a);
    b.set(this.#b);
    [this.#time, this.#a, this.#b] = [time, a, b];
  }
}
