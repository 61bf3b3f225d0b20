import { defineCommand } from '../cli/command.ts';
import { visitsTable, waitsTable } from '../../experiment/aha/visit-tables.ts';
import { recordVisits, type Visit } from '../../experiment/aha/visits.ts';
import type { Market } from '../../sim/types.ts';
import { writeOutput } from '../cli/files.ts';
import { encodeTable, tableFormat } from '../cli/table-file.ts';
import { choice, flag, integer, text } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { backendNames } from '../../match/open-backend.ts';
import { threadsOption } from '../jobs/kernel-team.ts';
import { openScenario, scaled, scaleOption, setOption, withSettings } from './open-scenario.ts';
import { simulateEvening, type RunResult } from './simulate.ts';
import type { Distribution } from './tally.ts';

export const command = defineCommand({
  arguments: ['SCENARIO'],
  about: `SCENARIO is a preset (default-evening, evening-rush, ...), a link to an evening on the page, a JSON file,
the world.json of "lab import" (the imported people then live through the evening), or "-" for standard
input.
The same scenario, seed and backend give the same digest.

--log and --visits write what happened into FILE.csv, .parquet or .json, for "lab slices", "lab adjust --diagram world" and
"lab aha"; their columns have the names of the world's causal diagram.`,
  options: {
    ticks: integer('T', 'ticks to simulate (240 are two minutes of a default tick)', {
      min: 0,
      max: 10_000_000,
      fallback: 240,
    }),
    seed: integer('S', "seed of the evening; default: the scenario's", { min: 0, max: 0xffffffff }),
    backend: choice(backendNames, 'auto takes a real GPU if there is one, else the CPU', 'auto'),
    threads: threadsOption,
    set: setOption,
    scale: scaleOption,
    tables: flag("adds every table of the page's instruments to the JSON"),
    log: text('FILE', 'writes every wait, and the chat that followed, as a row'),
    visits: text(
      'FILE.csv',
      'writes every visit that ended: counts, return, and the true effects of actions',
    ),
  },
  async run({ arguments: [name], options, say }) {
    const { seed, set, scale, ticks, backend, threads, tables, log, visits } = options;
    const opened = await openScenario(name);
    const settings = seed === undefined ? set : [...set, `seed=${seed}`];
    const scenario = scaled(withSettings(opened.scenario, settings), scale, say);
    const recorded: { visits: readonly Visit[] } = { visits: [] };
    const files = { log, visits };
    const wanted = Object.entries(files).flatMap(([option, path]) =>
      path === undefined ? [] : [{ option, path, format: tableFormat(path, `--${option}`) }],
    );
    // What cannot be written fails before the evening, not after it.
    for (const { path } of wanted) await writeOutput(path, '');
    const result = await simulateEvening(
      {
        ...{ scenario, fitted: opened.fitted, ticks, backend, threads, tables },
        ...(wanted.length > 0 && {
          observe: (market: Market) => void (recorded.visits = recordVisits(market)),
        }),
      },
      say,
    );
    for (const { option, path, format } of wanted) {
      const table =
        option === 'log'
          ? waitsTable(recorded.visits, result.simulatedSeconds)
          : visitsTable(scenario, recorded.visits);
      await writeOutput(path, encodeTable(table, format));
    }
    return result;
  },
  print: printRun,
});

function printRun(r: RunResult): string {
  const s = (x: number | null) => (x === null ? '-' : `${x.toPrecision(3)} s`);
  const line = (d: Distribution) =>
    `mean ${s(d.mean)}, median ${s(d.p50)}, 90 % ${s(d.p90)}, 99 % ${s(d.p99)}, of ${d.count}`;
  const { totals: t } = r;
  return [
    `${r.scenario.name}, seed ${r.seed}: ${r.ticks} ticks, ${r.simulatedSeconds.toFixed(1)} simulated seconds`,
    `scorer     ${r.scenario.policy.scorer}, ${r.scenario.policy.matcher}; ${r.backend} (${r.adapter})`,
    `people     ${t.arrivals} arrived = ${t.waiting} wait + ${t.inChat} in chat + ${t.left} left (${t.leftWaiting} of them while waiting)`,
    `matches    ${t.pairs}, ${r.matchesPerSecond.toFixed(1)} per simulated second`,
    `waits      ${line(r.waits.matched)}`,
    `chats      ${line(r.durations)}`,
    ...textTable(
      r.latency.map((row) => [
        String(row['stage']).padEnd(9),
        `median ${Number(row['p50_ms']).toFixed(2)} ms,`,
        `99 % ${Number(row['p99_ms']).toFixed(2)} ms`,
        `(${String(row['clock'])})`,
      ]),
    ),
    `speed      ${r.ticksPerSecond.toFixed(1)} ticks per real second`,
    `digest     ${r.digest}`,
  ].join('\n');
}
