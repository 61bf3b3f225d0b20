import type { FittedWorld } from '../../src/import/world/fitted-world.ts';

/**
 * Imported worlds of this visit by the key of their people, oldest first. Outside of React, because
 * they have an entry per person.
 */
const worlds = new Map<string, FittedWorld>();
const KEPT = 4;

export function keepWorld(world: FittedWorld): void {
  worlds.delete(world.cast.key);
  worlds.set(world.cast.key, world);
  for (const key of worlds.keys()) {
    if (worlds.size <= KEPT) break;
    worlds.delete(key);
  }
}

export function worldOf(cast: string): FittedWorld | undefined {
  return worlds.get(cast);
}
