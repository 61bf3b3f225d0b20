import { ColumnLog } from './column-log.ts';
import type { Market } from '../types.ts';

/** Columns of the three logs. Times in seconds since opening, people as ids, flags 0/1. */
const arrivalKinds = { time: Float64Array, person: Uint32Array, newcomer: Uint8Array } as const;
const chatKinds = {
  start: Float64Array,
  end: Float64Array,
  a: Uint32Array,
  b: Uint32Array,
  duration: Float32Array,
  predicted: Float32Array,
  leaver: Uint8Array,
  outcome: Uint8Array,
  waitedA: Float32Array,
  waitedB: Float32Array,
} as const;
const leaveKinds = {
  time: Float64Array,
  person: Uint32Array,
  impatient: Uint8Array,
  waited: Float32Array,
  returnsNextDay: Uint8Array,
} as const;

export interface EventLog {
  readonly arrivals: ColumnLog<keyof typeof arrivalKinds>;
  /** Finished chats, in order of the tick in which they ended. */
  readonly chats: ColumnLog<keyof typeof chatKinds>;
  readonly leaves: ColumnLog<keyof typeof leaveKinds>;
  dispose(): void;
}

/**
 * Writes down every event of a market from now on. `cap`: rows to keep per log (default: all). The market's digest goes over all
 * events, whether a log keeps them or not.
 */
export function createEventLog(market: Market, cap = Infinity): EventLog {
  const arrivals = new ColumnLog(arrivalKinds, cap);
  const chats = new ColumnLog(chatKinds, cap);
  const leaves = new ColumnLog(leaveKinds, cap);
  const row: number[] = [];
  const dispose = market.observe({
    arrived(person, time, newcomer) {
      row[0] = time;
      row[1] = person;
      row[2] = newcomer ? 1 : 0;
      arrivals.append(row);
    },
    chatEnded(chat) {
      row[0] = chat.start;
      row[1] = chat.end;
      row[2] = chat.a;
      row[3] = chat.b;
      row[4] = chat.duration;
      row[5] = chat.predicted;
      row[6] = chat.leaver;
      row[7] = chat.outcome;
      row[8] = chat.waitedA;
      row[9] = chat.waitedB;
      chats.append(row);
    },
    left(person, time, reason, waited, returnsNextDay) {
      row[0] = time;
      row[1] = person;
      row[2] = reason === 'waiting' ? 1 : 0;
      row[3] = waited;
      row[4] = returnsNextDay ? 1 : 0;
      leaves.append(row);
    },
  });
  return { arrivals, chats, leaves, dispose };
}
