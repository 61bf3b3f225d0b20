/**
 * `npm run bench -- [flags]`: throughput of the simulation without drawing, scoring, matchers on
 * hard pools, the optimum, and the longest submissions. Contenders run in turn, so that ratios
 * compare the same minutes. Takes about ten minutes on two slow threads.
 *
 *   --quick           small sizes
 *   --only A,B        some parts: ticks, scoring, matchers, greedy, auction, exact, formula,
 *                     fused, submissions, host, calls, evenings, feed, page, memory, room,
 *                     load, peers, run, stages;
 *                     page, memory, room and load need `npm run build`,
 *                     memory `taskset -c 0` before npm; they, feed, peers, run
 *                     and stages run only if named
 *   --large           adds 10,000 people, and for scoring on a real GPU 100,000
 *   --sizes N,N       numbers of people, for all parts but evenings, feed, memory, room, load,
 *                     run and stages; a market has at most about 11,000 waiting
 *   --ticks T         ticks, matchers: ticks of each measurement; p99 needs 100, p99.9 1,000
 *   --beside DIR      load, run, stages: another checkout, for load built, in turn with this one
 *   --cpu             no GPU
 *   --minutes M       starts no measurement after M minutes (default 10)
 *   --json [FILE]     writes one JSON object to FILE, or to stdout instead of the tables
 *   --chart FILE      writes a chart as SVG
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { LabError } from '../../src/base/errors.ts';
import { openNodeGpu } from '../../src/gpu/node.ts';
import { isSoftwareAdapter } from '../../src/gpu/software.ts';
import { createGpuBackend, type GpuBackend } from '../../src/match/gpu-backend.ts';
import { benchChart } from './chart.ts';
import { eveningsPart } from './evenings.ts';
import { eveningTicksPart } from './host/evening-ticks.ts';
import { tickStagesPart } from './host/tick-stages.ts';
import { feedPart } from './host/feed.ts';
import { formulaPart } from './host/formula.ts';
import { fusedPart } from './host/fused.ts';
import { callsPart, hostPart } from './host/host.ts';
import { matchersPart } from './matchers.ts';
import { peersPart } from '../peers/part.ts';
import { pagePart } from './page/clicks.ts';
import { loadPart } from './page/load.ts';
import { memoryPart } from './page/memory.ts';
import { roomPart } from './page/room.ts';
import type { BenchContext, BenchPart } from './part.ts';
import { cpuPeak, gpuPeak } from './peaks.ts';
import { bestProduct } from './product.ts';
import { scoringPart } from './scoring.ts';
import { submissionsPart } from './submissions.ts';
import { cellText } from './table.ts';
import { ticksPart } from './ticks.ts';
import { auctionPart, exactPart, greedyPart } from './traps.ts';

const parts: Readonly<Record<string, BenchPart<unknown>>> = {
  ticks: ticksPart,
  scoring: scoringPart,
  submissions: submissionsPart,
  host: hostPart,
  calls: callsPart,
  matchers: matchersPart,
  greedy: greedyPart,
  auction: auctionPart,
  exact: exactPart,
  evenings: eveningsPart,
  formula: formulaPart,
  fused: fusedPart,
  feed: feedPart,
  page: pagePart,
  memory: memoryPart,
  peers: peersPart,
  load: loadPart,
  room: roomPart,
  run: eveningTicksPart,
  stages: tickStagesPart,
};

const ONLY_IF_NAMED = ['page', 'memory', 'room', 'load', 'feed', 'peers', 'run', 'stages'];
const flags = readFlags();
const progress = (text: string) => void process.stderr.write(`bench: ${text}\n`);
const until = performance.now() + 60_000 * flags.minutes;
const loadBefore = loadavg()[0];
const gpu = flags.cpu ? null : await openGpu();
const realGpu = gpu !== null && !isSoftwareAdapter(gpu.info);
progress('measuring peaks');
const peaks = { cpu: cpuPeak(), gpu: gpu === null ? null : await gpuPeak(gpu.gpu.device) };
const scores = gpu !== null && flags.only.includes('scoring');
const product = scores ? await bestProduct(gpu.gpu.device, realGpu) : null;
const context: BenchContext = { ...flags, beside: flags.beside, gpu, realGpu, peaks, product, progress };
/** Measurements that the time limit left out. */
const leftOut: string[] = [];
for (const [name, part] of Object.entries(parts))
  for (const job of flags.only.includes(name) ? part.jobs(context) : []) {
    if (performance.now() > until) {
      leftOut.push(`${name}: ${job.name}`);
      continue;
    }
    progress(`${name}: ${job.name}`);
    await job.run();
  }

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  threads: availableParallelism(),
  node: process.version,
  adapter: gpu?.adapter ?? 'none',
  /** Load averages before and after. Figures of a busy machine are too high. */
  load: [loadBefore, loadavg()[0]].map((value) => Number(value.toFixed(1))),
};
const rows = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.rows]));
const json = JSON.stringify({ machine, peaks, product, ...rows, leftOut }, null, 1);
if (flags.json === '') console.log(json);
else printTables();
if (flags.json !== undefined && flags.json !== '') writeFileSync(flags.json, `${json}\n`);
if (flags.chart !== undefined)
  writeFileSync(
    flags.chart,
    benchChart({ machine, product, ticks: ticksPart.rows, scoring: scoringPart.rows }),
  );
