import { familyPool, type PoolFamily } from '../../src/gpu/testing/pools.ts';
import type { TickResult } from '../../src/match/backend.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { createGpuBackend } from '../../src/match/gpu-backend.ts';
import type { WeightRule } from '../../src/score/types.ts';
import { openGpu } from './adapter.ts';

export interface CheckRow {
  readonly n: number;
  readonly family: PoolFamily;
  readonly matcher: 'greedy' | 'auction';
  /**
   * Weights are exact on both backends, so results must agree to the bit. False for `exp` weights,
   * which each device may round differently.
   */
  readonly exact: boolean;
  readonly samePairs: boolean;
  readonly sameWeights: boolean;
  readonly sameBound: boolean;
  /** A second run on the GPU gives the same result. */
  readonly sameTwice: boolean;
  /** Number of people whose partner differs between the backends. */
  readonly different: number;
  readonly weight: { readonly cpu: number; readonly gpu: number };
  readonly bound: { readonly cpu: number; readonly gpu: number };
  readonly ms: { readonly cpu: number; readonly gpu: number };
}

const exactRule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const expRule: WeightRule = {
  transform: 'exp',
  scale: 2 ** -13,
  bias: 3,
  combination: 'harmonic',
  threshold: 0,
};
const families = ['random', 'hubs', 'duplicates', 'clustered'] as const;
const cases: readonly (readonly [PoolFamily, 'greedy' | 'auction', WeightRule])[] = [
  ...families.flatMap((family) => [
    [family, 'greedy', exactRule] as const,
    [family, 'auction', exactRule] as const,
  ]),
  ['random', 'greedy', expRule],
];

/**
 * Compares greedy and auction on the GPU with the CPU reference, on several families of pools.
 * Starts no new case after `seconds`.
 */
export async function check(
  sizes: readonly number[],
  seconds: number,
  report: (rows: CheckRow[], progress: string) => void,
): Promise<CheckRow[]> {
  const gpu = await createGpuBackend({ gpu: await openGpu() });
  const cpu = createCpuBackend();
  const rows: CheckRow[] = [];
  const until = performance.now() + 1000 * seconds;
  for (const n of sizes)
    for (const [family, matcher, rule] of cases) {
      if (performance.now() > until) continue;
      const pool = familyPool({ family, n, dim: 16, seed: 7, recent: 0.1, twoSided: family === 'hubs' });
      const options = { matcher, seed: 7, maxRounds: 256 };
      const timed = async (match: () => Promise<TickResult>) => {
        const start = performance.now();
        const result = await match();
        return { result, ms: performance.now() - start };
      };
      const first = await timed(() => gpu.match(pool, rule, options));
      const second = await timed(() => gpu.match(pool, rule, options));
      const reference = await timed(() => cpu.match(pool, rule, options));
      const [a, b, c] = [first, second, reference].map(({ result }) => result);
      const row: CheckRow = {
        n,
        family,
        matcher,
        exact: rule === exactRule,
        samePairs: same(a.mate, c.mate),
        sameWeights: same(a.weight, c.weight),
        sameBound: a.upperBound === c.upperBound,
        sameTwice: same(a.mate, b.mate) && same(a.weight, b.weight) && a.upperBound === b.upperBound,
        different: a.mate.reduce((sum, mate, i) => sum + (mate === c.mate[i] ? 0 : 1), 0),
        weight: { cpu: c.total, gpu: a.total },
        bound: { cpu: c.upperBound, gpu: a.upperBound },
        ms: { cpu: reference.ms, gpu: second.ms },
      };
      rows.push(row);
      const verdict = `pairs ${row.samePairs ? 'same' : 'DIFFER'}, repeat ${row.sameTwice ? 'same' : 'DIFFERS'}`;
      report(rows, `check: ${n} people, ${family}, ${matcher}${row.exact ? '' : ', exp'}: ${verdict}`);
    }
  gpu.dispose();
  return rows;
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
