import { familyPool, type PoolFamily } from '../../src/gpu/testing/pools.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import type { MatchBackend, TickResult } from '../../src/match/backend.ts';
import type { WeightRule } from '../../src/score/types.ts';
import { interleaved, median, medianRatio } from './stats.ts';

/** Families of weights, by what is hard about them. */
export const families = {
  uniform: 'random',
  clustered: 'clustered',
  hubs: 'hubs',
  popularity: 'popularity',
} as const satisfies Record<string, PoolFamily>;

export interface MatcherRow {
  readonly family: string;
  readonly matcher: 'greedy' | 'auction';
  readonly backend: string;
  readonly n: number;
  readonly ms: number;
  /** Of that, pairing and certificate, without the scores. */
  readonly matchMs: number;
  readonly rounds: number;
  readonly scans: number;
  /** Certified distance from the optimum, as a share. */
  readonly gap: number;
  readonly weight: number;
  /** Against greedy on the same backend in the same rounds. */
  readonly timeToGreedy: number;
  readonly weightToGreedy: number;
}

/** Time for the repetitions of one family on one backend. */
const BUDGET_MS = 30_000;

const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

/** Greedy and auction on pools of n people whose weights are hard in different ways. */
export async function benchMatchers(
  which: readonly (readonly [string, PoolFamily])[],
  n: number,
  repeats: number,
  gpu: MatchBackend | null,
  progress: (text: string) => void,
): Promise<MatcherRow[]> {
  const rows: MatcherRow[] = [];
  for (const [family, kind] of which) {
    progress(`matchers: ${family}, ${n} people`);
    const pool = familyPool({ family: kind, n, dim: 16, seed: 7 });
    for (const backend of gpu === null ? [createCpuBackend()] : [createCpuBackend(), gpu]) {
      const contender = (matcher: 'greedy' | 'auction') => async () => {
        const start = performance.now();
        const result = await backend.match(pool, rule, { matcher, seed: 7 });
        return { result, ms: performance.now() - start };
      };
      const contenders = { greedy: contender('greedy'), auction: contender('auction') };
      // Once to warm up; where that took long, it has to do.
      const first = await interleaved(contenders, 1);
      const fits = Math.floor(BUDGET_MS / (first.greedy[0].ms + first.auction[0].ms));
      const runs = fits < 1 ? first : await interleaved(contenders, Math.min(repeats, fits));
      for (const matcher of ['greedy', 'auction'] as const) {
        const { result } = runs[matcher][0];
        const wall = (r: TickResult) => r.times.find((t) => t.clock === 'wall')?.match ?? NaN;
        rows.push({
          family,
          matcher,
          backend: backend.kind,
          n,
          ms: median(runs[matcher].map((r) => r.ms)),
          matchMs: median(runs[matcher].map((r) => wall(r.result))),
          rounds: result.rounds,
          scans: result.scans,
          gap: result.gap,
          weight: result.total,
          timeToGreedy: medianRatio(
            runs[matcher].map((r) => r.ms),
            runs.greedy.map((r) => r.ms),
          ),
          weightToGreedy: result.total / runs.greedy[0].result.total,
        });
      }
    }
  }
  return rows;
}
