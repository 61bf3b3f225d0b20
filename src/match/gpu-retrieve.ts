import type { SubmissionBatcher } from '../gpu/batch/submission-batcher.ts';
import type { ScorePass } from '../gpu/passes/score/score-topk.ts';
import { readLists } from '../gpu/tick/lists.ts';
import type { TickMemory } from '../gpu/tick/tick-buffers.ts';
import { upload, type GatherPass } from '../gpu/tick/upload.ts';
import { retrieveOnCpu, type RetrievedRows, type RetrieveOptions } from '../score/candidates/retrieve.ts';
import { NONE, type Pool, type WeightRule } from '../score/types.ts';

/**
 * Best partners of the first rows of a pool, by the pass that scores ticks: those rows against
 * everyone, with care, so that no queue overflows. CPU reference: `retrieveOnCpu`.
 */
export async function runGpuRetrieve(
  passes: { readonly gather: GatherPass; readonly score: ScorePass },
  batch: SubmissionBatcher,
  memory: TickMemory,
  pool: Pool,
  rule: WeightRule,
  options: RetrieveOptions,
): Promise<RetrievedRows> {
  const { rows, k, seed } = options;
  if (rows === 0) return retrieveOnCpu(pool, rule, options);
  const tick = upload(passes.gather, batch, memory, pool, rule, { matcher: 'greedy', seed, candidates: k });
  // Positions on the device are shuffled.
  const place = new Uint32Array(pool.n);
  tick.order.forEach((position, at) => (place[position] = at));
  const wanted = place.subarray(0, rows);
  passes.score.rescore(batch, tick, { rows: wanted, columns: null, careful: true });
  const lists = await readLists(batch, tick);
  const columns = new Uint32Array(rows * k).fill(NONE);
  const weights = new Float32Array(rows * k);
  const bits = new Uint32Array(weights.buffer);
  wanted.forEach((at, row) => {
    const { list } = lists[at];
    for (let e = 0; 2 * e < list.length && e < k; e++) {
      columns[row * k + e] = tick.order[list[2 * e]];
      bits[row * k + e] = list[2 * e + 1];
    }
  });
  return { columns, weights };
}
