type Kind = Uint8ArrayConstructor | Uint32ArrayConstructor | Float64ArrayConstructor;

/** Rows of numbers that are collected one by one and read as columns. */
export class Rows<const K extends Readonly<Record<string, Kind>>> {
  readonly #kinds: K;
  readonly #values: { readonly [N in keyof K]: number[] };
  #count = 0;

  constructor(kinds: K) {
    this.#kinds = kinds;
    this.#values = Object.fromEntries(Object.keys(kinds).map((name) => [name, []])) as unknown as {
      [N in keyof K]: number[];
    };
  }

  get count(): number {
    return this.#count;
  }

  add(row: { readonly [N in keyof K]: number }): void {
    this.#count++;
    for (const name in this.#values) this.#values[name].push(row[name]);
  }

  /** The rows, and `last` after them, as typed arrays of `count` elements. */
  columns(last: readonly { readonly [N in keyof K]: number }[] = []) {
    const entries = Object.entries(this.#kinds).map(([name, kind]) => {
      const values = this.#values[name];
      const column = new kind(this.#count + last.length);
      column.set(values);
      last.forEach((row, i) => (column[values.length + i] = row[name]));
      return [name, column];
    });
    return {
      count: this.#count + last.length,
      ...(Object.fromEntries(entries) as { readonly [N in keyof K]: InstanceType<K[N]> }),
    };
  }
}
