import { must } from '../../../base/errors.ts';
import type { ChatLog } from '../chat-log.ts';
import { DENSE, SLOTS } from '../../layout/features.ts';
import { OUTCOMES, SessionSums, SUMMARY, tellOutcome, windowStart } from '../../layout/tokens.ts';

/**
 * A log, person by person. In CUPID a person's session is the sequence of their past matches.
 * Position t of a person means "after t of their matches in the log, before the next". Profiles are
 * taken once, when the log first sees a person: a service that updates its features once a day
 * knows no more.
 */
export interface PersonSessions {
  readonly log: ChatLog;
  /** Rows of a person's chats in time order: order[first[p] .. first[p + 1]). */
  readonly first: Uint32Array;
  readonly order: Uint32Array;
  /** u32[count][2]: position of a and of b when they met. */
  readonly position: Uint32Array;
  /** u16[persons][SLOTS], f32[persons][DENSE]. */
  readonly sparse: Uint16Array;
  readonly dense: Float32Array;
  /** f32[count][2][OUTCOMES]: the chat as side a (b) sees it, for the position after it. */
  readonly outcomes: Float32Array;
  /** f32[count][2][SUMMARY]: summary of the session of a (b) when they met. */
  readonly summary: Float32Array;
}

/** Which side of chat `row` person `p` is. */
export const sideOf = (log: ChatLog, row: number, p: number): 0 | 1 => (log.a[row] === p ? 0 : 1);

/** The person whom `side` of chat `row` met. */
export const partnerOf = (log: ChatLog, row: number, side: 0 | 1): number =>
  side === 0 ? log.b[row] : log.a[row];

export function personSessions(log: ChatLog): PersonSessions {
  const { count, persons } = log;
  const first = new Uint32Array(persons + 1);
  for (let row = 0; row < count; row++) {
    first[log.a[row] + 1]++;
    first[log.b[row] + 1]++;
  }
  for (let p = 0; p < persons; p++) first[p + 1] += first[p];
  const order = new Uint32Array(2 * count);
  const filled = first.slice();
  // Chats of one person never overlap, so the order of their ends is the order of their starts.
  for (let row = 0; row < count; row++) {
    order[filled[log.a[row]]++] = row;
    order[filled[log.b[row]]++] = row;
  }
  const position = new Uint32Array(2 * count);
  const sparse = new Uint16Array(persons * SLOTS);
  const dense = new Float32Array(persons * DENSE);
  const outcomes = new Float32Array(2 * count * OUTCOMES);
  const summary = new Float32Array(2 * count * SUMMARY);
  for (let p = 0; p < persons; p++) {
    const sums = new SessionSums();
    for (let at = first[p]; at < first[p + 1]; at++) {
      const row = order[at];
      const side = 2 * row + sideOf(log, row, p);
      const t = at - first[p];
      must(
        t === 0 || log.start[row] >= log.end[order[at - 1]],
        `person ${p} is in two chats at once (rows ${order[at - 1]} and ${row}); the log must be in order of end`,
      );
      position[side] = t;
      if (t === 0) {
        sparse.set(log.sparse.subarray(side * SLOTS, (side + 1) * SLOTS), p * SLOTS);
        dense.set(log.dense.subarray(side * DENSE, (side + 1) * DENSE), p * DENSE);
      }
      summary.set(sums.summarise(), side * SUMMARY);
      const told = tellOutcome(log.duration[row], log.leaver[row], log.outcome[row], side & 1);
      outcomes.set(told, side * OUTCOMES);
      sums.add(told);
    }
  }
  return { log, first, order, position, sparse, dense, outcomes, summary };
}

/** Matches of `person` known at `time`, if a match is known `delay` seconds after its end. */
export function knownPosition(s: PersonSessions, person: number, time: number, delay: number): number {
  let lo = s.first[person];
  let hi = s.first[person + 1];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (s.log.end[s.order[mid]] <= time - delay) lo = mid + 1;
    else hi = mid;
  }
  return lo - s.first[person];
}

/**
 * Sessions cut into windows of `history` matches, the unit that a transformer reads. Windows
 * overlap by half, so that every position sees at least half a window of the past (all of it, if
 * that is shorter). Window w covers the matches start[w] to start[w] + history - 1 of person[w] and
 * answers for the positions from[w] to start[w] + history.
 */
export interface Windows {
  readonly count: number;
  readonly history: number;
  readonly person: Uint32Array;
  readonly start: Uint32Array;
  readonly from: Uint32Array;
  /** First window of every person. */
  readonly ofPerson: Uint32Array;
}

export function windowsOf(s: PersonSessions, history: number): Windows {
  must(
    Number.isInteger(history) && history >= 2 && history % 2 === 0,
    `history must be an even number of matches from 2; it is ${history}`,
  );
  const half = history / 2;
  const person: number[] = [];
  const start: number[] = [];
  const from: number[] = [];
  const ofPerson = new Uint32Array(s.log.persons + 1);
  for (let p = 0; p < s.log.persons; p++) {
    ofPerson[p] = person.length;
    const matches = s.first[p + 1] - s.first[p];
    for (let at = 0; at === 0 || at + half < matches; at += half) {
      person.push(p);
      start.push(at);
      from.push(at === 0 ? 0 : at + half + 1);
    }
  }
  ofPerson[s.log.persons] = person.length;
  return {
    count: person.length,
    history,
    person: Uint32Array.from(person),
    start: Uint32Array.from(start),
    from: Uint32Array.from(from),
    ofPerson,
  };
}

/** Index into [windows][history + 1] of the state of a person at position `t`. */
export function stateIndex(w: Windows, person: number, t: number): number {
  // The window that answers for t: the first up to `history`, then one more for every half window.
  const window = w.ofPerson[person] + windowStart(t, w.history) / (w.history / 2);
  return window * (w.history + 1) + (t - w.start[window]);
}
