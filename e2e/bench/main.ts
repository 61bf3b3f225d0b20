/**
 * `npm run bench -- [--quick] [--json] [--cpu] [--only ticks|matchers]`: throughput of the simulator without drawing, and the matchers on
 * hard families. Medians of runs in turn, so that ratios are of the same minutes. --json: one object on stdout instead of tables.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { LabError } from '../../src/base/errors.ts';
import { createGpuBackend, type GpuBackend } from '../../src/gpu/backend.ts';
import { openNodeGpu } from '../../src/gpu/node.ts';
import { loadShippedTowers } from '../../src/lab/load-model.ts';
import { benchMatchers, type MatcherRow } from './matchers.ts';
import { cpuPeak, gpuPeak } from './peaks.ts';
import { figure, tableText } from './print.ts';
import { benchTicks, stages, type TickRow } from './ticks.ts';

const args = process.argv.slice(2);
const known = ['--quick', '--json', '--cpu', '--only', 'ticks', 'matchers'];
const strange = args.find((arg) => !known.includes(arg));
if (strange !== undefined) {
  console.error(
    `bench: unknown argument ${strange}; there are --quick, --json, --cpu, --only ticks|matchers`,
  );
  process.exit(1);
}
const quick = args.includes('--quick');
const json = args.includes('--json');
const progress = (text: string) => process.stderr.write(`bench: ${text}\n`);

const gpu = args.includes('--cpu') ? null : await openGpu();
const towers = await loadShippedTowers().catch((error: unknown) => {
  progress(
    `no trained towers (${error instanceof Error ? error.message : String(error)}); the oracle scores`,
  );
  return null;
});
progress('measuring peaks');
const peaks = { cpu: cpuPeak(), gpu: gpu === null ? null : await gpuPeak(gpu.device) };
const ticks: TickRow[] = [];
if (!args.includes('matchers'))
  for (const n of quick ? [200] : [200, 1000])
    ticks.push(
      ...(await benchTicks({
        n,
        ticks: quick ? 15 : n > 500 ? 12 : 40,
        matcher: 'greedy',
        towers,
        gpu,
        peaks,
        progress,
      })),
    );
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  threads: availableParallelism(),
  node: process.version,
  adapter: gpu?.adapter ?? 'none',
  load: loadavg().map((value) => Number(value.toFixed(1))),
};
// What is known is shown at once: the matchers may take minutes.
if (!json) printTicks();
const matchers: MatcherRow[] = args.includes('ticks')
  ? []
  : await benchMatchers(quick ? 200 : 1000, quick ? 3 : 5, gpu, progress);
if (json) console.log(JSON.stringify({ machine, peaks, ticks, matchers }));
else printMatchers();
gpu?.dispose();
// Dawn keeps a thread of its own alive.
process.exit(0);

async function openGpu(): Promise<GpuBackend | null> {
  try {
    return await createGpuBackend({ gpu: await openNodeGpu() });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    progress(`no GPU: ${error.message}`);
    return null;
  }
}

function printTicks(): void {
  console.log(
    `${machine.cpu}, ${machine.threads} threads, node ${machine.node}, GPU ${machine.adapter}; load ${machine.load.join(' ')}`,
  );
  for (const [name, peak] of Object.entries(peaks))
    if (peak !== null)
      console.log(
        `peak ${name}: ${figure(peak.multiplyAdds / 1e9)} G multiply-adds/s, ${figure(peak.bytes / 1e9)} GB/s copied, round trip ${figure(peak.roundTripMs)} ms`,
      );
  if (ticks.length > 0) {
    console.log(
      '\nSimulator without drawing, medians; ms (share of the tick) per stage, x: times the floor of that stage',
    );
    console.log(
      tableText(
        ['backend', 'waiting', 'ticks/s', 'tick ms', 'of cpu', ...stages],
        ticks.map((row) => [
          row.backend,
          row.waiting,
          row.ticksPerSecond,
          row.tickMs,
          row.timeToCpu,
          ...stages.map((stage) => {
            const over = row.overFloor[stage];
            const share = `${figure(row.stageMs[stage])} (${Math.round(100 * row.share[stage])}%)`;
            return over === undefined ? share : `${share} ${figure(over)}x`;
          }),
        ]),
      ),
    );
  }
}

function printMatchers(): void {
  if (matchers.length === 0) return;
  console.log(
    `\nMatchers, ${matchers[0].n} people, medians; ratios to greedy on the same backend in the same rounds`,
  );
  console.log(
    tableText(
      ['family', 'matcher', 'backend', 'ms', 'match ms', 'rounds', 'scans', 'gap %', 'time', 'weight'],
      matchers.map((row) => [
        row.family,
        row.matcher,
        row.backend,
        row.ms,
        row.matchMs,
        row.rounds,
        row.scans,
        100 * row.gap,
        row.timeToGreedy,
        row.weightToGreedy,
      ]),
    ),
  );
}
