import type { GpuOutcome } from './greedy/greedy-gpu.ts';
import type { StageTimes, TickResult } from './backend.ts';

/** The result of a tick, without its times: in the pool's order. */
export function resultOf(
  { pairing, certificate, rounds, scans }: GpuOutcome,
  order: Uint32Array,
): Omit<TickResult, 'times'> {
  const { mate } = pairing;
  const weight = Float32Array.from(pairing.weight);
  const price = new Float32Array(mate.length);
  for (let k = 0; k < order.length; k++) price[order[k]] = certificate.y[k];
  let total = 0;
  let gains = 0;
  let upperBound = 0;
  for (let i = 0; i < mate.length; i++) {
    upperBound += price[i];
    if (mate[i] < i) continue;
    total += weight[i];
    gains += Math.max(0, weight[i]);
  }
  const gap = upperBound > 0 ? Math.max(0, (upperBound - gains) / upperBound) : 0;
  // The first scan is not among the outcome's.
  return { mate, weight, price, total, upperBound, gap, rounds, scans: 1 + scans };
}

/** The result of an empty pool. */
export function emptyResult(start: number): TickResult {
  const total = performance.now() - start;
  const empty = { mate: new Int32Array(0), weight: new Float32Array(0), price: new Float32Array(0) };
  const times: StageTimes = { clock: 'wall', upload: 0, embed: 0, score: 0, match: 0, readback: 0, total };
  return { ...empty, total: 0, upperBound: 0, gap: 0, rounds: 0, scans: 0, times: [times] };
}
