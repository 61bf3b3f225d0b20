import { expect, test } from 'vitest';
import { ThroughputModel } from '../../../src/gpu/batch/throughput.ts';
import type { GreedyProgress } from '../../../src/gpu/passes/match/greedy.ts';
import { sharedBackend } from '../../../src/gpu/testing/open.ts';
import { familyPool } from '../../../src/gpu/testing/pools.ts';
import type { WeightRule } from '../../../src/score/types.ts';
import { firstPace } from '../../../src/match/greedy/greedy-gpu.ts';
import { callRows } from './host.ts';
import { playBatches } from './played.ts';

const backend = sharedBackend();
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

for (const family of ['hubs', 'popularity'] as const)
  test(`the CPU plays the batches of the GPU: ${family}`, async () => {
    const opened = await backend();
    const { greedy } = opened.passes;
    // What other tests have taught this backend decides where a tail is cut short, and how many
    // batches follow the last one, which look once more at each row left.
    const { throughput } = opened.gpu;
    opened.gpu.throughput = new ThroughputModel();
    Object.assign(opened.passes.pace, firstPace());
    const pool = familyPool({ family, n: 400, dim: 8, seed: 11, recent: 0.1 });
    const seen: GreedyProgress[] = [];
    const played = greedy.played.bind(greedy);
    greedy.played = (read, n) => {
      seen.push(played(read, n));
      return seen[seen.length - 1];
    };
    await opened.match(pool, rule, { matcher: 'greedy', seed: 0 });
    greedy.played = played;
    opened.gpu.throughput = throughput;
    const { finished, scans, visits, extents, ...last } = playBatches(pool, rule, {
      matcher: 'greedy',
      seed: 0,
    }).at(-1)!;
    expect(finished || last.done).toBe(true);
    // Of rows with equal last entries the device may choose others.
    const found = seen[seen.length - 1];
    expect(found).toMatchObject(last);
    expect(found.extents.length).toBe(extents.length);
    extents.forEach(({ rows }, k) => expect(found.extents[k].rows).toBeCloseTo(rows, 1));
    expect(found.scans).toBeCloseTo(scans, 1);
    expect(found.visits / visits).toBeCloseTo(1, 0);
  });

for (const family of ['random', 'clustered'] as const)
  test(`a tick waits once for the device and takes as few submissions as its work allows: ${family}`, async () => {
    for (const row of await callRows(family, 2500)) {
      expect(row.waits).toBe(1);
      expect(row.submissions).toBeLessThanOrEqual(row.device === 'goal' ? 2 : 3 + row.plannedMs / 20);
      expect(row.first.waits).toBeLessThanOrEqual(2);
    }
  });
