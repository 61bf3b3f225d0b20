/**
 * Keeps the first `room` candidates of a row in a total order, of any number that are offered one
 * by one.
 */
export class Foremost {
  readonly col: Int32Array;
  readonly key: Float64Array;
  #size = 0;
  #min = -Infinity;
  #dropped = false;

  /** @param before the order among equal keys; otherwise the larger key goes first. */
  constructor(
    readonly room: number,
    readonly before: (a: number, b: number) => boolean,
  ) {
    // Twice the room: dropping the surplus all at once is cheaper than one by one.
    this.col = new Int32Array(2 * room);
    this.key = new Float64Array(2 * room);
  }

  clear(): void {
    this.#size = 0;
    this.#min = -Infinity;
    this.#dropped = false;
  }

  /** Candidates with a smaller key are not among the first. */
  get min(): number {
    return this.#min;
  }

  /** Whether there were more candidates than room. Call `finish` first. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** Notes that a candidate was not offered. */
  drop(): void {
    this.#dropped = true;
  }

  /** Returns the key below which no candidate can be among the first. */
  offer(col: number, key: number): number {
    this.col[this.#size] = col;
    this.key[this.#size] = key;
    this.#size++;
    if (this.#size === this.col.length) this.#thin();
    return this.#min;
  }

  /** Sorts the first candidates to the front of `col` and `key`, and returns how many there are. */
  finish(): number {
    if (this.#size > this.room) this.#thin();
    this.#sort(0, this.#size - 1);
    return this.#size;
  }

  #thin(): void {
    // Hoare's selection (1961).
    const { room } = this;
    let from = 0;
    let to = this.#size - 1;
    while (from < to) {
      const [left, right] = this.#part(from, to);
      if (room - 1 <= right) to = right;
      else if (room - 1 >= left) from = left;
      else break;
    }
    this.#size = room;
    this.#dropped = true;
    let min = Infinity;
    for (let e = 0; e < room; e++) min = Math.min(min, this.key[e]);
    this.#min = min;
  }

  #sort(from: number, to: number): void {
    while (to - from > 12) {
      const [left, right] = this.#part(from, to);
      this.#sort(from, right);
      from = left;
    }
    const { col, key } = this;
    for (let e = from + 1; e <= to; e++) {
      const [c, k] = [col[e], key[e]];
      let at = e - 1;
      for (; at >= from && (k > key[at] || (k === key[at] && this.before(c, col[at]))); at--) {
        col[at + 1] = col[at];
        key[at + 1] = key[at];
      }
      col[at + 1] = c;
      key[at + 1] = k;
    }
  }

  /**
   * Partitions entries from..to: all of from..right go before all of left..to, and right < left.
   */
  #part(from: number, to: number): [left: number, right: number] {
    const { col, key } = this;
    const middle = (from + to) >> 1;
    const [c, k] = [col[middle], key[middle]];
    let left = from;
    let right = to;
    while (left <= right) {
      while (key[left] > k || (key[left] === k && col[left] !== c && this.before(col[left], c))) left++;
      while (key[right] < k || (key[right] === k && col[right] !== c && this.before(c, col[right]))) right--;
      if (left > right) break;
      const [a, b] = [col[left], key[left]];
      col[left] = col[right];
      key[left] = key[right];
      col[right] = a;
      key[right] = b;
      left++;
      right--;
    }
    return [left, right];
  }
}
