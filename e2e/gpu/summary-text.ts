import type { GpuSummary } from './summary.ts';

/** The summary as lines of text. */
export function summaryText(summary: GpuSummary): string {
  const { adapter, checks, tests, lab, products, plain, ticks, unchecked } = summary;
  const exact = checks.filter((row) => row.exact);
  const wrong = exact.filter((row) => !(row.samePairs && row.sameTwice));
  const names = [adapter?.vendor, adapter?.architecture, adapter?.description].map((v) => v ?? '?').join(' ');
  const unfinished = tests.unfinished.length === 0 ? '' : `, unfinished: ${tests.unfinished.join(' ')}`;
  return `${[
    `adapter: ${names}; library: ${products?.device ?? products?.error ?? 'not measured'}`,
    `steps: ${summary.steps.map((s) => `${s.step} ${s.rc === 0 ? 'ok' : `rc ${s.rc}`} ${s.seconds} s`).join(', ')}`,
    `correct: ${exact.length - wrong.length} of ${exact.length} pools equal the CPU's; tests ${tests.passed} passed, ${tests.failed.length} failed${unfinished}`,
    ...wrong.map(
      (w) => `  WRONG ${w.n} ${w.family} ${w.matcher}: ${w.different} people have another partner`,
    ),
    ...checks
      .filter((row) => !row.exact)
      .map(
        (w) => `  exp weights: ${w.n} ${w.family} ${w.matcher}: ${w.different} people have another partner`,
      ),
    ...tests.failed.map((name) => `  FAILED ${name.slice(0, 200)}`),
    ...lab.map(
      ({ name, same, detail }) =>
        `  lab ${name}: ${same === null ? 'not compared' : same ? 'same' : 'DIFFERENT'}${detail}`,
    ),
    ...(products?.rows ?? []).map(
      (row) =>
        `library product ${row.n} x 64 x ${row.n} ${row.kind}: ${f(row.gflops / 1000)} TFLOP/s, ${f(row.eachMs)} ms`,
    ),
    ...plain.map(
      (row) =>
        `plain WGSL product ${row.n}, ${row.kind}: ${f(row.gflops / 1000)} TFLOP/s, ${f(row.eachMs)} ms, ${percent(row.ofProduct)} of the library${row.correct ? '' : ', WRONG'}`,
    ),
    ...ticks.map((row) => `tick ${tickLine(row)}`),
    ...unchecked.map((row) => `without bounds checks ${tickLine(row)}`),
  ].join('\n')}\n`;
}

function tickLine(row: GpuSummary['ticks'][0]): string {
  const { tickMs, calls, variant } = row;
  const stages = (spreads: typeof row.wall) =>
    Object.entries(spreads)
      .filter(([stage, { p50 }]) => stage !== 'total' && p50 > 0)
      .map(([stage, { p50 }]) => `${stage} ${f(p50)}`)
      .join(' ');
  return [
    `${row.of} ${row.n} ${row.matcher} x${row.ticks}: p50 ${f(tickMs.p50)} p99 ${f(tickMs.p99)} ms${row.goalP99Ms === null ? '' : ` of ${row.goalP99Ms}`}${verdict(row.p99Reached)}`,
    `scoring ${variant.tile}, merged by ${variant.merge}, ${f(row.scoreGflops.gpu / 1000)} TFLOP/s, ${percent(row.ofProduct)} of the library${verdict(row.shareReached)}`,
    `wall ${stages(row.wall)}`,
    `gpu ${stages(row.gpu)}`,
    `cpu ${f(row.cpuMs.p50)}`,
    `${calls.submissions} submissions, ${calls.dispatches} dispatches, ${calls.waits} waits`,
    row.slowestPasses.slice(0, 4).join(', '),
  ].join('; ');
}

/** JSON stores NaN as null. */
function f(x: number | null): string {
  return x === null || Number.isNaN(x) ? '-' : x.toPrecision(3);
}

function percent(x: number | null): string {
  return x === null ? '-' : `${(100 * x).toFixed(1)} %`;
}

function verdict(reached: boolean | null): string {
  return reached === null ? '' : reached ? '  REACHED' : '  MISSED';
}
