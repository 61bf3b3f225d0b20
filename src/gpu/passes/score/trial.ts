import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import type { Pool } from '../../../score/types.ts';
import { calibrationPool } from '../../tick/probe.ts';
import type { GpuTick } from '../../tick/upload.ts';
import type { ScorePass, ScoreVariant } from './score-topk.ts';

/** A measurement is at least so long: clocks of browsers are coarse, and waits take time. */
const MIN_MS = 10;
const MAX_SCANS = 64;
/** Measurements of a variant. */
const RUNS = 3;
/**
 * Sizes of the pools that a calibration scores, and components of their vectors. Tiles are tried on
 * the last pool, where products take most of the time; merges on an earlier one: most of them,
 * after refills, have few rows.
 */
const CALIBRATION = { min: 256, merges: 1024, max: 16_384, dim: 64 };
/** A scan that takes this many milliseconds is long enough for the clock. */
const CALIBRATION_MS = 40;

interface ScanTime {
  readonly ms: number;
  /** Cost of the scan, in the unit of the batcher's rates. */
  readonly cost: number;
}

/** Milliseconds of one scan by the wall clock: many are submitted and awaited once. */
async function timeScan(
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

/**
 * Chooses the fastest variant and measures it, which sets the size of the first submissions.
 * @param upload makes a tick of a pool.
 * @returns multiply-adds per second.
 */
export async function calibrateScoring(
  score: ScorePass,
  batcher: () => SubmissionBatcher,
  upload: (batch: SubmissionBatcher, pool: Pool) => GpuTick,
): Promise<number> {
  const { min, merges, max, dim } = CALIBRATION;
  const { gpu } = score;
  // A software adapter compiles for seconds, and emulates workgroups.
  const tries = !gpu.facts.software;
  for (let n = min; ; n *= 2) {
    const batch = batcher();
    const tick = upload(batch, calibrationPool(n, dim));
    batch.submit();
    const time = await timeScan(score, tick, batcher);
    gpu.scoringRate = time.cost / time.ms;
    const last = time.ms >= CALIBRATION_MS || n === max;
    if (tries && (n === merges || (last && n < merges)))
      await tryChange(score, tick, batcher, { merge: 'groups' });
    if (!last) continue;
    const { ms, cost } = tries ? await tryChange(score, tick, batcher, { tile: 'blocks' }) : time;
    gpu.scoringRate = cost / ms;
    return (1000 * n * n * dim) / ms;
  }
}
