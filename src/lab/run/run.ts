import { defineCommand } from '../cli/command.ts';
import { choice, flag, integer } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { backendNames } from '../../match/open-backend.ts';
import { openScenario, scaled, scaleOption, setOption, withSettings } from './open-scenario.ts';
import { simulateEvening, type RunResult } from './simulate.ts';
import type { Distribution } from './tally.ts';

export const command = defineCommand({
  arguments: ['SCENARIO'],
  about: `SCENARIO is a preset (default-evening, evening-rush, ...), a JSON file, the world.json of
"lab import" (the imported people then live through the evening), or "-" for standard input.
The same scenario, seed and backend give the same digest.`,
  options: {
    ticks: integer('T', 'ticks to simulate (240 are two minutes of a default tick)', {
      min: 0,
      max: 10_000_000,
      fallback: 240,
    }),
    seed: integer('S', "seed of the evening; default: the scenario's", { min: 0, max: 0xffffffff }),
    backend: choice(backendNames, 'auto takes a real GPU if there is one, else the CPU', 'auto'),
    set: setOption,
    scale: scaleOption,
    tables: flag("adds every table of the page's instruments to the JSON"),
  },
  async run({ arguments: [name], options, say }) {
    const { seed, set, scale, ticks, backend, tables } = options;
    const opened = await openScenario(name);
    const settings = seed === undefined ? set : [...set, `seed=${seed}`];
    const scenario = scaled(withSettings(opened.scenario, settings), scale, say);
    return simulateEvening({ scenario, fitted: opened.fitted, ticks, backend, tables }, say);
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
