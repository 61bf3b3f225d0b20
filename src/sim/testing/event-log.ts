import type { ChatEnd, Market } from '../types.ts';

/** Copies of a market's events, in their order. Times in seconds since opening, people as ids. */
export interface EventLog {
  readonly arrivals: { readonly time: number; readonly person: number; readonly newcomer: boolean }[];
  readonly chats: Readonly<ChatEnd>[];
  readonly leaves: { readonly impatient: boolean; readonly returnsNextDay: boolean }[];
  /** Stops recording. */
  dispose(): void;
}

export function recordEvents(market: Market): EventLog {
  const arrivals: EventLog['arrivals'] = [];
  const chats: EventLog['chats'] = [];
  const leaves: EventLog['leaves'] = [];
  const dispose = market.observe({
    arrived: (person, time, newcomer) => void arrivals.push({ time, person, newcomer }),
    chatEnded: (chat) => void chats.push({ ...chat }),
    left: (_person, _time, reason, _waited, returnsNextDay) =>
      void leaves.push({ impatient: reason === 'waiting', returnsNextDay }),
  });
  return { arrivals, chats, leaves, dispose };
}
