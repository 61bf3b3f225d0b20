/**
 * Decides when the next tick is due in real time. The schedule is fixed: a late tick does not move
 * the later ones, so its delay counts against each of them (no coordinated omission). After more
 * than four missed ticks the schedule restarts, so that it does not try to catch up forever.
 */
export class Pacer {
  #speed = 1;
  #due = 0;
  #late = 0;
  #history: { real: number; simulated: number }[] = [];

  /** Number of ticks that ended after the next one was due. */
  get late(): number {
    return this.#late;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Restarts the schedule (after play, or a change of speed). Times in real milliseconds. */
  restart(now: number, speed = this.#speed): void {
    this.#speed = speed;
    this.#due = now;
    this.#history = [];
  }

  reset(): void {
    this.#late = 0;
    this.#history = [];
  }

  /** Milliseconds until the next tick is due; never negative. */
  wait(now: number): number {
    return Number.isFinite(this.#speed) ? Math.max(0, this.#due - now) : 0;
  }

  /**
   * Call it when a tick of `tickMs` simulated milliseconds has ended at `now`. Returns its delay in
   * real milliseconds.
   */
  ticked(now: number, tickMs: number): number {
    const interval = tickMs / this.#speed;
    const deadline = this.#due + interval;
    const lateBy = Number.isFinite(this.#speed) ? Math.max(0, now - deadline) : 0;
    if (lateBy > 0) this.#late++;
    this.#due = lateBy > 4 * interval ? now : deadline;
    const last = this.#history.at(-1);
    this.#history.push({ real: now, simulated: (last?.simulated ?? 0) + tickMs });
    while (this.#history.length > 2 && now - this.#history[0].real > 2000) this.#history.shift();
    return lateBy;
  }

  /** Simulated seconds per real second over the last two seconds; 0 before two ticks. */
  achieved(now: number): number {
    const first = this.#history[0];
    const last = this.#history.at(-1);
    if (first === undefined || last === undefined || last === first || now - last.real > 2000) return 0;
    return (last.simulated - first.simulated) / (last.real - first.real);
  }
}
