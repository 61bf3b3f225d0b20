import { neededAtGate } from '../../../content/life/gates.ts';
import type { Posts } from '../world/posts.ts';
import type { ContentTally } from './tally.ts';

/** Views at which a post must have earned further ones. */
const GATES = [50, 100, 500, 1000, 5000, 10_000, 50_000] as const;

/** After a view: a post at a gate passes with clicks >= ceil(threshold x views), or is stopped. */
export function passGates(posts: Posts, slot: number, threshold: number, tally: ContentTally): void {
  const gate = posts.gate[slot];
  if (gate >= GATES.length || posts.views[slot] < GATES[gate]) return;
  if (posts.clicks[slot] >= neededAtGate(threshold, posts.views[slot])) {
    posts.gate[slot]++;
    tally.passed[gate]++;
  } else {
    posts.stopped[slot] = 1;
    tally.failed[gate]++;
  }
}
