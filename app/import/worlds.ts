import { createStore, entries, del, get, set, type UseStore } from 'idb-keyval';
import type { FittedWorld } from '../../src/import/world/fitted-world.ts';

/**
 * Imported worlds by the key of their people, oldest first. Outside of React, because they have an
 * entry per person. They are also kept in IndexedDB, so that they survive a reload: it stores typed
 * arrays as they are, in every browser, where files of the origin would need an encoding.
 */
const worlds = new Map<string, FittedWorld>();
const KEPT = 4;

interface Stored {
  readonly world: FittedWorld;
  /** Milliseconds since 1970. */
  readonly at: number;
}

let database: UseStore | undefined;
const store = () => (database ??= createStore('halfsecond-people', 'worlds'));

export function keepWorld(world: FittedWorld): void {
  hold(world);
  // Where nothing can be stored (private windows, a full disk), the people last for this visit.
  remember(world).catch(() => undefined);
}

export function worldOf(cast: string): FittedWorld | undefined {
  return worlds.get(cast);
}

/** The world of these people, from an earlier visit too; undefined where it is not here. */
export async function findWorld(cast: string): Promise<FittedWorld | undefined> {
  const here = worlds.get(cast);
  if (here !== undefined) return here;
  const stored = await get<Stored>(cast, store()).catch(() => undefined);
  if (stored !== undefined) hold(stored.world);
  return stored?.world;
}

function hold(world: FittedWorld): void {
  worlds.delete(world.cast.key);
  worlds.set(world.cast.key, world);
  for (const key of worlds.keys()) {
    if (worlds.size <= KEPT) break;
    worlds.delete(key);
  }
}

async function remember(world: FittedWorld): Promise<void> {
  await set(world.cast.key, { world, at: Date.now() } satisfies Stored, store());
  const all = await entries<string, Stored>(store());
  const old = all.sort(([, a], [, b]) => b.at - a.at).slice(KEPT);
  await Promise.all(old.map(([key]) => del(key, store())));
}
