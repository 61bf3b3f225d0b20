/** Estimates the seconds left from the share done since the first news, without pauses. */
export class TimeLeft {
  #began: number | null = null;
  #from = 0;
  #paused = 0;
  #heldAt: number | null = null;

  at(share: number): number | null {
    const now = performance.now();
    if (this.#began === null) {
      this.#began = now;
      this.#from = share;
      return null;
    }
    const spent = (now - this.#began - this.#paused) / 1000;
    const done = share - this.#from;
    // An estimate from a shorter time would jump.
    return spent < 0.8 || done <= 0 ? null : (spent * (1 - share)) / done;
  }

  hold(): void {
    this.#heldAt = performance.now();
  }

  go(): void {
    if (this.#heldAt !== null) this.#paused += performance.now() - this.#heldAt;
    this.#heldAt = null;
  }
}
