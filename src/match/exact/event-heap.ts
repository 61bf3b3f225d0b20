/** Binary heap of events (time, a, b), earliest first. */
export class EventHeap {
  size = 0;
  #time = new Float64Array(256);
  #a = new Int32Array(256);
  #b = new Int32Array(256);

  clear(): void {
    this.size = 0;
  }

  /** Time of the earliest event, Infinity where there is none. */
  get next(): number {
    return this.size === 0 ? Infinity : this.#time[0];
  }

  get a(): number {
    return this.#a[0];
  }

  get b(): number {
    return this.#b[0];
  }

  push(time: number, a: number, b: number): void {
    if (this.size === this.#time.length) this.#grow();
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

  /** Takes the earliest event away. */
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

  #put(at: number, time: number, a: number, b: number): void {
    this.#time[at] = time;
    this.#a[at] = a;
    this.#b[at] = b;
  }

  #grow(): void {
    const room = 2 * this.#time.length;
    const time = new Float64Array(room);
    const a = new Int32Array(room);
    const b = new Int32Array(room);
    time.set(this.#time);
    a.set(this.#a);
    b.set(this.#b);
    [this.#time, this.#a, this.#b] = [time, a, b];
  }
}
