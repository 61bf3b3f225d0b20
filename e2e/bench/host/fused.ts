import { buildLists } from '../../../src/score/candidates/lists.ts';
import type { Pool } from '../../../src/score/types.ts';
import { openArena } from '../../../src/score/wasm/arena.ts';
import type { Score } from '../../../src/score/wasm/arena.ts';
import bareBytes from '../../../src/score/wasm/bare.as.ts?wasm';
import { wasmModule } from '../../../src/score/wasm/instance.ts';
import { poolSource } from '../../../src/score/weights.ts';
import { dotRule, poolOf, vectorsOf } from '../../peers/task.ts';
import { benchPart } from '../part.ts';
import { cpuTimed } from '../stats.ts';

const REPEATS = 15;

/** The exports of `bare.as.ts`. */
type Bare = Pick<Score, 'setup' | 'scratch'> & {
  bareGroups(group: number, other: number, size: number, used: number): void;
};

export const fusedPart = benchPart(
  `Where the time of fused scoring goes on one thread, whole numbers of 16 bits; processor time, the least of ${REPEATS} runs; share: dot products alone over all`,
  ({ quick, sizes }) =>
    (sizes ?? (quick ? [500] : [4000, 10_000])).flatMap((n) =>
      [1, 2].map((vectors) => ({
        name: `${n} people, ${vectors} vectors each`,
        run: () => {
          const [user, other] = [vectorsOf(n), vectorsOf(n, 2)];
          const pool = poolOf(n, user, false);
          return [fusedRow(vectors === 1 ? pool : { ...pool, peer: other }, vectors)];
        },
      })),
    ),
  {
    people: (row) => row.n,
    'vectors each': (row) => row.vectors,
    'dot products alone, ms': (row) => row.bare,
    'weights, tests, entries': (row) => row.scan - row.bare,
    'lists sorted': (row) => row.finish,
    'in and out of memory': (row) => row.lists - row.scan - row.finish,
    'checks of the pool': (row) => row.source,
    'all, ms': (row) => row.lists + row.source,
    'share %': (row) => (100 * row.bare) / (row.lists + row.source),
    'G multiply-adds/s alone': (row) => row.rate,
  },
);

function fusedRow(pool: Pool, vectors: number) {
  const arena = openArena();
  if (arena === null) throw new Error('WebAssembly with SIMD cannot run here');
  const { memory, score } = arena;
  const bare = new WebAssembly.Instance(wasmModule(bareBytes(), false), { env: { memory } })
    .exports as unknown as Bare;
  const least = { source: Infinity, lists: Infinity, scan: Infinity, finish: Infinity, bare: Infinity };
  let now = { scan: 0, finish: 0 };
  let tasks: Parameters<Score['groupPairs']>[] = [];
  const timed =
    <A extends number[]>(name: keyof typeof now, call: (...args: A) => void) =>
    (...args: A) => {
      now[name] += 1000 * cpuTimed(() => call(...args)).cpuSeconds;
    };
  // The kernel alone works on the memory that the scan leaves.
  const watched: Score = {
    ...score,
    setup: (...args) => (bare.setup(...args), score.setup(...args)),
    scratch: (at) => (bare.scratch(at), score.scratch(at)),
    groupPairs: (...task) => (tasks.push(task), timed('scan', score.groupPairs)(...task)),
    finishLists: timed('finish', score.finishLists),
  };
  Object.assign(arena, { score: watched });
  try {
    for (let k = 0; k < REPEATS; k++) {
      now = { scan: 0, finish: 0 };
      tasks = [];
      const source = cpuTimed(() => {
        const made = poolSource(pool, dotRule, 1);
        made.kernel?.();
        return made;
      });
      const lists = cpuTimed(() => buildLists(source.result));
      const used = Math.ceil(pool.n / 8);
      const alone = cpuTimed(() => {
        for (const task of tasks) bare.bareGroups(...task, used);
      });
      const ms = { source, lists, bare: alone };
      for (const name of ['source', 'lists', 'bare'] as const)
        least[name] = Math.min(least[name], 1000 * ms[name].cpuSeconds);
      for (const name of ['scan', 'finish'] as const) least[name] = Math.min(least[name], now[name]);
    }
  } finally {
    Object.assign(arena, { score });
  }
  const { n, dim } = pool;
  return { n, vectors, ...least, rate: (vectors * dim * n * n) / 2 / least.bare / 1e6 };
}
