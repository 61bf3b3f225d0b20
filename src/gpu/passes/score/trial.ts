import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import type { GpuTick } from '../../tick/upload.ts';
import type { ScorePass, ScoreVariant } from './score-topk.ts';

/** A measurement is at least so long: clocks of browsers are coarse, and waits take time. */
const MIN_MS = 10;
const MAX_SCANS = 64;

export interface ScanTime {
  readonly ms: number;
  /** Cost of the scan, in the unit of the batcher's rates. */
  readonly cost: number;
}

/** Milliseconds of one scan by the wall clock: many are submitted and awaited once. */
export async function timeScan(
  score: ScorePass,
  tick: GpuTick,
  batcher: () => SubmissionBatcher,
): Promise<ScanTime> {
  const { device } = score.gpu;
  for (let count = 1; ; count *= 4) {
    const batch = batcher();
    const start = performance.now();
    for (let k = 0; k < count; k++) score.scan(batch, tick);
    batch.submit();
    await score.gpu.alive(device.queue.onSubmittedWorkDone());
    const ms = performance.now() - start;
    if (ms >= MIN_MS || count >= MAX_SCANS) return { ms: ms / count, cost: batch.total / count };
  }
}

/** Scans with each variant and keeps the fastest. @returns its time. */
export async function chooseVariant(
  score: ScorePass,
  tick: GpuTick,
  batcher: () => SubmissionBatcher,
): Promise<ScanTime> {
  const time = async (variant: ScoreVariant) => {
    await score.choose(variant);
    // The first run warms up.
    await timeScan(score, tick, batcher);
    return { variant, ...(await timeScan(score, tick, batcher)) };
  };
  let best = await time({ tile: 'cached', merge: 'rows' });
  for (const change of [{ merge: 'groups' }, { tile: 'blocks' }] as const) {
    const tried = await time({ ...best.variant, ...change });
    if (tried.ms < best.ms) best = tried;
  }
  await score.choose(best.variant);
  return best;
}
