import type { People } from '../../world/types.ts';
import { DENSE, features, SLOTS } from '../layout/features.ts';

/** What was known when two people met, and what came of it: the material of all training and evaluation. Row = chat, in order of end. */
export interface ChatLog {
  readonly count: number;
  /** Seconds since opening, f64[count]. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** u32[count]: person numbers, each naming one person of one world. */
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** f32[count]: seconds. */
  readonly duration: Float32Array;
  /** u8[count]: the bits of `Outcome` in sim/types.ts. */
  readonly outcome: Uint8Array;
  /** u8[count]: 0 where a left first, 1 where b did. */
  readonly leaver: Uint8Array;
  /** u16[count][2][SLOTS] and f32[count][2][DENSE]: features of a and b at matching time, as the tick saw them. */
  readonly sparse: Uint16Array;
  readonly dense: Float32Array;
  /** f32[count][2]: ground truth location of a with b and of b with a, natural-log seconds; NaN where unknown. Only for judging. */
  readonly truth: Float32Array;
  /** Count of different person numbers: 1 + the largest. */
  readonly persons: number;
}

/** Finished chats by either side, as the recorder is told of them. */
export interface RecordedEnd {
  readonly a: number;
  readonly b: number;
  readonly start: number;
  readonly end: number;
  readonly duration: number;
  readonly outcome: number;
  readonly leaver: 0 | 1;
}

interface Meeting {
  readonly sparse: Uint32Array;
  readonly dense: Float32Array;
  readonly persons: readonly [number, number];
  readonly truth: readonly [number, number];
}

/**
 * Collects a {@link ChatLog} from a running market: tell it of every pair when it is made (`met`, before anything about the two
 * changes) and of every chat that ends (`ended`). Several worlds may be recorded one after the other (`nextWorld`).
 */
export class ChatRecorder {
  #open = new Map<number, Meeting>();
  #numbers = new Map<string, number>();
  #world = 0;
  readonly #rows: (RecordedEnd & { meeting: Meeting })[] = [];

  /** Person numbers start anew: the next chats are of another world. Chats that still run are forgotten. */
  nextWorld(): void {
    this.#open.clear();
    this.#world++;
  }

  /** Chats recorded so far; meetings whose chat still runs. */
  get count(): number {
    return this.#rows.length;
  }
  get open(): number {
    return this.#open.size;
  }

  /** A slot that was reborn is another person. */
  #number(people: People, id: number): number {
    const key = `${this.#world}:${id}:${people.generation[id]}`;
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#numbers.size));
    return number;
  }

  /** `location`: the world's ground truth, where it is known. */
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

  /** Sides as in `met`, or the other way round. Chats that began before recording are passed over. */
  ended(chat: RecordedEnd): void {
    const straight = this.#open.get(chat.a);
    const meeting = straight ?? this.#open.get(chat.b);
    if (meeting === undefined) return;
    this.#open.delete(straight === undefined ? chat.b : chat.a);
    const { start, end, duration } = chat;
    const swapped = straight === undefined;
    this.#rows.push({
      a: meeting.persons[0],
      b: meeting.persons[1],
      start,
      end,
      duration,
      outcome: swapped ? swapOutcome(chat.outcome) : chat.outcome,
      leaver: swapped ? (chat.leaver === 0 ? 1 : 0) : chat.leaver,
      meeting,
    });
  }

  log(): ChatLog {
    const rows = this.#rows;
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
      persons: this.#numbers.size,
    };
    rows.forEach(({ meeting }, k) => {
      log.sparse.set(meeting.sparse, k * 2 * SLOTS);
      log.dense.set(meeting.dense, k * 2 * DENSE);
      log.truth.set(meeting.truth, k * 2);
    });
    return log;
  }
}

/** The outcome bits seen from the other side: every pair of bits (a, b) changes places. */
export function swapOutcome(outcome: number): number {
  return ((outcome & 0b010101) << 1) | ((outcome & 0b101010) >> 1);
}

/** The rows `index` of a log, in that order. */
export function selectChats(log: ChatLog, index: ArrayLike<number>): ChatLog {
  const count = index.length;
  const sparse = new Uint16Array(count * 2 * SLOTS);
  const dense = new Float32Array(count * 2 * DENSE);
  const truth = new Float32Array(count * 2);
  for (let k = 0; k < count; k++) {
    const row = index[k];
    sparse.set(log.sparse.subarray(row * 2 * SLOTS, (row + 1) * 2 * SLOTS), k * 2 * SLOTS);
    dense.set(log.dense.subarray(row * 2 * DENSE, (row + 1) * 2 * DENSE), k * 2 * DENSE);
    truth.set(log.truth.subarray(row * 2, row * 2 + 2), k * 2);
  }
  const rows = Array.from(index);
  return {
    count,
    start: Float64Array.from(rows, (r) => log.start[r]),
    end: Float64Array.from(rows, (r) => log.end[r]),
    a: Uint32Array.from(rows, (r) => log.a[r]),
    b: Uint32Array.from(rows, (r) => log.b[r]),
    duration: Float32Array.from(rows, (r) => log.duration[r]),
    outcome: Uint8Array.from(rows, (r) => log.outcome[r]),
    leaver: Uint8Array.from(rows, (r) => log.leaver[r]),
    sparse,
    dense,
    truth,
    persons: log.persons,
  };
}

/**
 * Split by time, world by world the same: chats that start before the quantile `share` of all starts train, those after it judge.
 * A chat still running at the cut is used by neither: its end was not known yet.
 */
export function splitByTime(log: ChatLog, share: number): { before: ChatLog; after: ChatLog; cut: number } {
  const starts = Float64Array.from(log.start).sort();
  const cut = starts[Math.min(log.count - 1, Math.floor(share * log.count))];
  const rows = Array.from({ length: log.count }, (_, k) => k);
  return {
    before: selectChats(
      log,
      rows.filter((k) => log.end[k] < cut),
    ),
    after: selectChats(
      log,
      rows.filter((k) => log.start[k] >= cut),
    ),
    cut,
  };
}
