import { partingOf, partingText, type Parting } from '../../base/digest-trail.ts';
import { LARGEST_SEED } from '../../base/seeds.ts';
import { defineCommand } from '../cli/command.ts';
import { visitsTable, waitsTable } from '../../experiment/aha/visit-tables.ts';
import { recordVisits, type Visit } from '../../experiment/aha/visits.ts';
import type { Market } from '../../sim/types.ts';
import { loadMatcher, matcherOption } from '../cli/own-matcher.ts';
import { writeOutput } from '../cli/files.ts';
import { encodeTable, tableFormat } from '../cli/table-file.ts';
import { choice, flag, integer, text, UsageError } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import type { RunPoint } from '../../scenario/link.ts';
import { backendNames } from '../../match/open-backend.ts';
import { threadsOption } from '../jobs/kernel-team.ts';
import type { ContentReport } from '../../sim/moments/report.ts';
import { openEventLog } from './event-log.ts';
import { checkVectors, openScenario, scaled, scaleOption, setOption, withSettings } from './open-scenario.ts';
import { simulateEvening, type RunResult } from './simulate.ts';
import type { Distribution } from './tally.ts';

export const command = defineCommand({
  arguments: ['SCENARIO'],
  about: `SCENARIO is a preset (default-evening, evening-rush, ...), a link to an evening on the page, a JSON file,
the world.json of "lab import" (the imported people then live through the evening), or "-" for standard
input.
The same scenario, seed and backend give the same digest.

A link may say the backend, the tick and the digest of its run: they are used unless an option says
otherwise, and the digest is checked: it agrees, or the first tick that differs is named as near as the
link tells. --versus runs the policy B of the link.

--log writes every event: arrivals, ticks, pairs with weight and prices, chats with outcomes, and
departures, piece by piece, for DuckDB, pandas, R or Observable. --waits and --visits write what
happened for "lab slices", "lab adjust --diagram world" and "lab aha"; their columns have the names of
the world's causal diagram.`,
  options: {
    ticks: integer('T', "ticks to simulate; default: the link's, or 240 (two minutes of a default tick)", {
      min: 0,
      max: 10_000_000,
    }),
    seed: integer('S', "seed of the evening; default: the scenario's", { min: 0, max: LARGEST_SEED }),
    backend: choice(backendNames, 'auto takes a real GPU if there is one, else the CPU', 'auto'),
    matcher: matcherOption,
    threads: threadsOption,
    versus: flag('runs the compared policy of the link, B'),
    set: setOption,
    scale: scaleOption,
    tables: flag("adds every table of the page's instruments to the JSON"),
    log: text('FILE', 'writes every event as a row, into FILE.parquet or FILE.csv'),
    waits: text('FILE', 'writes every wait, and the chat that followed, as a row: .csv, .parquet or .json'),
    visits: text('FILE', 'writes every visit that ended: counts, return, and the true effects of actions'),
  },
  async run({ arguments: [name], options, say }): Promise<RunResult & Verdict> {
    const { seed, set, scale, threads, tables, waits, visits, log } = options;
    const opened = await openScenario(name);
    const { run = {}, other = null } = opened.link ?? {};
    const { ticks = run.tick ?? 240 } = options;
    const backend = options.backend === 'auto' ? (run.backend ?? 'auto') : options.backend;
    if (options.versus && other === null)
      throw new UsageError('there is no policy B: it needs a link of a comparison', '--versus');
    const own = await loadMatcher(options.matcher, backend);
    const versus = options.versus && other !== null ? other : undefined;
    const settings = seed === undefined ? set : [...set, `seed=${seed}`];
    const scenario = scaled(withSettings(opened.scenario, settings), scale, say);
    checkVectors(opened, scenario, settings);
    const recorded: { visits: readonly Visit[] } = { visits: [] };
    const wanted = Object.entries({ waits, visits }).flatMap(([option, path]) =>
      path === undefined ? [] : [{ option, path, format: tableFormat(path, `--${option}`) }],
    );
    // What cannot be written fails before the evening, not after it.
    for (const { path } of wanted) await writeOutput(path, '');
    const events = log === undefined ? null : await openEventLog(log, { scenario, other, versus, own });
    const result = await simulateEvening(
      {
        ...{ scenario, fitted: opened.fitted, ticks, backend, threads, tables, versus, own },
        observe(market: Market) {
          if (wanted.length > 0) recorded.visits = recordVisits(market);
          events?.follow(market);
        },
        ticked: async () => events?.drain(),
      },
      say,
    );
    await events?.finish(result);
    for (const { option, path, format } of wanted) {
      const table =
        option === 'waits'
          ? waitsTable(recorded.visits, result.simulatedSeconds)
          : visitsTable(scenario, recorded.visits);
      await writeOutput(path, encodeTable(table, format));
    }
    return { ...result, ...verdictOf(run, result, options.versus) };
  },
  print: printRun,
});

