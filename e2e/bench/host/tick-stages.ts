import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchPart } from '../part.ts';
import { interleaved, median } from '../stats.ts';
import { EVENINGS, runOf, threadFlags } from './evening-ticks.ts';

/** Of the profiles, microseconds. */
const INTERVAL = 250;

/**
 * Which functions and files do what in a tick, in this build and in older ones. A sample belongs to
 * the innermost function of its stack that is named here.
 */
const stages: Readonly<Record<string, { functions?: readonly string[]; files?: RegExp }>> = {
  'candidate lists': { functions: ['buildLists'] },
  'greedy, with its refills': { functions: ['greedy'] },
  certificate: { functions: ['certificate', 'sketchProof'], files: /\/auction\/(pool-auction|wasm\/sketch)/ },
  tower: { functions: ['embedTower'] },
  features: { functions: ['features'] },
  'tables of the instruments': { files: /\/(collect\/|collector|tally|metrics\/)/ },
  'people: chats, waits, arrivals': { functions: ['beginChat', 'advance'] },
  'pool and its checks, weights of pairs': {
    functions: ['matchOnCpu', 'checkMatching', 'removeMatched'],
    files: /\/model\/(serve\/)?(scorers|families)\.ts/,
  },
  'the rest of the tick': { functions: ['tick', '#commit'] },
};
const COLLECTION = 'garbage collection';
/** Start and end of the run, and what the engine does beside it: no part of a tick. */
const OTHER = 'other';
const NAMES = [...Object.keys(stages), COLLECTION];

export const tickStagesPart = benchPart(
  'A tick of `lab run` on the CPU backend by stage, one thread: processor milliseconds, the difference of a long and a short run by sampled profiles; medians of the runs in turn',
  ({ quick, beside }) =>
    EVENINGS.map((evening) => ({
      name: evening,
      run: () => stagesOf(evening, ['.', ...(beside === undefined ? [] : [beside])], quick),
    })),
  {
    evening: (row) => row.evening,
    stage: (row) => row.stage,
    'before ms': (row) => row.before,
    'now ms': (row) => row.now,
    'times quicker': (row) => row.before / row.now,
  },
);

/** Milliseconds of a run by stage. */
type Times = Readonly<Record<string, number>>;

async function stagesOf(evening: string, builds: readonly string[], quick: boolean) {
  const [few, many, repeats] = quick ? [20, 40, 1] : [40, 120, 3];
  const flags = await Promise.all(builds.map(threadFlags));
  const contenders = Object.fromEntries(
    builds.flatMap((build, b) =>
      [few, many].map((ticks) => [`${b} ${ticks}`, () => profiled(build, evening, ticks, flags[b])]),
    ),
  );
  const runs = await interleaved(contenders, repeats);
  const tickMs = (b: number, stage: string) =>
    median(runs[`${b} ${many}`].map((run, k) => run[stage] - runs[`${b} ${few}`][k][stage])) / (many - few);
  const rows = NAMES.map((stage) => ({
    ...{ evening, stage, now: tickMs(0, stage), before: builds.length > 1 ? tickMs(1, stage) : NaN },
  }));
  const sum = (of: (row: (typeof rows)[0]) => number) => rows.reduce((all, row) => all + of(row), 0);
  return [...rows, { evening, stage: 'whole tick', now: sum((r) => r.now), before: sum((r) => r.before) }];
}

/** A run in a process of its own: its processor time, divided as the samples are. */
async function profiled(build: string, evening: string, ticks: number, flags: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-stages-'));
  try {
    const node = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL}`];
    const { cpuMs } = await runOf(build, evening, ticks, flags, node);
    const [file] = readdirSync(folder);
    const samples = samplesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
    const all = Object.values(samples).reduce((sum, count) => sum + count, 0);
    return Object.fromEntries(NAMES.map((name) => [name, (cpuMs * samples[name]) / all])) as Times;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What Node writes with --cpu-prof. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
}

/** Numbers of samples by stage, those that waited left out. */
function samplesOf({ nodes, samples }: Profile): Record<string, number> {
  const stageOf = new Map<number, string>();
  // Parents come before their children.
  for (const { id, callFrame, children = [] } of nodes) {
    const own = stageAt(callFrame) ?? stageOf.get(id) ?? OTHER;
    stageOf.set(id, own);
    for (const child of children) stageOf.set(child, own);
  }
  const counts = Object.fromEntries([...NAMES, OTHER].map((name) => [name, 0]));
  for (const id of samples) {
    const stage = stageOf.get(id)!;
    if (stage !== IDLE) counts[stage]++;
  }
  return counts;
}

const IDLE = 'idle';

function stageAt({ functionName, url }: Profile['nodes'][0]['callFrame']): string | undefined {
  if (functionName === '(garbage collector)') return COLLECTION;
  if (functionName === '(idle)') return IDLE;
  const found = Object.entries(stages).find(
    ([, { functions, files }]) => functions?.includes(functionName) || files?.test(url),
  );
  return found?.[0];
}
