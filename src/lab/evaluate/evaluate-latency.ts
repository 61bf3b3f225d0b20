import { measureTickLatency, publishedLatency, type LatencyRow } from '../../experiment/tick-latency.ts';
import { defineCommand, type Given, type Say } from '../cli/command.ts';
import { choice, integer, integerList, UsageError } from '../cli/options.ts';
import { backendNames } from '../../match/open-backend.ts';
import { openNodeBackend } from '../open-backend.ts';
import { printLines } from './print-lines.ts';

const options = {
  backend: choice(backendNames, 'where the tick runs', 'auto'),
  clock: choice(['wall', 'cpu'], 'cpu counts what the process computed, for a busy machine', 'wall'),
  people: integer('N', 'people in the tick', { min: 2, max: 100_000, fallback: 1000 }),
  ticks: integer('T', 'ticks to time', { min: 1, max: 100_000, fallback: 200 }),
  lengths: integerList('N,N,...', 'even lengths of the histories', {
    min: 2,
    max: 128,
    fallback: [8, 16, 32, 64, 128],
  }),
  size: integer('N', 'width of the transformer', { min: 4, max: 256, fallback: 32 }),
  heads: integer('N', 'attention heads', { min: 1, max: 64, fallback: 2 }),
  layers: integer('N', 'layers', { min: 1, max: 12, fallback: 1 }),
};

export const command = defineCommand({
  arguments: [],
  about: `Times feature vectors, session vectors, and the whole tick, synchronous and asynchronous, by length
of everybody's history: p50, p90, p99 and p99.9 in milliseconds, beside the published values.`,
  options,
  run: ({ options, say }) => evaluateLatency(options, say),
  print: printLines,
});

async function evaluateLatency(
  { backend: name, lengths, ...settings }: Given<typeof options>['options'],
  say: Say,
) {
  const odd = lengths.find((m) => m % 2 !== 0);
  if (odd !== undefined) throw new UsageError(`must be even numbers; one is ${odd}`, '--lengths');
  const backend = await openNodeBackend(name, say);
  try {
    const rows = await measureTickLatency({
      ...settings,
      backend,
      lengths,
      say,
      ...(settings.clock === 'cpu' && { now: cpuTime }),
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

/** Processor time of this process on all cores, milliseconds. */
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
    `${people} people in the tick, ${ticks} ticks, ${adapter}; milliseconds ${clock === 'cpu' ? 'of processor time, on all cores' : 'on the wall clock'}`,
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
