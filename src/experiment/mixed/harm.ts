import type { EveningLog } from '../run/evening-log.ts';

/**
 * How many people spent less time, and how many more, in the chats of this evening than the same
 * people did in the market under A. People who were in one market only are left out.
 */
export function harmed(underA: EveningLog, other: EveningLog): { worse: number; better: number } {
  const before = secondsInChats(underA);
  let worse = 0;
  let better = 0;
  for (const [person, seconds] of secondsInChats(other)) {
    const had = before.get(person);
    if (had === undefined) continue;
    if (seconds < had) worse++;
    if (seconds > had) better++;
  }
  return { worse, better };
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
