import type { MatchBackend } from '../../../src/match/backend.ts';
import { createCpuBackend } from '../../../src/match/cpu-backend.ts';
import { formulaExamples } from '../../../src/scenario/formula/examples.ts';
import { loadFormulas } from '../../../src/scenario/formula/language.ts';
import { formulaPool, tasksFor } from '../../../src/score/formula/testing/formula-pool.ts';
import type { WeightRule } from '../../../src/score/types.ts';
import { benchPart, type BenchContext } from '../part.ts';
import { interleaved, median, medianRatio } from '../stats.ts';

/** Components of a vector, as in the shipped towers. */
const DIM = 64;
/** Components of the vectors of a task, as in the shipped family. */
const TASK = 16;
const rule: WeightRule = {
  ...{ transform: 'exp', scale: 1e-6, bias: 3, combination: 'harmonic', threshold: 0 },
};

export const formulaPart = benchPart(
  'Own formulas, medians; time of scoring and lists: ratio to the built-in harmonic mean in the same rounds',
  (context) =>
    (context.sizes ?? (context.quick ? [500] : [2000])).map((n) => ({
      name: `${n} people`,
      run: () => formulaRows(context, n),
    })),
  {
    people: (row) => row.n,
    formula: (row) => row.name,
    backend: (row) => row.backend,
    ms: (row) => row.ms,
    'score ms': (row) => row.scoreMs,
    time: (row) => row.time,
  },
);

async function formulaRows({ gpu, realGpu, quick }: BenchContext, n: number) {
  await loadFormulas();
  const { poolOf } = formulaPool(n, 7, DIM);
  // The example that does what the knobs do reads the bonus only.
  const builtIn = poolOf(formulaExamples[0].text);
  const withBonus = { ...builtIn, bonus: builtIn.terms! };
  const backends: MatchBackend[] = [createCpuBackend(), ...(gpu !== null && realGpu ? [gpu] : [])];
  const rows = [];
  for (const backend of backends) {
    const timed = (formula?: string) => {
      const pool = formula === undefined ? withBonus : poolOf(formula, TASK);
      const own = formula === undefined ? rule : { ...rule, formula, tasks: tasksFor(formula, TASK) };
      return async () => {
        const start = performance.now();
        const { times } = await backend.match(pool, own, { matcher: 'greedy', seed: 7 });
        return { ms: performance.now() - start, scoreMs: times.at(-1)?.score ?? NaN };
      };
    };
    const contenders = Object.fromEntries([
      ['no formula', timed()],
      ...formulaExamples.map(({ name, text }) => [name, timed(text)] as const),
    ]);
    await interleaved(contenders, 2);
    const runs = await interleaved(contenders, quick ? 5 : 15);
    const msOf = (name: string) => runs[name].map(({ scoreMs }) => scoreMs);
    for (const name of Object.keys(contenders))
      rows.push({
        ...{ n, name, backend: backend.kind, ms: median(runs[name].map(({ ms }) => ms)) },
        scoreMs: median(msOf(name)),
        time: medianRatio(msOf(name), msOf('no formula')),
      });
  }
  return rows;
}
