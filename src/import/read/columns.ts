/** A column of numbers that only grows. */
export class Growing<
  A extends Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array | Int8Array,
> {
  #at = 0;
  #values: A;
  readonly #make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#values = make(1024);
  }

  get length(): number {
    return this.#at;
  }

  push(value: number): void {
    if (this.#at === this.#values.length) {
      const larger = this.#make(2 * this.#values.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#at++] = value;
  }

  at(i: number): number {
    return this.#values[i];
  }

  set(i: number, value: number): void {
    this.#values[i] = value;
  }

  /** The values in use, without a copy: the column must not grow any more. */
  view(): A {
    return this.#values.subarray(0, this.#at) as A;
  }

  /** A copy of the values in use. */
  array(): A {
    return this.#values.slice(0, this.#at) as A;
  }
}

/** Maximum number of different texts of a category that are distinguished. */
const MAX_LEVELS = 10_000;
/** Level of an empty cell, and of a text beyond the limit. */
const MISSING = 0xffff;
const OVERFLOW = 0xfffe;

/** A column of words; each different word is a level, in order of appearance. */
export class Categories {
  readonly levels: string[] = [];
  readonly #index = new Map<string, number>();
  readonly #values = new Growing((n) => new Uint16Array(n));

  push(text: string): void {
    if (text === '') {
      this.#values.push(MISSING);
      return;
    }
    let level = this.#index.get(text);
    if (level === undefined) {
      if (this.levels.length === MAX_LEVELS) level = OVERFLOW;
      else {
        level = this.levels.length;
        this.levels.push(text);
        this.#index.set(text, level);
      }
    }
    this.#values.push(level);
  }

  /**
   * At most `max` groups: the most frequent levels in the order of their names, and a last one for
   * all other rows where there are any, empty cells included. Returns the names and the group of
   * each row.
   */
  largest(max: number): { names: string[]; of: Uint8Array } {
    const values = this.#values.array();
    const counts = new Map<number, number>();
    for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
    const known = [...counts.keys()].filter((v) => v < OVERFLOW);
    const room = known.length <= max && counts.size <= max ? max : max - 1;
    const kept = known.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b).slice(0, room);
    const names = kept.map((v) => this.levels[v]).sort(natural);
    const place = new Map(names.map((name, i) => [name, i]));
    const others = counts.size > kept.length;
    const of = Uint8Array.from(
      values,
      (v) => (v < OVERFLOW ? place.get(this.levels[v]) : undefined) ?? names.length,
    );
    // Where the others are only empty cells, say so.
    const rest = known.length === kept.length ? 'unknown' : 'others';
    return { names: others ? [...names, names.includes(rest) ? `(${rest})` : rest] : names, of };
  }
}

/** Orders numbers by value and words by code unit: the same in every locale. */
function natural(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isFinite(x) && Number.isFinite(y) && x !== y) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}
