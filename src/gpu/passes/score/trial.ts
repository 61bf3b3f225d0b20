import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import type { GpuTick } from '../../tick/upload.ts';
import type { ScorePass, ScoreVariant } from './score-topk.ts';

/** A measurement is at least so long: clocks of browsers are coarse, and waits take time. */
const MIN_MS = 10;
const MAX_SCANS = 64;
/** Measurements of a variant. */
const RUNS = 3;

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

/**
 * Scans in the chosen variant and with this change of it, and keeps the faster one.
 * @returns its time.
 */
export async function tryChange(
  score: ScorePass,
  tick: GpuTick,
  batcher: () => SubmissionBatcher,
  change: Partial<ScoreVariant>,
): Promise<ScanTime> {
  const time = async (variant: ScoreVariant) => {
    await score.choose(variant);
    // The first run warms up. The fastest one tells least of other work on the machine.
    await timeScan(score, tick, batcher);
    const runs: ScanTime[] = [];
    for (let k = 0; k < RUNS; k++) runs.push(await timeScan(score, tick, batcher));
    return runs.sort((a, b) => a.ms - b.ms)[0];
  };
  const { variant } = score;
  const known = await time(variant);
  const tried = await time({ ...variant, ...change });
  if (tried.ms < known.ms) return tried;
  await score.choose(variant);
  return known;
}
