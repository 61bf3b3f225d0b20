/**
 * `npm run bench -- [flags]`: throughput of the simulator without drawing, the scoring scan, the matchers on hard families, the optimum, and the
 * longest submissions. Medians of runs in turn, so that ratios are of the same minutes. About ten minutes on two slow threads.
 *
 *   --quick           small sizes
 *   --only A,B        of ticks, scoring, matchers, greedy, auction, exact, submissions, page (page needs `npm run build`; not run unless asked for)
 *   --large           also 10,000 people (100,000 for scoring on a real GPU), and submissions of auctions of thousands on a software adapter
 *   --sizes N,N       people, for greedy, auction, exact, submissions and page
 *   --cpu             no GPU
 *   --minutes M       begins nothing new after M minutes (default 10)
 *   --json [FILE]     one object to the file, or instead of tables to stdout
 *   --chart FILE      an SVG
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { LabError } from '../../src/base/errors.ts';
import { createGpuBackend, type GpuBackend } from '../../src/match/gpu-backend.ts';
import { openNodeGpu } from '../../src/gpu/node.ts';
import { loadShippedTowers } from '../../src/lab/train/load-model.ts';
import { benchAuction, type AuctionRow } from './auction.ts';
import { chart } from './chart.ts';
import { benchExact, type ExactRow } from './exact.ts';
import { benchGreedy, type GreedyRow } from './greedy.ts';
import { benchMatchers, families, type MatcherRow } from './matchers.ts';
import { benchPage, type PageRow } from './page.ts';
import { cpuPeak, gpuPeak, type Peak } from './peaks.ts';
import { bestProduct, type Product } from './product.ts';
import { printReport } from './report.ts';
import { benchScoring, benchSubmissions, type ScoringRow, type SubmissionsRow } from './scoring.ts';
import { benchTicks, type TickRow } from './ticks.ts';

export interface Report {
  readonly machine: {
    readonly cpu: string;
    readonly threads: number;
    readonly node: string;
    readonly adapter: string;
    /** Load averages before and after: figures of a busy machine are upper ones. */
    readonly load: number[];
  };
  readonly peaks: { readonly cpu: Peak; readonly gpu: Peak | null };
  /** The quickest plain matrix product on this adapter, measured in this run. */
  readonly product: Product | null;
  readonly ticks: TickRow[];
  readonly scoring: ScoringRow[];
  readonly matchers: MatcherRow[];
  readonly greedy: GreedyRow[];
  readonly auction: AuctionRow[];
  readonly exact: ExactRow[];
  readonly submissions: SubmissionsRow[];
  readonly page: PageRow[];
  /** What the time did not reach to. */
  readonly leftOut: string[];
}

const parts = ['ticks', 'scoring', 'matchers', 'greedy', 'auction', 'exact', 'submissions', 'page'] as const;
type Part = (typeof parts)[number];

const flags = readFlags();
const { quick, large } = flags;
const progress = (text: string) => process.stderr.write(`bench: ${text}\n`);
const until = performance.now() + 60_000 * flags.minutes;
const load = loadavg();

const gpu = flags.cpu ? null : await openGpu();
const software = gpu === null || gpu.info.software;
progress('measuring peaks');
const peaks = { cpu: cpuPeak(), gpu: gpu === null ? null : await gpuPeak(gpu.device) };
const product =
  gpu === null || !flags.only.includes('scoring') ? null : await bestProduct(gpu.device, gpu.info.software);
await gpu?.calibrate();
const leftOut: string[] = [];
/** Is there time for this, and was it asked for? */
function due(part: Part, what: string): boolean {
  if (!flags.only.includes(part)) return false;
  if (performance.now() < until) return true;
  leftOut.push(`${part}: ${what}`);
  return false;
}

const ticks: TickRow[] = [];
const scoring: ScoringRow[] = [];
const matchers: MatcherRow[] = [];
const greedy: GreedyRow[] = [];
const auction: AuctionRow[] = [];
const exact: ExactRow[] = [];
const submissions: SubmissionsRow[] = [];
const page: PageRow[] = [];

const towers =
  flags.only.includes('ticks') || flags.only.includes('submissions')
    ? await loadShippedTowers().catch((error: unknown) => {
        progress(
          `no trained towers (${error instanceof Error ? error.message : String(error)}); the oracle scores`,
        );
        return null;
      })
    : null;
if (flags.only.includes('ticks'))
  for (const n of quick ? [200] : [200, 1000])
    if (due('ticks', `${n} waiting`))
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
if (gpu !== null && peaks.gpu !== null && product !== null)
  for (const n of quick ? [200, 500] : [1000, ...(large ? [10_000, ...(software ? [] : [100_000])] : [])])
    if (due('scoring', `${n} people`))
      scoring.push(
        ...(await benchScoring(gpu, [n], 64, { peak: peaks.gpu, product, seconds: 20, progress })),
      );
