import { expect, test } from 'vitest';
import { normal, Stream } from '../../base/hash.ts';
import { scenario } from '../../scenario/parse.ts';
import { TASTE } from '../../world/types.ts';
import { createWorld } from '../../world/world.ts';
import { passesIfAlike, passGates } from './feed/gates.ts';
import { ContentTally } from './feed/tally.ts';
import { VectorUpdates } from './feed/updates.ts';
import { PostMaker, VECTOR } from './world/posts.ts';

const maker = () =>
  new PostMaker(
    createWorld(scenario({ seed: 50_020, population: { people: 400 }, feed: { on: 'on', posts: 50 } })),
  );

const SOME = Array.from({ length: 20 }, (_, slot) => slot);

/** Squared distance of the learned vector of a post from what readers see. */
function errorOf({ learned, appeal, quality }: PostMaker['posts'], slot: number): number {
  let sum = (learned[slot * VECTOR + TASTE] - quality[slot]) ** 2;
  for (let k = 0; k < TASTE; k++) sum += (learned[slot * VECTOR + k] - appeal[slot * TASTE + k]) ** 2;
  return sum;
}

test('a belief comes nearer to the truth than gradient steps on the same signals', () => {
  const left = (['signal', 'belief'] as const).map((mode) => {
    const { posts } = maker();
    posts.views.fill(0);
    const updates = new VectorUpdates(posts);
    const error = () => SOME.reduce((sum, slot) => sum + errorOf(posts, slot), 0);
    const before = error();
    for (const slot of SOME)
      for (let k = 0; k < 60; k++) {
        const draw = (d: number) => normal(50_020, Stream.content, k, d, slot);
        const user = Float32Array.from({ length: VECTOR }, (_, d) =>
          d < TASTE ? draw(d) : d === TASTE ? 1 : 0,
        );
        let value = posts.quality[slot] + 1.5 * draw(99);
        for (let d = 0; d < TASTE; d++) value += user[d] * posts.appeal[slot * TASTE + d];
        posts.views[slot]++;
        updates.reads(user);
        updates.add(slot, value, false);
        updates.settle(k, mode, 600);
      }
    expect(updates.applied).toBe(60 * SOME.length);
    return error() / before;
  });
  expect(left[1]).toBeLessThan(0.7);
  expect(left[1]).toBeLessThan(left[0]);
});

test('a post earns its gates, and most of all at the first one', () => {
  const { posts } = maker();
  const tally = new ContentTally();
  [posts.views[0], posts.clicks[0]] = [50, 20];
  passGates(posts, 0, 0.4, tally);
  expect(posts).toMatchObject({ gate: { 0: 1 }, stopped: { 0: 0 } });
  [posts.views[1], posts.clicks[1]] = [50, 19];
  passGates(posts, 1, 0.4, tally);
  expect(posts.stopped[1]).toBe(1);
  expect([tally.passed[0], tally.failed[0]]).toEqual([1, 1]);
  const alike = passesIfAlike(0.4, 0.4);
  expect(alike[0]).toBeGreaterThan(0.5);
  expect(alike[0]).toBeLessThan(0.6);
  // Behind its first gate, a post has proved itself.
  expect(alike[1]).toBeGreaterThan(alike[0]);
  expect(alike[4]).toBeNaN();
});
