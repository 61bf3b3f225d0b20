import { hash4 } from '../../base/hash.ts';
import { Growing } from './columns.ts';

/**
 * The facts in a row about a meeting of a and b: -1 or NaN where unknown. `reportA`: a reported b.
 */
export interface MeetingFacts {
  readonly decisionA: number;
  readonly decisionB: number;
  readonly match: number;
  readonly duration: number;
  /** 0: a left first, 1: b did. */
  readonly leaver: number;
  readonly reportA: number;
  readonly time: number;
}

/**
 * 'mirror': the other side of a known meeting; 'again': another meeting of the same two;
 * 'doubtful': another meeting, or a contradiction ({@link MeetingIndex.settle}).
 */
type Added = 'new' | 'again' | 'mirror' | 'repeated' | 'contradiction' | 'doubtful';

/** How many meetings of the same two people at the same time are compared with a new row. */
const LOOK_BACK = 8;

const NO_MEETING = 0xffffffff;

const known = (x: number): boolean => x >= 0;
const clash = (x: number, y: number): boolean => known(x) && known(y) && x !== y;

/**
 * The meetings so far, each once, found by who met whom and when. There is no string or object per
 * meeting, so that millions fit into memory.
 */
export class MeetingIndex {
  readonly #a = new Growing((n) => new Uint32Array(n));
  readonly #b = new Growing((n) => new Uint32Array(n));
  readonly #decisionA = new Growing((n) => new Int8Array(n));
  readonly #decisionB = new Growing((n) => new Int8Array(n));
  readonly #match = new Growing((n) => new Int8Array(n));
  readonly #duration = new Growing((n) => new Float32Array(n));
  readonly #leaver = new Growing((n) => new Int8Array(n));
  readonly #reportA = new Growing((n) => new Int8Array(n));
  readonly #reportB = new Growing((n) => new Int8Array(n));
  readonly #time = new Growing((n) => new Float64Array(n));
  /** Bit 0: a has a row about it, bit 1: b has. */
  readonly #rowsOf = new Growing((n) => new Uint8Array(n));
  /** The previous meeting of the same two people at the same time. */
  readonly #previous = new Growing((n) => new Uint32Array(n));
  /** Open addressing, a power of two of slots: the newest meeting of each key. */
  #slots = new Uint32Array(4096).fill(NO_MEETING);
  #keys = 0;
  #mirrored = 0;
  /** Meetings that {@link settle} keeps or drops. */
  #doubtful: number[] = [];

  get count(): number {
    return this.#a.length;
  }

