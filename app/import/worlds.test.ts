import { expect, test, vi } from 'vitest';
import type { FittedWorld } from '../../src/import/world/fitted-world.ts';

const world = (key: string): FittedWorld =>
  ({ cast: { key, taste: Float32Array.from([1.5, 2]) } }) as unknown as FittedWorld;

test('imported people survive a reload, the last four of them', async () => {
  const before = await import('./worlds.ts');
  const keys = [1, 2, 3, 4, 5].map((k) => `people-${k}`);
  for (const key of keys) {
    before.keepWorld(world(key));
    // Each has its own time.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // The module once more, as after a reload.
  const again = new URL('./worlds.ts?reload', import.meta.url).href;
  const after = (await import(/* @vite-ignore */ again)) as typeof before;
  expect(after.worldOf(keys[4])).toBeUndefined();
  await vi.waitUntil(async () => (await after.findWorld(keys[0])) === undefined);
  expect((await after.findWorld(keys[4]))?.cast.taste).toEqual(Float32Array.from([1.5, 2]));
  expect(after.worldOf(keys[4])).toBeDefined();
  expect(await after.findWorld('people-99')).toBeUndefined();
});
