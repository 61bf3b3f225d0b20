import { createStore, del, get, set, type UseStore } from 'idb-keyval';
import { FEATURE_SIGNATURE } from '../../../src/model/layout/features.ts';
import { hashBytes } from '../../../src/model/layout/weights-file.ts';
import type { Checkpoint } from '../../../src/model/train/trainer.ts';
import type { FitOrder, TrainingState } from '../worker/protocol.ts';

/**
 * A training as it survives a reload of the page. Its evenings are simulated again from its order;
 * then it goes on to the same bytes.
 */
export interface SavedTraining extends TrainingState {
  readonly order: FitOrder;
}

interface Stored extends SavedTraining {
  readonly format: number;
  readonly features: string;
  readonly hash: string;
}

/** Increase it when the steps of a training change, so that older ones are refused. */
const FORMAT = 1;
const KEY = 'last';

let store: UseStore | null = null;

/** Undefined where the browser stores nothing: a private window or a full disk. */
async function inStore<T>(run: (store: UseStore) => Promise<T>): Promise<T | undefined> {
  try {
    return await run((store ??= createStore('halfsecond', 'training')));
  } catch {
    return undefined;
  }
}

/** Saves a training in this browser, if the browser can store it. */
export async function saveTraining(training: SavedTraining): Promise<void> {
  const stored: Stored = {
    ...training,
    ...{ format: FORMAT, features: FEATURE_SIGNATURE, hash: hashOf(training) },
  };
  await inStore((s) => set(KEY, stored, s));
}

export async function forgetTraining(): Promise<void> {
  await inStore((s) => del(KEY, s));
}

/** The saved training, or null. One that cannot go on is deleted; its reason is returned. */
export async function recallTraining(): Promise<SavedTraining | string | null> {
  const stored = (await inStore((s) => get<unknown>(KEY, s))) ?? null;
  if (stored === null) return null;
  const problem = problemOfSaved(stored);
  if (problem === null) {
    const { order, checkpoint, curve } = stored as Stored;
    return { order, checkpoint, curve };
  }
  await forgetTraining();
  return `The training that this browser saved cannot go on and was deleted: ${problem}.`;
}

/** Why a stored training cannot go on, or null. */
export function problemOfSaved(value: unknown): string | null {
  const stored = value as Partial<Stored>;
  if (stored.format !== FORMAT || stored.features !== FEATURE_SIGNATURE)
    return 'another version of the page made it';
  try {
    return hashOf(stored as Stored) === stored.hash ? null : 'it is damaged';
  } catch {
    return 'a part of it is missing';
  }
}

/** FNV-1a over all of it. */
function hashOf({ order, checkpoint, curve }: SavedTraining): string {
  const { phase, at, embedders } = checkpoint;
  const parts = [at, ...(embedders === undefined ? [] : [embedders])].flatMap(hashesOf);
  return hashBytes(new TextEncoder().encode(JSON.stringify([order, curve, phase, parts])));
}

const hashesOf = ({ step, params, mean, square }: Checkpoint): unknown[] => [
  step,
  ...[params, mean, square].flatMap((tensors) =>
    Object.entries(tensors).map(([name, { data, shape }]) => [
      name,
      shape,
      hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ]),
  ),
];
