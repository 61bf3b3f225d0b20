import type { StageTimes, TickResult } from './backend.ts';
import { NONE } from '../score/types.ts';
import type { GpuClock } from '../gpu/clock.ts';
import type { GpuDevice } from '../gpu/device.ts';
import type { GreedyOutcome } from './greedy/greedy-gpu.ts';
import { Readback } from '../gpu/readback.ts';
import type { Tables } from '../gpu/tables.ts';

/** From the tables' order back to the pool's. */
export function unshuffle(
  outcome: GreedyOutcome,
  { n, order }: Tables,
): Omit<TickResult, 'times' | 'rounds' | 'scans'> {
  const mate = new Int32Array(n).fill(-1);
  const weight = new Float32Array(n);
  const price = new Float32Array(n);
  let total = 0;
  let gains = 0;
  let upperBound = 0;
  for (let k = 0; k < n; k++) {
    const i = order[k];
    const m = outcome.mates[k];
    price[i] = outcome.y[k];
    upperBound += price[i];
    if (m === NONE) continue;
    mate[i] = order[m];
    weight[i] = outcome.weights[k];
    if (m < k) continue;
    total += weight[i];
    gains += Math.max(0, weight[i]);
  }
  const gap = upperBound > 0 ? Math.max(0, (upperBound - gains) / upperBound) : 0;
  return { mate, weight, price, total, upperBound, gap };
}

/** An empty pool's result. */
export function nothing(start: number): TickResult {
  const total = performance.now() - start;
  const empty = { mate: new Int32Array(0), weight: new Float32Array(0), price: new Float32Array(0) };
  const times: StageTimes = { clock: 'wall', upload: 0, embed: 0, score: 0, match: 0, readback: 0, total };
  return { ...empty, total: 0, upperBound: 0, gap: 0, rounds: 0, scans: 0, times: [times] };
}

/** User (and peer) vectors as scored, f32[n][dim] in the pool's order; where both are the same, `peer` is empty. */
export async function readVectors(
  gpu: GpuDevice,
  tables: Tables,
  both: boolean,
): Promise<{ user: Float32Array; peer: Float32Array }> {
  const { n, planes, stride, order, dots } = tables;
  const half = planes * stride * 16;
  const encoder = gpu.device.createCommandEncoder({ label: 'vectors' });
  const buffer = tables.bindings.vectors as GPUBuffer;
  const two = both && dots === 2;
  const readback = new Readback(gpu, encoder, [{ name: 'v', buffer, bytes: two ? 2 * half : half }]);
  gpu.device.queue.submit([encoder.finish()]);
  const all = new Float32Array((await readback.read())('v'));
  const rows = (from: number) => {
    const out = new Float32Array(n * planes * 4);
    for (let k = 0; k < n; k++)
      for (let p = 0; p < planes; p++)
        for (let c = 0; c < 4; c++)
          out[order[k] * planes * 4 + p * 4 + c] = all[from + (p * stride + k) * 4 + c];
    return out;
  };
  return { user: rows(0), peer: two ? rows(half / 4) : new Float32Array(0) };
}

/** Milliseconds of the GPU by stage, with those passes that no readback has brought yet; undefined where nothing could be timed. */
export async function readTimes(gpu: GpuDevice, clock: GpuClock): Promise<GpuClock['times']> {
  const times = clock.collect();
  if (times.bytes > 0) {
    const encoder = gpu.device.createCommandEncoder({ label: 'clock' });
    const readback = new Readback(gpu, encoder, [], times.bytes, times.room);
    times.copy(encoder, readback.staging, readback.extraAt);
    gpu.device.queue.submit([encoder.finish()]);
    times.take((await readback.read())('extra'));
  }
  return clock.times;
}
