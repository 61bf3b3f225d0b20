import { samePeopleEffects } from '../inference/quantiles.ts';
import type { EveningLog } from '../run/evening-log.ts';

/**
 * How many people spent less time, and how many more, in the chats of this evening than the same
 * people did in the market under A. People who were in one market only are left out.
 */
export function harmed(underA: EveningLog, other: EveningLog): { worse: number; better: number } {
  const before = secondsInChats(underA);
  const pairs = [...secondsInChats(other)].flatMap(([person, seconds]) => {
    const had = before.get(person);
    return had === undefined ? [] : [{ had, seconds }];
  });
  if (pairs.length === 0) return { worse: 0, better: 0 };
  const [a, b] = [pairs.map((p) => p.had), pairs.map((p) => p.seconds)];
  const { share_worse, share_unchanged } = samePeopleEffects(a, b, []);
  const count = (share: number) => Math.round(share * pairs.length);
  return { worse: count(share_worse), better: count(1 - share_worse - share_unchanged) };
}

/** Seconds in chats that began this evening, by slot and generation. */
function secondsInChats({ people, chats }: EveningLog): Map<string, number> {
  const seconds = new Float64Array(people.count);
  for (let c = 0; c < chats.count; c++) {
    seconds[chats.a[c]] += chats.seconds[c];
    seconds[chats.b[c]] += chats.seconds[c];
  }
  return new Map([...seconds].map((s, p) => [`${people.slot[p]}.${people.generation[p]}`, s]));
}
