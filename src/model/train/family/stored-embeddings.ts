import { jit, tree, type numpy as np } from '@jax-js/jax';
import { isHead, type FamilyConfig } from '../../layout/config.ts';
import type { Tensors } from '../../layout/tensors.ts';
import type { Arrays } from '../adam.ts';
import { breathe, initLearning, toArrays, type LearningDevice } from '../trainer.ts';
import { knownPosition, stateIndex, type PersonSessions, type Windows } from './person-sessions.ts';
import { embedBatch, sessionBatch } from './phase1.ts';

/**
 * The embedding memory in training: e = e_feature + e_session of every person at every position,
 * computed once with frozen embedders. f32[windows][history + 1][size].
 */
export interface StoredEmbeddings {
  readonly states: Float32Array;
  readonly windows: Windows;
  readonly size: number;
  /** Transformer passes over a window that storing took. */
  readonly passes: number;
}

/** Windows per call; the last call is padded with repeats. */
const CHUNK = 32;

export interface StoreOptions {
  readonly device?: LearningDevice | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called between two chunks with the share done. A returned promise is awaited. */
  readonly stored?: ((share: number) => Promise<void> | void) | undefined;
}

export async function storeEmbeddings(
  config: FamilyConfig,
  s: PersonSessions,
  windows: Windows,
  params: Tensors,
  { device, signal, stored }: StoreOptions = {},
): Promise<StoredEmbeddings> {
  await initLearning(device);
  const embedders = toArrays(Object.fromEntries(Object.entries(params).filter(([name]) => !isHead(name))));
  const embed = jit((p: Arrays, batch: Arrays): np.Array => {
    const { own, partner, rest } = embedBatch(config, p, batch);
    tree.dispose([partner, rest, p]);
    return own;
  });
  const width = (windows.history + 1) * config.size;
  const states = new Float32Array(windows.count * width);
  try {
    for (let from = 0; from < windows.count; from += CHUNK) {
      signal?.throwIfAborted();
      const chunk = Uint32Array.from({ length: CHUNK }, (_, k) => Math.min(from + k, windows.count - 1));
      const batch = sessionBatch(config, s, windows, chunk, () => false);
      const own = embed(tree.ref(embedders), toArrays(batch));
      const data = (await own.data()) as Float32Array;
      const rows = Math.min(CHUNK, windows.count - from);
      states.set(data.subarray(0, rows * width), from * width);
      if (stored !== undefined) {
        await breathe();
        await stored((from + rows) / windows.count);
      }
    }
  } finally {
    tree.dispose(embedders);
    embed.dispose();
  }
  return { states, windows, size: config.size, passes: windows.count };
}

/**
 * Offset into `states` of what is known about a side of chat `row` when it begins, if the vector of
 * a match is available `delay` seconds after the end of the match.
 */
export function stateAt(
  memory: StoredEmbeddings,
  s: PersonSessions,
  row: number,
  side: number,
  delay: number,
): number {
  const person = side === 0 ? s.log.a[row] : s.log.b[row];
  const t = delay === 0 ? s.position[2 * row + side] : knownPosition(s, person, s.log.start[row], delay);
  return stateIndex(memory.windows, person, t) * memory.size;
}
