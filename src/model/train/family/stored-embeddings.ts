import { jit, tree, type numpy as np } from '@jax-js/jax';
import type { Arrays } from '../adam.ts';
import { breathe, initLearning, toArrays, type LearningDevice } from '../trainer.ts';
import type { Tensors } from '../../layout/tensors.ts';
import { isHead, type FamilyConfig } from '../../layout/config.ts';
import { embedBatch, sessionBatch } from './phase1.ts';
import { knownPosition, stateIndex, type PersonSessions, type Windows } from './person-sessions.ts';

/**
 * The embedding memory: e = e_feature + e_session of every person at every position, computed once with frozen embedders, as a service
 * keeps them outside the tick. f32[windows][history + 1][size].
 */
export interface StoredEmbeddings {
  readonly states: Float32Array;
  readonly windows: Windows;
  readonly size: number;
  /** Transformer passes over a window that filling it took. */
  readonly passes: number;
}

/** Windows per call; the last call is padded with repeats. */
const CHUNK = 32;

export interface FillOptions {
  readonly device?: LearningDevice | undefined;
  /** Called between two chunks with the share done; what it returns is waited for. */
  readonly filled?: ((share: number) => Promise<void> | void) | undefined;
}

export async function storeEmbeddings(
  config: FamilyConfig,
  s: PersonSessions,
  windows: Windows,
  params: Tensors,
  signal?: AbortSignal,
  { device, filled }: FillOptions = {},
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
      if (filled !== undefined) {
        await breathe();
        await filled((from + rows) / windows.count);
      }
    }
  } finally {
    tree.dispose(embedders);
    embed.dispose();
  }
  return { states, windows, size: config.size, passes: windows.count };
}

/**
 * Where the memory holds what is known of a side of chat `row` when it begins, if the vector of a match is there `delay` seconds after its
 * end; an offset into `states`.
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
