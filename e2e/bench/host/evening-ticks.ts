import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { benchPart } from '../part.ts';
import { interleaved } from '../stats.ts';

const execute = promisify(execFile);
export const EVENINGS = ['default-evening --scale 9', 'evening-rush'];
/** The processor time of a process, of all its threads, as it ends. */
const REPORT =
  'data:text/javascript,process.on("exit",()=>console.error("processor",JSON.stringify(process.cpuUsage())))';
const NODE = ['--import', 'tsx', '--import', './src/lab/register.mjs', '--import', REPORT];

/** A run of `lab run` in a process of its own. */
interface Run {
  readonly cpuMs: number;
  readonly digest: string;
}

export const eveningTicksPart = benchPart(
  'A tick of `lab run` on the CPU backend, one thread: processor milliseconds, the difference of a long and a short run; the least of the runs in turn',
  ({ quick, beside }) =>
    EVENINGS.map((evening) => ({
      name: evening,
      run: () => ticksOf(evening, ['.', ...(beside === undefined ? [] : [beside])], quick),
    })),
  {
    evening: (row) => row.evening,
    build: (row) => row.build,
    ticks: (row) => row.ticks,
    'tick ms': (row) => row.tickMs,
    'times quicker': (row) => row.quicker,
    'same digest': (row) => row.same,
  },
);

async function ticksOf(evening: string, builds: readonly string[], quick: boolean) {
  const [few, many, repeats] = quick ? [20, 40, 1] : [40, 120, 3];
  const flags = await Promise.all(builds.map(threadFlags));
  const contenders = Object.fromEntries(
    builds.flatMap((build, b) =>
      [few, many].map((ticks) => [`${b} ${ticks}`, () => runOf(build, evening, ticks, flags[b])]),
    ),
  );
  const runs = await interleaved(contenders, repeats);
  const least = (name: string) => Math.min(...runs[name].map(({ cpuMs }) => cpuMs));
  const tickMs = builds.map((_, b) => (least(`${b} ${many}`) - least(`${b} ${few}`)) / (many - few));
  const digest = runs[`0 ${many}`][0].digest;
  return builds.map((build, b) => ({
    ...{ evening, build, ticks: many - few, tickMs: tickMs[b], quicker: tickMs.at(-1)! / tickMs[b] },
    same: runs[`${b} ${many}`].every((run) => run.digest === digest) ? 'yes' : 'no',
  }));
}

/** Builds without threads have no flag for their number. */
export async function threadFlags(build: string): Promise<string[]> {
  const { stdout } = await execute('node', [...NODE, 'src/lab/main.ts', 'run', '--help'], { cwd: build });
  return stdout.includes('--threads') ? ['--threads', '1'] : [];
}

/** @param node flags of Node besides. */
export async function runOf(
  build: string,
  evening: string,
  ticks: number,
  flags: readonly string[],
  node: readonly string[] = [],
): Promise<Run> {
  const args = [
    'run',
    ...evening.split(' '),
    '--ticks',
    String(ticks),
    '--backend',
    'cpu',
    '--json',
    ...flags,
  ];
  const { stdout, stderr } = await execute('node', [...node, ...NODE, 'src/lab/main.ts', ...args], {
    cwd: resolve(build),
    maxBuffer: 2 ** 26,
  });
  const { user, system } = JSON.parse(/processor (\{.*\})/.exec(stderr)![1]) as NodeJS.CpuUsage;
  const { digest } = JSON.parse(stdout) as { digest: string };
  return { cpuMs: (user + system) / 1000, digest };
}
