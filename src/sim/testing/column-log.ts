import { must } from '../../base/errors.ts';

type Kind =
  Float64ArrayConstructor | Float32ArrayConstructor | Uint32ArrayConstructor | Uint8ArrayConstructor;
type Block = InstanceType<Kind>[];

/** Rows per block. */
const BLOCK = 4096;

/**
 * A table that only grows, by blocks of typed columns. With a cap, whole blocks of the oldest rows are dropped, so that a page can
 * run for days: at least `cap` and fewer than `cap` + 4,096 rows are kept.
 */
export class ColumnLog<const Name extends string> {
  readonly #kinds: readonly (readonly [Name, Kind])[];
  readonly #cap: number;
  readonly #blocks: Block[] = [];
  #fill = BLOCK;
  /** Rows written so far, dropped ones included. */
  written = 0;

  constructor(kinds: Readonly<Record<Name, Kind>>, cap = Infinity) {
    must(cap > 0, `the cap of a log must be above 0; it is ${cap}`);
    this.#kinds = Object.entries(kinds) as [Name, Kind][];
    this.#cap = cap;
  }

  /** Rows at hand. */
  get rows(): number {
    return this.#blocks.length === 0 ? 0 : (this.#blocks.length - 1) * BLOCK + this.#fill;
  }

  /** Values in the order of the columns; the array is read at once and may be used again. */
  append(values: readonly number[]): void {
    if (this.#fill === BLOCK) {
      this.#blocks.push(this.#kinds.map(([, Kind]) => new Kind(BLOCK)));
      this.#fill = 0;
    }
    const block = this.#blocks[this.#blocks.length - 1];
    for (let c = 0; c < block.length; c++) block[c][this.#fill] = values[c];
    this.#fill++;
    this.written++;
    if (this.rows - BLOCK >= this.#cap) this.#blocks.shift();
  }

  /** A copy of one column, oldest row first. */
  column(name: Name): InstanceType<Kind> {
    const c = this.#kinds.findIndex(([n]) => n === name);
    must(c >= 0, `this log has no column ${name}`);
    const out = new this.#kinds[c][1](this.rows);
    this.#blocks.forEach((block, b) => {
      const used = b === this.#blocks.length - 1 ? this.#fill : BLOCK;
      out.set(block[c].subarray(0, used), b * BLOCK);
    });
    return out;
  }
}
