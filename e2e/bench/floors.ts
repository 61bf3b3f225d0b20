import { RECENT_SLOTS } from '../../src/score/types.ts';
import type { Tower } from '../../src/model/layout/tower.ts';
import type { Peak } from './peaks.ts';

/** What a stage cannot do without, whatever the algorithm. */
export interface Work {
  readonly multiplyAdds: number;
  readonly bytes: number;
  /** Times that the CPU must wait for an answer of the GPU. */
  readonly trips: number;
}

export interface Shape {
  readonly n: number;
  readonly dim: number;
  /** Where the vectors come from a network in the tick. */
  readonly tower: Tower | null;
}

/**
 * Operations and bytes below which a stage cannot go when every pair is scored once:
 *
 * - embed: every layer of the network for every person; weights read once.
 * - score: two dot products (either side's view) per unordered pair; vectors read once, one list entry per person written.
 * - match: every person's best candidate is looked at once, and mate, weight and price are written; a GPU must be asked once whether it is done.
 * - upload, readback: what goes in and comes out, once.
 */
export function stageWork({
  n,
  dim,
  tower,
}: Shape): Record<'upload' | 'embed' | 'score' | 'match' | 'readback', Work> {
  const vectors = 2 * n * dim * 4;
  const perPerson = 4 * (6 + RECENT_SLOTS);
  const layers = tower?.layers.reduce((sum, l) => sum + l.inputs * l.outputs, 0) ?? 0;
  const inputs = tower === null ? vectors : n * 4 * (tower.slots + tower.dense);
  const weights = tower === null ? 0 : 4 * layers + n * 4 * tower.slots * (tower.embed + 2 * tower.dim);
  const result = n * 12;
  return {
    upload: { multiplyAdds: 0, bytes: n * perPerson + inputs, trips: 0 },
    embed: { multiplyAdds: n * layers, bytes: tower === null ? 0 : inputs + weights + vectors, trips: 0 },
    score: { multiplyAdds: n * (n - 1) * dim, bytes: vectors + n * 8, trips: 0 },
    match: { multiplyAdds: 0, bytes: n * 8 + result, trips: 1 },
    readback: { multiplyAdds: 0, bytes: result, trips: 1 },
  };
}

/** Milliseconds that the work takes at the machine's peak: arithmetic or copying, whichever is longer, and the waits. */
export function floorMs(work: Work, peak: Peak): number {
  const flow = 1000 * Math.max(work.multiplyAdds / peak.multiplyAdds, work.bytes / peak.bytes);
  return flow + work.trips * peak.roundTripMs;
}
