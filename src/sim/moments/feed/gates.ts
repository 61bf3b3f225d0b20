import { gateChances, neededAtGate } from '../../../content/life/gates.ts';
import type { Posts } from '../world/posts.ts';
import type { ContentTally } from './tally.ts';

/** Views at which a post must have earned further ones. */
export const GATES = [50, 100, 500, 1000, 5000, 10_000, 50_000] as const;
/** Gates whose chances are computed: behind them, the law of the clicks is too wide for a page. */
const COMPUTED = 4;

/** After a view: a post at a gate passes with clicks >= ceil(threshold x views), or is stopped. */
export function passGates(posts: Posts, slot: number, threshold: number, tally: ContentTally): void {
  const views = posts.views[slot];
  const gate = posts.gate[slot];
  if (gate >= GATES.length || views < GATES[gate]) return;
  if (posts.clicks[slot] >= neededAtGate(threshold, views)) {
    posts.gate[slot]++;
    tally.passed[gate]++;
  } else {
    posts.stopped[slot] = 1;
    tally.failed[gate]++;
  }
}

/**
 * Share of the posts at each gate that would pass it if all were alike: every view a click with the
 * mean chance. NaN behind 1,000 views.
 */
export function passesIfAlike(chance: number, threshold: number): number[] {
  const { passes } = gateChances(chance, threshold, GATES.slice(0, COMPUTED));
  return GATES.map((_, gate) => (gate < COMPUTED ? passes[gate] / (gate === 0 ? 1 : passes[gate - 1]) : NaN));
}