/** Whether the run is the one that a link states. */
interface Verdict {
  /** The digest of the link, if it is one of this tick and policy. */
  readonly expectedDigest?: string;
  readonly digestAgrees?: boolean;
  /** Where the two runs part, as near as the link tells. */
  readonly parting?: Parting;
}

function verdictOf({ tick, digest, trail = '' }: RunPoint, result: RunResult, isB: boolean): Verdict {
  if (digest === undefined || tick !== result.ticks || isB) return {};
  if (digest === result.digest) return { expectedDigest: digest, digestAgrees: true };
  const parting = partingOf(tick, trail, result.digestTrail);
  return { expectedDigest: digest, digestAgrees: false, parting };
}

function verdictText({ expectedDigest, digestAgrees, parting }: Verdict): string {
  if (digestAgrees === true) return ': the digest agrees with the link';
  return parting === undefined ? '' : `; the link says ${expectedDigest}: ${partingText(parting)}`;
}

function contentLines(c: ContentReport): string[] {
  const n = (x: number | null, digits = 2) => (x === null ? '-' : x.toFixed(digits));
  const tail = Object.entries(c.tail_share).map(([shelf, x]) => `${shelf} ${(100 * x).toFixed(0)} %`);
  const left = ({ share, low, high }: ContentReport['intents'][number]['left_after_skip']) =>
    `${n(share)} (${n(low)} to ${n(high)})`;
  return [
    `feed       ${c.requests} readings of ${n(c.seconds_per_reading, 1)} s, ${n(c.cards_per_reading, 1)} cards; ${c.reentries} re-entries, ${c.left_from_feed} left from it`,
    `tail       ${tail.join(', ')}`,
    `tray       ${n(c.shares_per_chat)} shares per chat, which last ${n(c.seconds_added_per_chat, 1)} s longer`,
    ...c.intents.map(
      (i) =>
        `${i.intent.padEnd(10)} leave the feed after a skip ${left(i.left_after_skip)}, after a read ${left(i.left_after_read)}`,
    ),
    `intents    ${c.intents_in_words}`,
    `money      ${n(c.platform.money)} platform (${n(c.platform.ads)} ads), ${n(c.creators.money)} creators`,
    `updates    ${c.updates.applied} applied, ${c.updates.lost} lost`,
    ...c.stages.map(
      (s) => `${s.stage.padEnd(10)} median ${n(s.p50_ms, 3)} ms, 99 % ${n(s.p99_ms, 3)} ms (feed, wall)`,
    ),
  ];
}

function printRun(r: RunResult & Verdict): string {
  const s = (x: number | null) => (x === null ? '-' : `${x.toPrecision(3)} s`);
  const line = (d: Distribution) =>
    `mean ${s(d.mean)}, median ${s(d.p50)}, 90 % ${s(d.p90)}, 99 % ${s(d.p99)}, of ${d.count}`;
  const { totals: t } = r;
  return [
    `${r.scenario.name}, seed ${r.seed}: ${r.ticks} ticks, ${r.simulatedSeconds.toFixed(1)} simulated seconds`,
    `scorer     ${r.scenario.policy.scorer}, ${r.matcher}; ${r.backend} (${r.adapter})`,
    `people     ${t.arrivals} arrived = ${t.waiting} wait + ${t.inChat} in chat${r.content ? ` + ${t.reading} read` : ''} + ${t.left} left (${t.leftWaiting} of them while waiting)`,
    `matches    ${t.pairs}, ${r.matchesPerSecond.toFixed(1)} per simulated second`,
    `waits      ${line(r.waits.matched)}`,
    `chats      ${line(r.durations)}`,
    ...(r.content ? contentLines(r.content) : []),
    ...textTable(
      r.latency.map((row) => [
        String(row['stage']).padEnd(9),
        `median ${Number(row['p50_ms']).toFixed(2)} ms,`,
        `99 % ${Number(row['p99_ms']).toFixed(2)} ms`,
        `(${String(row['clock'])})`,
      ]),
    ),
    `speed      ${r.ticksPerSecond.toFixed(1)} ticks per real second`,
    `digest     ${r.digest}${verdictText(r)}`,
  ].join('\n');
}
