import type { GpuBackend } from '../../src/match/gpu-backend.ts';
import type { Tower, TowerInput } from '../../src/model/layout/tower.ts';
import { plainRule } from '../../src/gpu/tick/probe.ts';
import { upload } from '../../src/gpu/tick/upload.ts';
import { familyPool } from '../../src/gpu/testing/pools.ts';
import { floorMs, stageWork } from './floors.ts';
import type { Peak } from './peaks.ts';
import type { Product } from './product.ts';
import { median } from './stats.ts';
import { Stolen } from './stolen.ts';
import { watchSubmissions } from './submissions.ts';
import type { SubmissionTimes } from './submissions.ts';

export interface ScoringRow {
  readonly n: number;
  readonly dim: number;
  /** Least wall clock of the fused scan over the runs: dots, filters, 16 best of everybody. */
  readonly ms: number;
  /** 2 x 2 dots per pair of people / time. */
  readonly gflops: number;
  /** Least time at this machine's measured peak by the time taken. */
  readonly shareOfFloor: number;
  /** As many multiply-adds by the adapter's quickest plain matrix product, by the time taken. */
  readonly shareOfProduct: number;
  readonly submissions: number;
  /** Median over runs of the longest submission of a run. */
  readonly longestSubmissionMs: number;
}

export interface ScoringOptions {
  readonly peak: Peak;
  readonly product: Product;
  readonly seconds: number;
  readonly progress: (text: string) => void;
}

/** The fused scan at `sizes` on the GPU, vectors of `dim`; each size at most `seconds`. */
export async function benchScoring(
  backend: GpuBackend,
  sizes: readonly number[],
  dim: number,
  { peak, product, seconds, progress }: ScoringOptions,
): Promise<ScoringRow[]> {
  const { gpu, passes, clock } = backend;
  const rows: ScoringRow[] = [];
  for (const n of sizes) {
    progress(`scoring: ${n} people, dimension ${dim}`);
    const pool = familyPool({ family: 'random', n, dim, seed: 11 });
    const batch = backend.batcher();
    const tick = upload(batch, backend.memory, pool, plainRule, { matcher: 'greedy', seed: 1 });
    const times: number[] = [];
    const longest: number[] = [];
    let submissions = 0;
    const until = performance.now() + 1000 * seconds;
    // The first run tells how fast the adapter is, so that submissions have their size.
    for (let run = 0; run < 8 && (run < 2 || performance.now() < until); run += 1) {
      clock.begin();
      const watch = watchSubmissions(gpu);
      const start = performance.now();
      const before = batch.total;
      passes.score.scan(batch, tick);
      batch.submit();
      const work = batch.total - before;
      await gpu.device.queue.onSubmittedWorkDone();
      const ms = performance.now() - start;
      gpu.scoringRate = run === 0 ? work / ms : 0.5 * gpu.scoringRate + (0.5 * work) / ms;
      await batch.read({});
      const score = watch.stop().find(({ stage }) => stage === 'score');
      if (run === 0) continue;
      times.push(ms);
      longest.push(score?.longestMs ?? NaN);
      submissions = score?.count ?? NaN;
    }
    const work = stageWork({ n, dim, tower: null }).score;
    const ms = Math.min(...times);
    rows.push({
      n,
      dim,
      ms,
      gflops: (2 * work.multiplyAdds) / ms / 1e6,
      shareOfFloor: floorMs(work, peak) / ms,
      shareOfProduct: (1000 * work.multiplyAdds) / product.multiplyAdds / ms,
      submissions,
      longestSubmissionMs: median(longest),
    });
  }
  return rows;
}

export interface SubmissionsRow {
  readonly n: number;
  readonly matcher: string;
  readonly stages: SubmissionTimes[];
  /** Of the tick. Processor time of this process, all threads: where it is short of a software adapter's wall time, others had the processor. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Milliseconds that a hypervisor took from all processors together in that time. */
  readonly stolenMs: number;
}

/**
 * One whole tick at `n`, people in clusters, and the embedding of as many: the longest submission of every stage. Kernels are compiled by a
 * small tick before.
 */
export async function benchSubmissions(
  backend: GpuBackend,
  n: number,
  matcher: 'greedy' | 'auction',
  tower: Tower | null,
): Promise<SubmissionsRow> {
  const pool = (size: number) => familyPool({ family: 'clustered', n: size, dim: 64, seed: 11 });
  const tick = (size: number) => backend.match(pool(size), plainRule, { matcher, seed: 1 });
  await tick(Math.min(n, 200));
  const input = tower === null ? null : someInput(tower, n);
  if (input !== null) await backend.embedOnly(input, Math.min(n, 200));
  const stolen = new Stolen();
  const watch = watchSubmissions(backend.gpu, stolen);
  const start = performance.now();
  const before = process.cpuUsage();
  const stolenBefore = stolen.total();
  await tick(n);
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - start;
  const stolenMs = stolen.total() - stolenBefore;
  if (input !== null) {
    await backend.embedOnly(input, n);
  }
  const stages = watch.stop();
  await stolen.stop();
  return { n, matcher, stages, wallMs, cpuMs: (user + system) / 1000, stolenMs };
}

function someInput(tower: Tower, n: number): TowerInput {
  return {
    tower,
    sparse: Uint32Array.from({ length: n * tower.slots }, (_, k) => (7919 * k) % tower.rows),
    dense: new Float32Array(n * tower.dense),
  };
}
