import type { FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import { type CurvePoint, hashBytes } from '../../../src/model/layout/weights-file.ts';
import { FEATURE_SIGNATURE } from '../../../src/model/layout/features.ts';
import type { Checkpoint } from '../../../src/model/train/trainer.ts';
import type { Tensor } from '../../../src/model/layout/tensors.ts';
import type { FitOrder } from './orders.ts';

/** A training that was under way, as it survives a reload: with the evenings of its order, which are simulated again, it goes on bit for bit. */
export interface KeptTraining {
  readonly order: FitOrder;
  readonly checkpoint: FamilyCheckpoint;
  readonly curve: readonly CurvePoint[];
}

interface Stored extends KeptTraining {
  readonly format: number;
  readonly features: string;
  readonly hash: string;
}

/** Counts up when a training's steps change, so that an older one is not gone on with. */
const FORMAT = 1;
const DATABASE = 'halfsecond';
const STORE = 'training';
const KEY = 'last';

/** Keeps a training in this browser. Where nothing can be kept (a private window, a full disk) it only is not there after a reload. */
export async function keepTraining(kept: KeptTraining): Promise<void> {
  const stored: Stored = { ...kept, format: FORMAT, features: FEATURE_SIGNATURE, hash: hashOf(kept) };
  await inStore('readwrite', (store) => store.put(stored, KEY));
}

export async function forgetTraining(): Promise<void> {
  await inStore('readwrite', (store) => store.delete(KEY));
}

/** What was kept; a sentence where it cannot go on, in which case it is forgotten; null where there is nothing. */
export async function recallTraining(): Promise<KeptTraining | string | null> {
  const stored = await inStore<unknown>('readonly', (store) => store.get(KEY));
  if (stored === undefined || stored === null) return null;
  const problem = problemOfKept(stored);
  if (problem === null) {
    const { order, checkpoint, curve } = stored as Stored;
    return { order, checkpoint, curve };
  }
  await forgetTraining();
  return `The training that this browser kept cannot go on, and was dropped: ${problem}.`;
}

/** Why what was kept cannot go on, or null. */
export function problemOfKept(value: unknown): string | null {
  const stored = value as Partial<Stored>;
  if (stored.format !== FORMAT || stored.features !== FEATURE_SIGNATURE)
    return 'another version of the page made it';
  let hash: string;
  try {
    hash = hashOf(stored as Stored);
  } catch {
    return 'a part of it is missing';
  }
  return hash === stored.hash ? null : 'it is damaged';
}

/** FNV-1a over all of it. */
function hashOf({ order, checkpoint, curve }: KeptTraining): string {
  const { phase, at, embedders } = checkpoint;
  const parts = [at, ...(embedders === undefined ? [] : [embedders])].flatMap(hashesOf);
  const told = JSON.stringify([order, curve, phase, parts]);
  return hashBytes(new TextEncoder().encode(told));
}

const hashesOf = ({ step, params, mean, square }: Checkpoint): unknown[] => [
  step,
  ...[params, mean, square].flatMap((blocks) =>
    Object.entries(blocks).map(([name, { data, shape }]: [string, Tensor]) => [
      name,
      shape,
      hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ]),
  ),
];

/** One request in the store; undefined where the browser has none. */
async function inStore<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<T | undefined> {
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await answer<IDBDatabase>(opening);
    try {
      return await answer<T>(ask(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function answer<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing.'));
  });
}