  add(a: number, b: number, told: MeetingFacts): Added {
    let slot = this.#slot(a, b, told.time);
    const newest = this.#slots[slot];
    let contradicted = false;
    for (let m = newest, k = 0; m !== NO_MEETING && k < LOOK_BACK; m = this.#previous.at(m), k++) {
      const turned = this.#a.at(m) !== a;
      const bit = turned ? 2 : 1;
      const fits = this.#fits(m, told, turned);
      if ((this.#rowsOf.at(m) & bit) !== 0) {
        if (fits && this.#equal(m, told, turned)) return 'repeated';
        continue;
      }
      if (fits) {
        this.#merge(m, told, turned, bit);
        this.#mirrored++;
        return 'mirror';
      }
      contradicted = true;
    }
    // Two people have one meeting at a time. Without times, the whole file has to tell.
    if (contradicted && !Number.isNaN(told.time)) return 'contradiction';
    if (contradicted) this.#doubtful.push(this.count);
    if (newest === NO_MEETING) {
      this.#keys++;
      if (3 * this.#keys > 2 * this.#slots.length) {
        this.#grow();
        slot = this.#slot(a, b, told.time);
      }
    }
    this.#previous.push(newest);
    this.#slots[slot] = this.count;
    this.#a.push(a);
    this.#b.push(b);
    this.#decisionA.push(told.decisionA);
    this.#decisionB.push(told.decisionB);
    this.#match.push(told.match);
    this.#duration.push(told.duration);
    this.#leaver.push(told.leaver);
    this.#reportA.push(told.reportA);
    this.#reportB.push(-1);
    this.#time.push(told.time);
    this.#rowsOf.push(1);
    if (contradicted) return 'doubtful';
    return newest === NO_MEETING ? 'new' : 'again';
  }

  /**
   * Decides at the end of the file what its doubtful rows are. Where at least half of the meetings
   * are told from both sides, a row with another outcome than the other side's is a contradiction,
   * and dropped; otherwise every row is a meeting, and it is another one of the same two people.
   * Returns the number of rows dropped.
   */
  settle(): number {
    const certain = this.count - this.#doubtful.length;
    if (2 * this.#mirrored < certain) this.#doubtful = [];
    return this.#doubtful.length;
  }

  /** The columns after {@link settle}: nothing may be added afterwards. */
  columns() {
    const dropped = new Set(this.#doubtful);
    const kept = <A extends Uint32Array | Int8Array | Float32Array | Float64Array>(column: Growing<A>): A =>
      (dropped.size === 0 ? column.view() : column.view().filter((_, m) => !dropped.has(m))) as A;
    return {
      count: this.count - dropped.size,
      a: kept(this.#a),
      b: kept(this.#b),
      decisionA: kept(this.#decisionA),
      decisionB: kept(this.#decisionB),
      match: kept(this.#match),
      duration: kept(this.#duration),
      leaver: kept(this.#leaver),
      reportA: kept(this.#reportA),
      reportB: kept(this.#reportB),
      time: kept(this.#time),
    };
  }

  #fits(m: number, told: MeetingFacts, turned: boolean): boolean {
    const [own, other] = turned ? [told.decisionB, told.decisionA] : [told.decisionA, told.decisionB];
    const duration = this.#duration.at(m);
    return !(
      clash(this.#decisionA.at(m), own) ||
      clash(this.#decisionB.at(m), other) ||
      clash(this.#match.at(m), told.match) ||
      clash(this.#leaver.at(m), turnedSide(told.leaver, turned)) ||
      (Number.isFinite(duration) && Number.isFinite(told.duration) && duration !== Math.fround(told.duration))
    );
  }

  /** Whether the row says the same about reports, too. */
  #equal(m: number, told: MeetingFacts, turned: boolean): boolean {
    const report = turned ? this.#reportB.at(m) : this.#reportA.at(m);
    return !clash(report, told.reportA);
  }

  #merge(m: number, told: MeetingFacts, turned: boolean, bit: number): void {
    const [own, other] = turned ? [told.decisionB, told.decisionA] : [told.decisionA, told.decisionB];
    if (known(own)) this.#decisionA.set(m, own);
    if (known(other)) this.#decisionB.set(m, other);
    if (known(told.match)) this.#match.set(m, told.match);
    if (known(told.leaver)) this.#leaver.set(m, turnedSide(told.leaver, turned));
    if (Number.isFinite(told.duration)) this.#duration.set(m, told.duration);
    if (known(told.reportA)) (turned ? this.#reportB : this.#reportA).set(m, told.reportA);
    this.#rowsOf.set(m, this.#rowsOf.at(m) | bit);
  }

  /** The slot of this meeting's key, or the free slot for it. */
  #slot(a: number, b: number, time: number): number {
    const [lo, hi] = a < b ? [a, b] : [b, a];
    const mask = this.#slots.length - 1;
    for (let s = keyHash(lo, hi, time) & mask; ; s = (s + 1) & mask) {
      const m = this.#slots[s];
      if (m === NO_MEETING) return s;
      const [x, y] = [this.#a.at(m), this.#b.at(m)];
      if (Math.min(x, y) === lo && Math.max(x, y) === hi && Object.is(this.#time.at(m), time)) return s;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length).fill(NO_MEETING);
    for (const m of old)
      if (m !== NO_MEETING) this.#slots[this.#slot(this.#a.at(m), this.#b.at(m), this.#time.at(m))] = m;
  }
}

function turnedSide(side: number, turned: boolean): number {
  return known(side) && turned ? 1 - side : side;
}

const word = new Float64Array(1);
const bits = new Uint32Array(word.buffer);

function keyHash(lo: number, hi: number, time: number): number {
  word[0] = time;
  return hash4(lo, hi, bits[0], bits[1]);
}
