import type { Report } from './main.ts';
import { figure, tableText } from './print.ts';
import { LIMIT_MS } from './submissions.ts';
import { stages } from './ticks.ts';

/** The report as tables on stdout. */
export function printReport(report: Report): void {
  const { machine, peaks } = report;
  console.log(
    `${machine.cpu}, ${machine.threads} threads, node ${machine.node}, GPU ${machine.adapter}; load ${machine.load.join(' to ')}`,
  );
  for (const [name, peak] of Object.entries(peaks))
    if (peak !== null)
      console.log(
        `peak ${name}: ${figure(peak.multiplyAdds / 1e9)} G multiply-adds/s, ${figure(peak.bytes / 1e9)} GB/s copied, round trip ${figure(peak.roundTripMs)} ms`,
      );
  if (report.product !== null)
    console.log(
      `matrix product: ${figure(report.product.multiplyAdds / 1e9)} G multiply-adds/s, ${report.product.shape}`,
    );
  table(
    'Simulator without drawing, medians; ms (share of the tick) per stage, x: times the floor of that stage',
    ['backend', 'waiting', 'ticks/s', 'tick ms', 'of cpu', ...stages],
    report.ticks.map((row) => [
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
  );
  table(
    'Fused scan of all pairs on the GPU: two dots a pair, filters, the 16 best of everybody',
    ['people', 'dim', 'ms', 'GFLOP/s', 'of floor %', 'of product %', 'submissions', 'longest ms'],
    report.scoring.map((row) => [
      row.n,
      row.dim,
      row.ms,
      row.gflops,
      100 * row.shareOfFloor,
      100 * row.shareOfProduct,
      row.submissions,
      row.longestSubmissionMs,
    ]),
  );
  table(
    `Submissions of one tick: the longest of each stage, and how many took over ${LIMIT_MS} ms; own: without what the hypervisor took meanwhile from the processor that it took most from`,
    [
      'people',
      'matcher',
      'tick ms',
      'its cpu ms',
      'stolen ms',
      'stage',
      'submissions',
      'over',
      'own over',
      'longest ms',
      'own longest ms',
      'planned ms',
      'passes in it',
    ],
    report.submissions.flatMap(({ n, matcher, wallMs, cpuMs, stolenMs, stages: all }) =>
      all.map((row) => [
        n,
        matcher,
        wallMs,
        cpuMs,
        stolenMs,
        row.stage,
        row.count,
        row.over,
        row.overOwn,
        row.longestMs,
        row.longestOwnMs,
        row.plannedMs,
        row.passes,
      ]),
    ),
  );
  table(
    'Matchers, medians; ratios to greedy on the same backend in the same rounds',
    [
      'family',
      'people',
      'matcher',
      'backend',
      'ms',
      'match ms',
      'rounds',
      'scans',
      'gap %',
      'time',
      'weight',
    ],
    report.matchers.map((row) => [
      row.family,
      row.n,
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
  );
  table(
    'Greedy on the CPU, one thread; scans of the n x n table, rebuilt rows by their live columns; scored: pairs scored over n (n - 1) / 2',
    ['family', 'people', 'dim', 'rounds', 'scans', 'scored', 'cpu s', 'after lists', 'pairs', 'weight'],
    report.greedy.map((row) => [
      row.family,
      row.n,
      row.dim,
      row.rounds,
      row.scans,
      row.scored,
      row.cpuSeconds,
      row.afterLists,
      row.pairs,
      row.weight,
    ]),
  );
  table(
    'Auction on general pools (doubled graph), one thread; shares of the optimum; cut: before the exchanges; scans: the first, and rows looked at again',
    ['family', 'people', 'matcher', 'greedy', 'cut', 'weight', 'bound', 'gap', 'scans', 'rounds', 'cpu s'],
    report.auction.map((row) => [
      row.family,
      row.n,
      row.matcher,
      row.greedy.toFixed(4),
      Number.isNaN(row.cut) ? '-' : row.cut.toFixed(5),
      row.weight.toFixed(5),
      row.bound.toFixed(6),
      row.gap.toExponential(1),
      row.scans,
      row.rounds,
      row.cpuSeconds,
    ]),
  );
  table(
    'The optimum, clustered vectors, one thread; floor: two looks at half of the square, at the rate of the f32 kernel',
    [
      'people',
      'dim',
      'cpu s',
      'wall s',
      'floor s',
      'times floor',
      'scans',
      'pricing rounds',
      'searches',
      'worst reduced cost',
      'gap',
    ],
    report.exact.map((row) => [
      row.n,
      row.dim,
      row.cpuSeconds,
      row.wallSeconds,
      row.floorSeconds,
      row.overFloor,
      row.scans,
      row.pricingRounds,
      row.searches,
      row.worstReducedCost,
      row.gap,
    ]),
  );
  table(
    'The page: from a click to the next paint while ticks run as fast as they go; own: without what was stolen',
    ['asked for', 'waiting', 'runs on', 'ticks', 'clicks', 'median ms', 'p95 ms', 'worst ms', 'own worst ms'],
    report.page.map((row) => [
      row.n,
      row.waiting,
      row.runsOn,
      row.ticks,
      row.clicks,
      row.medianMs,
      row.p95Ms,
      row.worstMs,
      row.worstOwnMs,
    ]),
  );
  if (report.leftOut.length > 0) console.log(`\nnot reached in the time: ${report.leftOut.join('; ')}`);
}

function table(title: string, header: string[], rows: (number | string)[][]): void {
  if (rows.length > 0) console.log(`\n${title}\n${tableText(header, rows)}`);
}
