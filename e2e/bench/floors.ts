import { RECENT_SLOTS } from '../../src/score/types.ts';
import type { Tower } from '../../src/model/layout/tower.ts';
import type { Peak } from './peaks.ts';

/** Work that a stage needs with any algorithm. */
export interface Work {
  readonly multiplyAdds: number;
  readonly bytes: number;
  /** Number of waits of the CPU for the GPU. */
  readonly trips: number;
}

export interface WorkShape {
  readonly n: number;
  readonly dim: number;
  /** The network that computes the vectors in the tick, if there is one. */
  readonly tower: Tower | null;
}

/**
 * Minimum operations and bytes of each stage if every pair is scored once:
 *
 * - embed: every layer of the network for every person; weights are read once.
 * - score: two dot products, one per side, per unordered pair; vectors are read once and one list
 *   entry per person is written.
 * - match: reads everybody's best candidate once and writes mate, weight and price; the CPU waits
 *   once to learn whether the GPU is done.
 * - upload, readback: every input and output once.
 */
export function stageWork({
  n,
  dim,
  tower,
}: WorkShape): Record<'upload' | 'embed' | 'score' | 'match' | 'readback', Work> {
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

/** Milliseconds of the work at peak rates: the longer of arithmetic and copying, plus the waits. */
export function floorMs(work: Work, peak: Peak): number {
  const flow = 1000 * Math.max(work.multiplyAdds / peak.multiplyAdds, work.bytes / peak.bytes);
  return flow + work.trips * peak.roundTripMs;
}
