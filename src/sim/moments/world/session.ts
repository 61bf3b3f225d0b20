import { Stream, uniform } from '../../../base/hash.ts';
import type { World } from '../../../world/types.ts';

const OPEN = 0x7f0000;

/** Word of a draw in a person's present session. */
export function sessionWord({ people }: World, person: number): number {
  return ((people.generation[person] << 16) | (people.sessions[person] & 0xffff)) >>> 0;
}

/** Whether a person reads the feed after the chat of this number in their session. */
export function opensFeed(world: World, person: number, chat: number): boolean {
  const { seed, feed } = world.scenario;
  return uniform(seed, Stream.content, person, sessionWord(world, person), OPEN + (chat & 0xfff)) < feed.open;
}
