import { LabError } from '../../base/errors.ts';
import { measureTickLatency, publishedLatency, type LatencyRow } from '../../experiment/tick-latency.ts';
import { backendNames, type BackendName } from '../../match/open-backend.ts';
import { openBackend } from '../open-backend.ts';
import { wholeOption, type Options } from '../options.ts';

/** `lab evaluate latency`: what session vectors cost in the tick and outside it, by length of the histories. */
export async function evaluateLatency(
  options: Options,
  say: (text: string) => void,
): Promise<Record<string, unknown>> {
  const name = (options.backend ?? 'auto') as BackendName;
  if (!backendNames.includes(name))
    throw new LabError(`must be one of ${backendNames.join(', ')}; it is ${name}`, '--backend');
  const lengths = (options.lengths ?? '8,16,32,64,128').split(',').map(Number);
  if (lengths.length === 0 || !lengths.every((m) => Number.isInteger(m) && m >= 2 && m <= 128 && m % 2 === 0))
    throw new LabError(
      `must be even numbers from 2 to 128 with commas; they are ${options.lengths}`,
      '--lengths',
    );
  const clock = options.clock ?? 'wall';
  if (clock !== 'wall' && clock !== 'cpu')
    throw new LabError(`must be wall or cpu; it is ${clock}`, '--clock');
  const settings = {
    clock,
    people: wholeOption(options, 'people', 1000, 2, 100_000),
    ticks: wholeOption(options, 'ticks', 200, 1, 100_000),
    size: wholeOption(options, 'size', 32, 4, 256),
    heads: wholeOption(options, 'heads', 2, 1, 64),
    layers: wholeOption(options, 'layers', 1, 1, 12),
  };
  const backend = await openBackend(name, say);
  try {
    const rows = await measureTickLatency({
      ...settings,
      backend,
      lengths,
      say,
      ...(clock === 'cpu' && { now: cpuTime }),
    });
    const { adapter, kind } = backend;
    return {
      backend: kind,
      adapter,
      ...settings,
      rows,
      published: publishedLatency,
      lines: print(rows, adapter, settings),
    };
  } finally {
    backend.dispose();
  }
}

/** Milliseconds that this process computed, on all its cores. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function print(
  rows: readonly LatencyRow[],
  adapter: string,
  { people, ticks, clock }: { people: number; ticks: number; clock: string },
): string[] {
  const ms = (x: number): string => x.toFixed(2).padStart(9);
  const lines = [
    `${people} people in the tick, ${ticks} ticks, ${adapter}; milliseconds ${clock === 'cpu' ? 'of computing, on all cores' : 'on the wall clock'}`,
    'history  part               p50       p90       p99     p99.9',
  ];
  for (const { history, parts, saved } of rows) {
    for (const { part, p50, p90, p99, p999 } of parts)
      lines.push(
        `${String(history).padStart(7)}  ${part.padEnd(13)}${[p50, p90, p99, p999].map(ms).join(' ')}`,
      );
    lines.push(
      `         asynchronous below synchronous by ${(100 * saved.p90).toFixed(1)} % at p90, ${(100 * saved.p99).toFixed(1)} % at p99`,
    );
  }
  const of = (row: LatencyRow): number => row.parts.find((p) => p.part === 'asynchronous')!.p50;
  const [short, long] = [rows[0], rows[rows.length - 1]];
  lines.push(
    `the asynchronous tick at histories of ${long.history}: ${(of(long) / of(short)).toFixed(2)} times that at ${short.history} (p50)`,
  );
  const p = publishedLatency;
  lines.push(
    `published (p90 / p99): feature ${p.feature.p90} / ${p.feature.p99} ms, session ${p.session.p90} / ${p.session.p99} ms, synchronous ${p.synchronous.p90} / ${p.synchronous.p99} ms, asynchronous ${p.asynchronous.p90} / ${p.asynchronous.p99} ms (-${p.savedP90} / -${p.savedP99} %)`,
  );
  return lines;
}
