import type { People } from '../../world/types.ts';
import { DENSE, features, SLOTS } from '../layout/features.ts';

/** Finished chats with what was known when two people met. One row per chat, in order of end. */
export interface ChatLog {
  readonly count: number;
  /** Seconds since opening, f64[count]. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** u32[count]: person numbers. Each names one person of one world. */
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** f32[count]: seconds. */
  readonly duration: Float32Array;
  /** u8[count]: the bits of `Outcome` in sim/types.ts. */
  readonly outcome: Uint8Array;
  /** u8[count]: 0 if a left first, 1 if b did. */
  readonly leaver: Uint8Array;
  /** u16[count][2][SLOTS] and f32[count][2][DENSE]: features of a and b at matching time. */
  readonly sparse: Uint16Array;
  readonly dense: Float32Array;
  /**
   * f32[count][2]: ground truth location of a with b and of b with a, natural-log seconds; NaN
   * where unknown. It may only judge, never train.
   */
  readonly truth: Float32Array;
  /** Count of different person numbers: 1 + the largest. */
  readonly persons: number;
}

/** A finished chat, as the market reports it. */
export interface RecordedEnd {
  readonly a: number;
  readonly b: number;
  readonly start: number;
  readonly end: number;
  readonly duration: number;
  readonly outcome: number;
  readonly leaver: number;
}

interface Meeting {
  readonly sparse: ArrayLike<number>;
  readonly dense: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
}

type Row = RecordedEnd & Meeting;

function logOf(rows: readonly Row[], persons: number): ChatLog {
  const count = rows.length;
  const log: ChatLog = {
    count,
    start: Float64Array.from(rows, (r) => r.start),
    end: Float64Array.from(rows, (r) => r.end),
    a: Uint32Array.from(rows, (r) => r.a),
    b: Uint32Array.from(rows, (r) => r.b),
    duration: Float32Array.from(rows, (r) => r.duration),
    outcome: Uint8Array.from(rows, (r) => r.outcome),
    leaver: Uint8Array.from(rows, (r) => r.leaver),
    sparse: new Uint16Array(count * 2 * SLOTS),
    dense: new Float32Array(count * 2 * DENSE),
    truth: new Float32Array(count * 2),
    persons,
  };
  rows.forEach(({ sparse, dense, truth }, k) => {
    log.sparse.set(sparse, k * 2 * SLOTS);
    log.dense.set(dense, k * 2 * DENSE);
    log.truth.set(truth, k * 2);
  });
  return log;
}

/**
 * Collects a {@link ChatLog} from a running market. Call `met` for every pair when it is made,
 * before anything about the two people changes, and `ended` for every chat that ends. Several
 * worlds can be recorded one after the other (`nextWorld`).
 */
export class ChatRecorder {
  #open = new Map<number, Meeting & { readonly persons: readonly [number, number] }>();
  #numbers = new Map<string, number>();
  #world = 0;
  readonly #rows: Row[] = [];

  /** The next chats are of another world, with other people. Running chats are forgotten. */
  nextWorld(): void {
    this.#open.clear();
    this.#world++;
  }

  /** Chats recorded so far. */
  get count(): number {
    return this.#rows.length;
  }
  /** Meetings whose chat is still running. */
  get open(): number {
    return this.#open.size;
  }

  /** Number of a person of the current world; undefined if they met nobody. */
  numberOf(id: number, generation: number): number | undefined {
    return this.#numbers.get(`${this.#world}:${id}:${generation}`);
  }

  /** `location`: the world's ground truth, if it is known. */
  met(people: People, a: number, b: number, location?: (a: number, b: number) => number): void {
    const sparse = new Uint32Array(2 * SLOTS);
    const dense = new Float32Array(2 * DENSE);
    features(people, [a, b], 2, sparse, dense);
    this.#open.set(a, {
      sparse,
      dense,
      persons: [this.#number(people, a), this.#number(people, b)],
      truth: [location?.(a, b) ?? NaN, location?.(b, a) ?? NaN],
    });
  }

  /** The sides may be as in `met` or swapped. Chats that began before recording are ignored. */
  ended(chat: RecordedEnd): void {
    const swapped = !this.#open.has(chat.a);
    const key = swapped ? chat.b : chat.a;
    const meeting = this.#open.get(key);
    if (meeting === undefined) return;
    this.#open.delete(key);
    const { persons, sparse, dense, truth } = meeting;
    const { start, end, duration } = chat;
    this.#rows.push({
      ...{ a: persons[0], b: persons[1], start, end, duration },
      outcome: swapped ? swapOutcome(chat.outcome) : chat.outcome,
      leaver: swapped ? 1 - chat.leaver : chat.leaver,
      ...{ sparse, dense, truth },
    });
  }

  log(): ChatLog {
    return logOf(this.#rows, this.#numbers.size);
  }

  #number(people: People, id: number): number {
    const generation = people.generation[id];
    const known = this.numberOf(id, generation);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(`${this.#world}:${id}:${generation}`, number);
    return number;
  }
}

/** The outcome bits seen from the other side: the bits of a and b are swapped pair by pair. */
function swapOutcome(outcome: number): number {
  return ((outcome & 0b010101) << 1) | ((outcome & 0b101010) >> 1);
}

/** The rows `index` of a log, in that order. */
export function selectChats(log: ChatLog, index: ArrayLike<number>): ChatLog {
  const rows = Array.from(index, (row): Row => ({
    a: log.a[row],
    b: log.b[row],
    start: log.start[row],
    end: log.end[row],
    duration: log.duration[row],
    outcome: log.outcome[row],
    leaver: log.leaver[row],
    sparse: log.sparse.subarray(row * 2 * SLOTS, (row + 1) * 2 * SLOTS),
    dense: log.dense.subarray(row * 2 * DENSE, (row + 1) * 2 * DENSE),
    truth: log.truth.subarray(row * 2, row * 2 + 2),
  }));
  return logOf(rows, log.persons);
}

/**
 * Splits by time: chats that start before the quantile `share` of all starts are `before`, later
 * ones `after`. A chat that is running at the cut is in neither: its end was not known yet.
 */
export function splitByTime(log: ChatLog, share: number): { before: ChatLog; after: ChatLog } {
  const starts = Float64Array.from(log.start).sort();
  const cut = starts[Math.min(log.count - 1, Math.floor(share * log.count))];
  const select = (keep: (row: number) => boolean): ChatLog =>
    selectChats(log, Array.from({ length: log.count }, (_, row) => row).filter(keep));
  return {
    before: select((row) => log.end[row] < cut),
    after: select((row) => log.start[row] >= cut),
  };
}
