import { familyPool } from '../../src/gpu/testing/pools.ts';
import type { GpuBackend } from '../../src/match/gpu-backend.ts';
import type { WeightRule } from '../../src/score/types.ts';
import { floorMs, stageWork } from './floors.ts';
import { benchPart, type BenchContext } from './part.ts';

const DIM = 64;
/** Seconds for one size. */
const SECONDS = 20;
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

export const scoringPart = benchPart(
  'Scoring of all pairs on the GPU: two dot products per pair, filters, the 16 best candidates of everybody',
  (context) => {
    const { gpu, quick, large, realGpu, sizes } = context;
    if (gpu === null) return [];
    const usual = quick ? [200, 500] : [1000, ...(large ? [10_000, ...(realGpu ? [100_000] : [])] : [])];
    return (sizes ?? usual).map((n) => ({
      name: `${n} people`,
      run: async () => [await scoringRow(context, gpu, n)],
    }));
  },
  {
    people: (row) => row.n,
    dim: (row) => row.dim,
    ms: (row) => row.ms,
    clock: (row) => row.clock,
    'GFLOP/s': (row) => row.gflops,
    'of floor %': (row) => 100 * row.shareOfFloor,
    'of product %': (row) => 100 * row.shareOfProduct,
  },
);

/** The score stage of greedy ticks, on the GPU clock if it has one. The fastest of 7 counts. */
async function scoringRow({ peaks, product }: BenchContext, gpu: GpuBackend, n: number) {
  const pool = familyPool({ family: 'random', n, dim: DIM, seed: 11 });
  const times = [];
  const until = performance.now() + 1000 * SECONDS;
  for (let run = 0; run < 8 && (run < 2 || performance.now() < until); run += 1) {
    const result = await gpu.match(pool, rule, { matcher: 'greedy', seed: 1 });
    // The first run warms up.
    if (run > 0) times.push(result.times);
  }
  const onGpu = times.flatMap((all) => all.filter(({ clock }) => clock === 'gpu'));
  const used = onGpu.length > 0 ? onGpu : times.flat();
  const ms = Math.min(...used.map(({ score }) => score));
  const work = stageWork({ n, dim: DIM, tower: null }).score;
  return {
    ...{ n, dim: DIM, ms },
    clock: onGpu.length > 0 ? 'gpu' : 'wall',
    gflops: (2 * work.multiplyAdds) / ms / 1e6,
    shareOfFloor: floorMs(work, peaks.gpu ?? peaks.cpu) / ms,
    shareOfProduct: product === null ? NaN : (1000 * work.multiplyAdds) / product.multiplyAdds / ms,
  };
}
