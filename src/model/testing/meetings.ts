import { must } from '../../base/errors.ts';
import { hash4, normal, Stream } from '../../base/hash.ts';
import type { World } from '../../world/types.ts';
import type { ChatRecorder } from '../train/chat-log.ts';

/** Whether two people may meet: a common language, and both filters admit the other. */
function admits({ people: p }: World, a: number, b: number): boolean {
  return (
    a !== b &&
    (p.speaks[a] & p.speaks[b]) !== 0 &&
    ((p.wantsGender[a] >> p.gender[b]) & 1) === 1 &&
    ((p.wantsGender[b] >> p.gender[a]) & 1) === 1 &&
    ((p.wantsOwnCountry[a] | p.wantsOwnCountry[b]) === 0 || p.country[a] === p.country[b])
  );
}

/**
 * Records `count` meetings of random pairs who may meet, without clock, pool or mood: each side
 * stays a lognormal time around its location, and the chat ends with the first leaver. A fast
 * source of chats for tests. Updates the people's `chats` and `meanLog` as a market does.
 *
 * Throws LabError if almost nobody may meet.
 */
export function recordMeetings(world: World, count: number, seed: number, recorder: ChatRecorder): void {
  const { people } = world;
  const { tail, swipeSeconds } = world.scenario.behaviour;
  for (let k = 0, tries = 0; k < count; tries++) {
    must(
      tries < 1000 * (count + 10),
      'hardly anybody may meet anybody in this world; loosen filters and languages',
    );
    const a = hash4(seed, Stream.policy, tries, 0) % people.count;
    const b = hash4(seed, Stream.policy, tries, 1) % people.count;
    if (!admits(world, a, b)) continue;
    recorder.met(people, a, b, (i, j) => world.location(i, j));
    const stay = (i: number, j: number, side: number) =>
      world.location(i, j) + tail * normal(seed, Stream.behaviour, k, side);
    const stayA = stay(a, b, 0);
    const stayB = stay(b, a, 1);
    const logDuration = Math.min(stayA, stayB);
    const duration = Math.exp(logDuration);
    const leaver = stayA < stayB ? 0 : 1;
    const outcome = duration < swipeSeconds ? 1 << leaver : 0;
    recorder.ended({ a, b, start: k, end: k + 0.5, duration, outcome, leaver });
    for (const i of [a, b]) {
      people.meanLog[i] += (logDuration - people.meanLog[i]) / (people.chats[i] + 1);
      people.chats[i]++;
    }
    k++;
  }
}