gpu?.dispose();
// A thread of Dawn keeps the process alive.
process.exit(0);

function printTables(): void {
  const { cpu, threads, node, adapter, load } = machine;
  console.log(`${cpu}, ${threads} threads, node ${node}, GPU ${adapter}; load ${load.join(' to ')}`);
  for (const [name, peak] of Object.entries(peaks))
    if (peak !== null)
      console.log(
        `peak ${name}: ${cellText(peak.multiplyAdds / 1e9)} G multiply-adds/s, ${cellText(peak.bytes / 1e9)} GB/s copied, round trip ${cellText(peak.roundTripMs)} ms`,
      );
  if (product !== null)
    console.log(
      `matrix product: ${cellText(product.multiplyAdds / 1e9)} G multiply-adds/s, ${product.shape}`,
    );
  for (const part of Object.values(parts)) if (part.rows.length > 0) console.log(`\n${part.table()}`);
  if (leftOut.length > 0) console.log(`\nleft out after ${flags.minutes} minutes: ${leftOut.join('; ')}`);
}

function readFlags() {
  // --json without a file name prints.
  const args = process.argv.slice(2);
  const at = args.indexOf('--json');
  if (at >= 0 && (at + 1 === args.length || args[at + 1].startsWith('--'))) args.splice(at, 1, '--json=');
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        large: { type: 'boolean', default: false },
        cpu: { type: 'boolean', default: false },
        beside: { type: 'string' },
        only: { type: 'string' },
        sizes: { type: 'string' },
        ticks: { type: 'string' },
        minutes: { type: 'string', default: '10' },
        json: { type: 'string' },
        chart: { type: 'string' },
      },
    });
    const names = Object.keys(parts);
    const only = values.only?.split(',') ?? names.filter((name) => !ONLY_IF_NAMED.includes(name));
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new Error(`unknown part ${unknown} in --only; known parts: ${names.join(', ')}`);
    const minutes = Number(values.minutes);
    if (!(minutes > 0)) throw new Error(`--minutes needs a number above 0, got ${values.minutes}`);
    const sizes = values.sizes?.split(',').map(Number);
    if (sizes?.every((n) => Number.isInteger(n) && n >= 2 && n <= 100_000) === false)
      throw new Error(`--sizes needs integers from 2 to 100,000, separated by commas, got ${values.sizes}`);
    const ticks = values.ticks === undefined ? undefined : Number(values.ticks);
    if (ticks !== undefined && !(Number.isInteger(ticks) && ticks >= 1))
      throw new Error(`--ticks needs a whole number from 1, got ${values.ticks}`);
    return { ...values, only, minutes, sizes, ticks };
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

async function openGpu(): Promise<GpuBackend | null> {
  try {
    const backend = await createGpuBackend({ gpu: await openNodeGpu() });
    await backend.calibrate();
    return backend;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    progress(`no GPU: ${error.message}`);
    return null;
  }
}
