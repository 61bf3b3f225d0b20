/**
 * Slices and the cells of which they are sums. `tables` lists axes by their number of levels; an
 * observation has a level on every axis. The axes of one table are crossed: one cell per
 * combination, so an observation touches one cell per table instead of one per axis. Slice 0 is
 * everyone; the levels of the axes follow in order.
 */
export class SliceGrid {
  readonly slices: number;
  readonly cells: number;
  /** Index of the first slice of each axis, over all tables. */
  readonly firstSlice: readonly number[];
  readonly #tables: readonly (readonly number[])[];
  /** Index of the first cell of each table. */
  readonly #firstCell: readonly number[];
  readonly #cellsOf: readonly (readonly number[])[];

  constructor(tables: readonly (readonly number[])[]) {
    this.#tables = tables;
    const axes = tables.flat();
    this.firstSlice = axes.map((_, d) => 1 + axes.slice(0, d).reduce((sum, n) => sum + n, 0));
    this.slices = 1 + axes.reduce((sum, n) => sum + n, 0);
    const sizes = tables.map(product);
    this.#firstCell = sizes.map((_, t) => sizes.slice(0, t).reduce((sum, n) => sum + n, 0));
    this.cells = sizes.reduce((sum, n) => sum + n, 0);
    this.#cellsOf = Array.from({ length: this.slices }, (_, s) => this.#find(s));
  }

  get tables(): number {
    return this.#tables.length;
  }

  /** The cell of an observation in a table. */
  cell(table: number, levels: ArrayLike<number>): number {
    let axis = 0;
    for (let u = 0; u < table; u++) axis += this.#tables[u].length;
    let cell = 0;
    for (const size of this.#tables[table]) cell = cell * size + levels[axis++];
    return this.#firstCell[table] + cell;
  }

  /** The cells whose sum is a slice. Everyone is the whole first table. */
  cellsOf(slice: number): readonly number[] {
    return this.#cellsOf[slice];
  }

  #find(slice: number): number[] {
    let axis = 0;
    for (let t = 0; t < this.#tables.length; t++) {
      const sizes = this.#tables[t];
      const count = product(sizes);
      let after = count;
      for (const size of sizes) {
        after /= size;
        const level = slice - this.firstSlice[axis++];
        const every = slice === 0;
        if (!every && (level < 0 || level >= size)) continue;
        const width = after;
        return Array.from({ length: count }, (_, c) => c)
          .filter((c) => every || Math.floor(c / width) % size === level)
          .map((c) => this.#firstCell[t] + c);
      }
    }
    return [];
  }
}

const product = (sizes: readonly number[]) => sizes.reduce((all, n) => all * n, 1);