/** Sizes at which no submission may be long and the page must answer. */
const everySize = flags.sizes ?? (quick ? [200] : [200, 1000, 2000, 4000, 10_000]);
if (gpu !== null)
  for (const n of everySize)
    for (const matcher of ['greedy', 'auction'] as const)
      // Auctions of thousands take the software adapter minutes; their passes are the same at any size.
      if (
        (matcher === 'greedy' || n <= 1000 || large || !software) &&
        due('submissions', `${n} people, ${matcher}`)
      ) {
        progress(`submissions: ${n} people, ${matcher}`);
        const row = await benchSubmissions(gpu, n, matcher, towers?.tower ?? null);
        const { wallMs, cpuMs, stolenMs } = row;
        progress(
          `  tick ${wallMs.toFixed(0)} ms, of the processors ${cpuMs.toFixed(0)} ms, stolen ${stolenMs.toFixed(0)} ms`,
        );
        for (const { stage, count, longestMs, longestOwnMs, over, overOwn, overPasses } of row.stages) {
          progress(
            `  ${stage}: ${count} submissions, longest ${longestMs.toFixed(0)} ms, ${over} over the limit; without what was stolen ${longestOwnMs.toFixed(0)} ms, ${overOwn}`,
          );
          for (const [made, times] of Object.entries(overPasses)) progress(`    ${times} x ${made}`);
        }
        submissions.push(row);
      }
for (const n of quick ? [200] : [1000, ...(large ? [10_000] : [])])
  for (const [family, kind] of Object.entries(families)) {
    // The software adapter would take minutes for each of the large ones.
    const device = n > 2000 && software ? null : gpu;
    if (due('matchers', `${family}, ${n} people`))
      matchers.push(...(await benchMatchers([[family, kind]], n, quick ? 3 : 5, device, progress)));
  }
for (const n of flags.sizes ?? (quick ? [500] : [1000, ...(large ? [10_000] : [])]))
  if (due('greedy', `${n} people`)) greedy.push(...benchGreedy(n, progress));
for (const n of flags.sizes ?? (quick ? [500] : [1000, ...(large ? [4000] : [])]))
  if (due('auction', `${n} people`)) auction.push(...benchAuction(n, progress));
for (const n of flags.sizes ?? (quick ? [500] : [1000, 2000, ...(large ? [10_000] : [])]))
  if (due('exact', `${n} people`)) {
    progress(`exact: ${n} people`);
    exact.push(benchExact(n));
  }
for (const n of everySize)
  if (due('page', `${n} waiting`)) {
    progress(`page: answers to clicks while about ${n} wait`);
    page.push(await benchPage(n, quick ? 10 : 30));
  }

const report: Report = {
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    node: process.version,
    adapter: gpu?.adapter ?? 'none',
    load: [load[0], loadavg()[0]].map((value) => Number(value.toFixed(1))),
  },
  peaks,
  product,
  ticks,
  scoring,
  matchers,
  greedy,
  auction,
  exact,
  submissions,
  page,
  leftOut,
};
const text = JSON.stringify(report, null, 1);
if (flags.json === '') console.log(text);
else printReport(report);
if (flags.json !== undefined && flags.json !== '') writeFileSync(flags.json, `${text}\n`);
if (flags.chart !== undefined) writeFileSync(flags.chart, chart(report));
gpu?.dispose();
// Dawn keeps a thread of its own alive.
process.exit(0);

function readFlags() {
  // A --json without a file name prints.
  const args = process.argv.slice(2);
  const at = args.indexOf('--json');
  if (at >= 0 && (at + 1 === args.length || args[at + 1].startsWith('--'))) args.splice(at, 1, '--json=');
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        large: { type: 'boolean' },
        cpu: { type: 'boolean' },
        only: { type: 'string' },
        sizes: { type: 'string' },
        minutes: { type: 'string' },
        json: { type: 'string' },
        chart: { type: 'string' },
      },
    });
    const only = values.only?.split(',') ?? parts.filter((part) => part !== 'page');
    const strange = only.find((part) => !parts.includes(part as Part));
    if (strange !== undefined)
      throw new Error(`--only takes some of ${parts.join(', ')}, comma-separated, not ${strange}`);
    const minutes = Number(values.minutes ?? 10);
    if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not ${values.minutes}`);
    const sizes = values.sizes?.split(',').map(Number);
    if (sizes?.every((n) => Number.isInteger(n) && n >= 2 && n <= 20_000) === false)
      throw new Error(`--sizes takes whole numbers from 2 to 20,000, comma-separated, not ${values.sizes}`);
    return {
      sizes,
      quick: values.quick === true,
      large: values.large === true,
      cpu: values.cpu === true,
      only: only as Part[],
      minutes,
      json: values.json,
      chart: values.chart,
    };
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

async function openGpu(): Promise<GpuBackend | null> {
  try {
    return await createGpuBackend({ gpu: await openNodeGpu() });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    progress(`no GPU: ${error.message}`);
    return null;
  }
}
