/**
 * Waiting people per tick in bounded memory. When it is full, every second value is dropped and the
 * step doubles.
 */
export class WaitingHistory {
  static readonly CAPACITY = 600;
  #points = new Float32Array(WaitingHistory.CAPACITY);
  #count = 0;
  #every = 1;

  add(tick: number, waiting: number): void {
    if (tick % this.#every !== 0) return;
    if (this.#count === WaitingHistory.CAPACITY) {
      for (let i = 0; i < WaitingHistory.CAPACITY / 2; i++) this.#points[i] = this.#points[2 * i];
      this.#count = WaitingHistory.CAPACITY / 2;
      this.#every *= 2;
      if (tick % this.#every !== 0) return;
    }
    this.#points[this.#count++] = waiting;
  }

  view(): { everyTicks: number; waiting: Float32Array } {
    return { everyTicks: this.#every, waiting: this.#points.slice(0, this.#count) };
  }
}
