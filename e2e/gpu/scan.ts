import { createGpuBackend, type GpuBackend } from '../../src/match/gpu-backend.ts';
import { familyPool } from '../../src/gpu/testing/pools.ts';
import { plainRule } from '../../src/gpu/tick/probe.ts';
import { upload, type GpuTick } from '../../src/gpu/tick/upload.ts';
import { median } from '../bench/stats.ts';
import { openGpu } from './adapter.ts';
import { countCalls, watchPasses, type Calls, type PassTimes } from './observe.ts';

export interface ScanRow {
  readonly n: number;
  readonly dim: number;
  /** Median from the first call of a scan until the device reports its end. */
  readonly wallMs: number;
  /** Milliseconds per scan when many are queued and awaited once. */
  readonly eachMs: number;
  /** Median of the sum of all passes on the GPU clock. NaN without timestamps. */
  readonly gpuMs: number;
  /** 2 n (n - 1) dim operations, as in a product of n x dim by dim x n, divided by each of these times. */
  readonly gflops: { readonly wall: number; readonly each: number; readonly gpu: number };
  /** Median time of the host to encode one scan. */
  readonly encodeMs: number;
  readonly calls: Calls;
  readonly passes: PassTimes;
}

/** Scans that teach the throughput model the speed of the device. */
const WARM_UP = 6;

/** Times the first scan of all pairs. Each size takes at most `seconds`. */
export async function benchScans(
  sizes: readonly number[],
  seconds: number,
  flags: readonly string[] | undefined,
  report: (rows: ScanRow[], progress: string) => void,
): Promise<void> {
  const backend = await createGpuBackend({ gpu: await openGpu(flags) });
  await backend.calibrate();
  const rows: ScanRow[] = [];
  const dim = 64;
  for (const n of sizes) {
    const pool = familyPool({ family: 'random', n, dim, seed: 11, recent: 0.1 });
    const options = { matcher: 'greedy', seed: 1 } as const;
    const tick = upload(backend.batcher(), backend.memory, pool, plainRule, options);
    report(rows, `scan: ${n} people`);
    rows.push({ n, dim, ...(await timed(backend, tick, n, dim, seconds)) });
    report(rows, `  ${JSON.stringify(rows.at(-1)?.gflops)}`);
  }
  backend.dispose();
}

async function timed(
  backend: GpuBackend,
  tick: GpuTick,
  n: number,
  dim: number,
  seconds: number,
): Promise<Omit<ScanRow, 'n' | 'dim'>> {
  const { gpu, passes, clock } = backend;
  const batch = backend.batcher();
  const scan = () => {
    passes.score.scan(batch, tick);
    batch.submit();
  };
  const done = () => gpu.alive(gpu.device.queue.onSubmittedWorkDone());
  /** Reads the timestamps of all passes since the last call, which updates the throughput model. */
  const learn = () => batch.read({});
  const until = performance.now() + 1000 * seconds;
  const inTime = () => performance.now() < until;
  for (let k = 0; k < WARM_UP && (k < 2 || inTime()); k++) {
    clock.begin();
    const start = performance.now();
    const before = batch.total;
    scan();
    await done();
    gpu.scoringRate = (batch.total - before) / (performance.now() - start);
    await learn();
  }

  const wall: number[] = [];
  const encode: number[] = [];
  const onGpu: number[] = [];
  let times: PassTimes = { sumMs: NaN, spanMs: NaN, byKind: {} };
  for (let k = 0; k < 20 && (k < 2 || inTime()); k++) {
    clock.begin();
    const watch = watchPasses(gpu);
    const start = performance.now();
    scan();
    encode.push(performance.now() - start);
    await done();
    wall.push(performance.now() - start);
    await learn();
    times = watch.stop();
    if (times.sumMs > 0) onGpu.push(times.sumMs);
  }
  const calls = countCalls();
  scan();
  const counted = calls.stop();
  await done();
  await learn();

  // As many scans as take about one second.
  const count = Math.max(1, Math.min(50, Math.floor(1000 / median(wall))));
  const start = performance.now();
  for (let k = 0; k < count; k++) scan();
  await done();
  const eachMs = (performance.now() - start) / count;
  clock.begin();

  const wallMs = median(wall);
  const gpuMs = median(onGpu);
  const gflops = (ms: number) => (2 * n * (n - 1) * dim) / ms / 1e6;
  return {
    wallMs,
    eachMs,
    gpuMs,
    gflops: { wall: gflops(wallMs), each: gflops(eachMs), gpu: gflops(gpuMs) },
    encodeMs: median(encode),
    calls: counted,
    passes: times,
  };
}
