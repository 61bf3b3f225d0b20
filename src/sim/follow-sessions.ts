import type { Families } from '../model/serve/families.ts';
import type { MarketObserver } from './types.ts';

/** Passes the market's events to the histories and the embedding memory. */
export function followSessions(families: Families, always = false): MarketObserver {
  const { histories } = families;
  const wanted = () => always || families.wanted;
  return {
    arrived: (person) => families.arrived(person),
    chatBegan({ a, b }) {
      if (wanted()) histories.met(a, b);
    },
    chatEnded(chat) {
      if (!wanted()) return;
      histories.ended(chat);
      families.finished(chat.a);
      families.finished(chat.b);
    },
  };
}
