import { kernelTeam } from '../../src/lab/jobs/kernel-team.ts';
import { matchOnCpu } from '../../src/match/cpu-backend.ts';
import { buildLists } from '../../src/score/candidates/lists.ts';
import type { KernelTeam } from '../../src/score/threads/team.ts';
import { once } from '../../src/score/source.ts';
import type { Pool } from '../../src/score/types.ts';
import { poolSource } from '../../src/score/weights.ts';
import { benchPart, type BenchContext } from '../bench/part.ts';
import { interleaved } from '../bench/stats.ts';
import { plainLoops } from './dense.ts';
import { hasLibraries, inBrowser, type Device } from './in-browser.ts';
import { openPython, type Run } from './python.ts';
import { DIM, dotRule, poolOf, vectorsOf } from './task.ts';

const REPEATS = 7;
/** Runs in a browser, where TensorFlow.js takes seconds for one. */
const PAGE_REPEATS = 3;
/** Certified gap of the auction. */
const GAP = 0.003;
/** People in a page at most: a matrix of theirs fits there, and a software adapter is slow. */
const PAGE_PEOPLE = { cpu: 4000, software: 1000 };

/**
 * The same task for everyone: n people with one vector of 64 whole numbers each, of norm below
 * 4,096, so that dot products are exact in f32. The weight of a pair is the dot product. We also
 * combine both directions, check who may meet whom, and prove a bound; the others do not.
 */
export const peersPart = benchPart(
  `The same task with NumPy, SciPy and plain loops, and in a page with TensorFlow.js and jax-js; the fastest of ${REPEATS} runs, taken in turn (SciPy, loops: one run; page: ${PAGE_REPEATS}), one thread unless two are named; 16 best: everybody's 16 best partners; share: processor time, in a page wall time, of the peer's`,
  (context) => {
    const { gpu, realGpu, progress } = context;
    const sizes = sizesOf(context);
    const node = sizes.map((n) => ({ name: `${n} people`, run: () => peerRows(n, progress) }));
    if (!hasLibraries()) {
      progress('TensorFlow.js is missing: npm ci --prefix e2e/peers');
      return node;
    }
    const page = (n: number, device: Device) => ({
      name: `${n} people, ${device} in a page`,
      run: () => pageRows(n, device, realGpu),
    });
    const most = realGpu ? PAGE_PEOPLE.cpu : PAGE_PEOPLE.software;
    return [
      ...node,
      ...sizes.filter((n) => n <= PAGE_PEOPLE.cpu).map((n) => page(n, 'wasm')),
      ...(gpu === null ? [] : [page(Math.min(most, ...sizes), 'webgpu')]),
    ];
  },
  {
    task: (row) => row.task,
    who: (row) => row.who,
    people: (row) => row.n,
    'processor ms': (row) => row.cpuMs,
    'wall ms': (row) => row.ms,
    share: (row) => row.toPeer,
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

interface PeersRow {
  readonly task: string;
  readonly who: string;
  readonly n: number;
  readonly cpuMs?: number;
  readonly ms: number;
  /** Time as a multiple of the peer's. */
  readonly toPeer: number | undefined;
  readonly gap?: number | undefined;
  /** People with another partner than the peer gives them. */
  readonly otherPairs?: number | undefined;
}

async function peerRows(n: number, progress: (text: string) => void): Promise<PeersRow[]> {
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
    { task: '16 best', who: 'plain loops, 1 thread', run: once(() => timed(() => looped(vectors, n))) },
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
        otherPairs: compared && otherPairs(best[k].mate, compared),
      };
    });
  } finally {
    python?.end();
    team?.dispose();
  }
}

async function pageRows(n: number, device: Device, realGpu: boolean): Promise<PeersRow[]> {
  const { adapter, rows } = await inBrowser(n, device, PAGE_REPEATS, realGpu);
  return rows.map(({ task, who, ms, mate }) => {
    const peer = rows.find((row) => row.task === task && row.who === 'TensorFlow.js');
    return {
      ...{ task: `${task}, in a page`, who: `${who}, ${adapter}`, n, ms },
      toPeer: peer && ms / peer.ms,
      otherPairs:
        peer && task === 'greedy' && who !== 'TensorFlow.js' ? otherPairs(mate, peer.mate) : undefined,
    };
  });
}

const otherPairs = (mate: ArrayLike<number>, others: ArrayLike<number>): number =>
  Array.from(mate).filter((m, i) => m !== others[i]).length;

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

function looped(vectors: Float32Array, n: number) {
  plainLoops(vectors, n);
  return { weight: 0, mate: [] };
}
