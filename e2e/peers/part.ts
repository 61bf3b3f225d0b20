import { Stream, uniform } from '../../src/base/hash.ts';
import { kernelTeam } from '../../src/lab/jobs/kernel-team.ts';
import { matchOnCpu } from '../../src/match/cpu-backend.ts';
import { buildLists } from '../../src/score/candidates/lists.ts';
import type { KernelTeam } from '../../src/score/threads/team.ts';
import { once } from '../../src/score/source.ts';
import { NONE, RECENT_SLOTS, type Pool, type WeightRule } from '../../src/score/types.ts';
import { poolSource } from '../../src/score/weights.ts';
import { benchPart, type BenchContext } from '../bench/part.ts';
import { interleaved } from '../bench/stats.ts';
import { openPython, type Run } from './python.ts';

const DIM = 64;
const REPEATS = 7;
/** Certified gap of the auction. */
const GAP = 0.003;
export const dotRule: WeightRule = {
  ...{ transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: -Infinity },
};

/**
 * The same task for everyone: n people with one vector of 64 whole numbers each, of norm below
 * 4,096, so that dot products are exact in f32. The weight of a pair is the dot product. We also
 * combine both directions, check who may meet whom, and prove a bound; the others do not.
 */
export const peersPart = benchPart(
  `The same task with NumPy, SciPy and plain loops; processor time of the fastest of ${REPEATS} runs, taken in turn (SciPy, loops: one run); 16 best: everybody's 16 best partners`,
  (context) =>
    sizesOf(context).map((n) => ({ name: `${n} people`, run: () => peerRows(n, context.progress) })),
  {
    task: (row) => row.task,
    who: (row) => row.who,
    people: (row) => row.n,
    'processor ms': (row) => row.cpuMs,
    'wall ms': (row) => row.ms,
    'of NumPy': (row) => row.toPeer,
    'gap %': (row) => (row.gap === undefined ? undefined : 100 * row.gap),
    'other pairs': (row) => row.otherPairs,
  },
);

function sizesOf({ sizes, quick }: BenchContext): readonly number[] {
  return sizes ?? (quick ? [500] : [4000, 10_000]);
}

type Task = '16 best' | 'greedy' | 'pairs across two sides';
interface Contender {
  readonly task: Task;
  readonly who: string;
  /** The others are compared with it. */
  readonly isPeer?: boolean;
  readonly run: () => Promise<Run & { readonly gap?: number }>;
}

async function peerRows(n: number, progress: (text: string) => void) {
  const vectors = vectorsOf(n);
  const python = await openPython(vectors, n, DIM);
  if (python === undefined)
    progress('python3 with numpy and scipy is missing: apt-get install python3-scipy');
  const [mixed, sided] = [poolOf(n, vectors, false), poolOf(n, vectors, true)];
  const team = kernelTeam(2);
  const teams = [
    ['1 thread', undefined],
    ['2 threads', team],
  ] as const;
  const contenders: Contender[] = [
    ...teams.flatMap(([threads, own]): Contender[] => [
      { task: '16 best', who: `ours, ${threads}`, run: () => timed(() => listed(mixed, own)) },
      { task: 'greedy', who: `ours, ${threads}`, run: () => timed(() => matched(mixed, 'greedy', own)) },
      {
        task: 'greedy',
        who: `our auction, ${threads}`,
        run: () => timed(() => matched(mixed, 'auction', own)),
      },
      {
        task: 'pairs across two sides',
        who: `our auction, ${threads}`,
        run: () => timed(() => matched(sided, 'auction', own)),
      },
    ]),
    ...(python === undefined
      ? []
      : ([
          { task: '16 best', who: 'NumPy, 1 thread', isPeer: true, run: () => python.run('score') },
          { task: 'greedy', who: 'NumPy, 1 thread', isPeer: true, run: () => python.run('greedy') },
          {
            ...{ task: 'pairs across two sides', who: 'SciPy, the optimum', isPeer: true },
            run: once(() => python.run('assignment')),
          },
        ] satisfies Contender[])),
    { task: '16 best', who: 'plain loops, 1 thread', run: once(() => timed(() => plainLoops(vectors, n))) },
  ];
  const byName = Object.fromEntries(contenders.map(({ run }, k) => [String(k), run]));
  try {
    await interleaved(byName, 1);
    const runs = await interleaved(byName, REPEATS);
    const best = contenders.map((_, k) => runs[String(k)].reduce((a, b) => (b.cpuMs < a.cpuMs ? b : a)));
    return contenders.map(({ task, who }, k) => {
      const at = contenders.findIndex((c) => c.task === task && c.isPeer === true);
      const peer = at < 0 ? undefined : best[at];
      const compared = task === 'greedy' && who.startsWith('ours') ? peer?.mate : undefined;
      return {
        ...{ task, who, n, cpuMs: best[k].cpuMs, gap: best[k].gap },
        ms: Math.min(...runs[String(k)].map(({ ms }) => ms)),
        toPeer: peer && best[k].cpuMs / peer.cpuMs,
        otherPairs: compared && Array.from(best[k].mate).filter((m, i) => m !== compared[i]).length,
      };
    });
  } finally {
    python?.end();
    team?.dispose();
  }
}

function timed<T extends { weight: number; mate: ArrayLike<number> }>(work: () => T) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return Promise.resolve({ ...result, ms, cpuMs: (user + system) / 1000 });
}

function listed(pool: Pool, team: KernelTeam | undefined) {
  buildLists(poolSource(pool, dotRule, 1, pool, team));
  return { weight: 0, mate: [] };
}

function matched(pool: Pool, matcher: 'greedy' | 'auction', team: KernelTeam | undefined) {
  const { mate, total, gap } = matchOnCpu(pool, dotRule, { matcher, seed: 1, gap: GAP }, team && { team });
  return { mate, weight: total, gap };
}

/** Everybody's 16 best partners, as one would write it without thinking of speed. */
function plainLoops(vectors: Float32Array, n: number) {
  const best = new Float32Array(16 * n).fill(-Infinity);
  const who = new Int32Array(16 * n).fill(-1);
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1) {
      if (i === j) continue;
      let w = 0;
      for (let k = 0; k < DIM; k += 1) w += vectors[i * DIM + k] * vectors[j * DIM + k];
      let at = 16 * i + 15;
      if (w <= best[at]) continue;
      for (; at > 16 * i && best[at - 1] < w; at -= 1) {
        best[at] = best[at - 1];
        who[at] = who[at - 1];
      }
      best[at] = w;
      who[at] = j;
    }
  return { weight: 0, mate: [] };
}

/** Normal components of standard deviation 350. */
export function vectorsOf(n: number, draw = 1): Float32Array {
  return Float32Array.from({ length: n * DIM }, (_, e) => {
    const [a, b] = [0, 1].map((k) => uniform(50_001, Stream.world, e, 2 * draw - 1 + k));
    return Math.round(350 * Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b));
  });
}

export function poolOf(n: number, vectors: Float32Array, sided: boolean): Pool {
  const sides = Uint32Array.from({ length: n }, (_, i) => (sided ? 1 + (i % 2) : 0));
  return {
    ...{ n, dim: DIM, user: vectors, peer: vectors, have: sides, avoid: sides },
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}
