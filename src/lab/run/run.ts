import { parseArgs } from 'node:util';
import { LabError } from '../../base/errors.ts';
import type { Table } from '../../base/table.ts';
import type { FittedWorld } from '../../import/world/fitted-world.ts';
import { learnedTowers } from '../../import/fit/learned.ts';
import { castName, relabelTables } from '../../import/world/relabel.ts';
import { LogHistogram } from '../../metrics/market/histogram.ts';
import { countries } from '../../scenario/countries.ts';
import { scaleScenario } from '../../scenario/scale.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { createCollector } from '../../sim/collect/collector.ts';
import { createMarket } from '../../sim/market.ts';
import { Outcome, type Balance, type Market } from '../../sim/types.ts';
import { createWorld } from '../../world/world.ts';
import type { Command } from '../command.ts';
import { loadShippedFamilies, loadShippedTowers } from '../train/load-model.ts';
import { backendNames, type BackendName } from '../../match/open-backend.ts';
import { openBackend } from '../open-backend.ts';
import { readScenario, withSettings, type Setting } from './scenario-file.ts';
import { fittedWorldOf } from './world-file.ts';

const usage = `lab run SCENARIO [--ticks T] [--seed S] [--backend auto|cpu|gpu] [--set KNOB=VALUE ...] [--scale F] [--tables] [--json]

Lives through an evening without a page. SCENARIO is a preset (default-evening, evening-rush, ...), a JSON file, or the
world.json of lab import: then the imported people live through it.
  --ticks T         ticks to live through, 0 and up; default 240 (two minutes at the default tick)
  --seed S          seed of the evening; default: the scenario's
  --backend B       auto takes a real GPU where there is one, else the CPU; default auto
  --set KNOB=VALUE  any knob by name, e.g. --set policy.scorer=oracle --set population.online=500; may be repeated
  --scale F         F times the people, online and arriving
  --tables          also every table of the page's instruments
Same scenario, seed and backend: same digest.`;

interface Distribution {
  readonly count: number;
  /** Seconds; null where nothing was counted. */
  readonly mean: number | null;
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

interface RunResult {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly ticks: number;
  readonly simulatedSeconds: number;
  readonly backend: string;
  readonly adapter: string;
  readonly digest: string;
  readonly totals: Readonly<Record<string, number>>;
  /** By country code (imported people: by group), and 'all'. */
  readonly balance: Readonly<Record<string, Balance>>;
  /** Simulated seconds in the pool: before a match, and before giving up. */
  readonly waits: { readonly matched: Distribution; readonly left: Distribution };
  /** Of finished chats, simulated seconds. */
  readonly durations: Distribution;
  /** By country code: chats that ended, counted once per side. */
  readonly durationsByCountry: Readonly<Record<string, { sides: number; mean: number | null }>>;
  /** Real milliseconds per stage. */
  readonly latency: readonly Record<string, unknown>[];
  /** Supply and demand at the last tick, by segment. */
  readonly segments: readonly Record<string, unknown>[];
  /** Per simulated second; per real second. */
  readonly matchesPerSecond: number;
  readonly ticksPerSecond: number;
  readonly realSeconds: number;
  readonly tables?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

export const command: Command = {
  name: 'run',
  summary: 'lives through an evening: totals, waits, durations, latency, supply and demand, digest',
  usage,
  async run(args) {
    return { ...(await live(readArguments(args))) };
  },
  print: (result) => printRun(result as unknown as RunResult),
};

interface Arguments {
  readonly scenario: Scenario;
  /** Imported people, or null. */
  readonly fitted: FittedWorld | null;
  readonly ticks: number;
  readonly backend: BackendName;
  readonly tables: boolean;
}

function readArguments(args: readonly string[]): Arguments {
  const option = { type: 'string' } as const;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ticks: option,
        seed: option,
        backend: option,
        scale: option,
        set: { type: 'string', multiple: true },
        tables: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new LabError(`${(error as Error).message.split('\n')[0]} (see lab run --help)`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1)
    throw new LabError(`one SCENARIO was expected; there are ${positionals.length} (see lab run --help)`);
  const ticks = wholeNumber('--ticks', values.ticks ?? '240', 10_000_000);
  const backend = (values.backend ?? 'auto') as BackendName;
  if (!backendNames.includes(backend))
    throw new LabError(`must be one of ${backendNames.join(', ')}; it is ${backend}`, '--backend');
  const settings = (values.set ?? []).map((text): Setting => {
    const at = text.indexOf('=');
    if (at < 1) throw new LabError(`expected KNOB=VALUE; it is "${text}"`, '--set');
    return [text.slice(0, at), text.slice(at + 1)];
  });
  if (values.seed !== undefined)
    settings.push(['seed', String(wholeNumber('--seed', values.seed, 0xffffffff))]);
  const fitted = fittedWorldOf(positionals[0]);
  const scenario =
    fitted === null
      ? readScenario(positionals[0], settings).scenario
      : withSettings(fitted.scenario, settings);
  const scale = Number(values.scale ?? 1);
  if (!(scale > 0 && scale <= 1000) || values.scale === '')
    throw new LabError(`must be a number above 0 and at most 1000; it is "${values.scale}"`, '--scale');
  return {
    scenario: scale === 1 ? scenario : scaleScenario(scenario, scale),
    fitted,
    ticks,
    backend,
    tables: values.tables === true,
  };
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new LabError(`must be a whole number from 0 to ${max}; it is "${text}"`, name);
  return value;
}

async function live({
  scenario,
  fitted,
  ticks,
  backend: backendName,
  tables,
}: Arguments): Promise<RunResult> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const scorers = [scenario.policy, ...scenario.stages.map((s) => s.policy)].map((p) => p.scorer);
  const usesTowers = scorers.includes('towers');
  const families = await loadShippedFamilies(scorers);
  const towers = !usesTowers ? undefined : fitted ? learnedTowers(fitted.learned) : await loadShippedTowers();
  const cast = fitted?.cast;
  const nameOf = (code: string) => (cast === undefined ? code : castName(cast, code));
  const backend = await openBackend(backendName, say);
  try {
    const world = createWorld(scenario, cast);
    const market = createMarket({ scenario, backend, world, families, ...(towers && { towers }) });
    const collector = createCollector(market, { adapter: backend.adapter });
    const sums = watch(market);
    const started = performance.now();
    let told = started;
    for (let t = 0; t < ticks; t++) {
      await market.tick();
      if (performance.now() - told > 5000) {
        told = performance.now();
        say(`tick ${t + 1} of ${ticks}, ${market.balances()[countries.length].waiting} people wait`);
      }
    }
    const realSeconds = (performance.now() - started) / 1000;
    const measured = collector.tables();
    const named = cast === undefined ? measured : relabelTables(measured, cast);
    const byName = Object.fromEntries(named.map((t) => [t.name, rowsOf(t)]));
    const balances = market.balances();
    return {
      scenario,
      seed: scenario.seed,
      ticks,
      simulatedSeconds: market.time,
      backend: backend.kind,
      adapter: backend.adapter,
      digest: market.digest.hex(),
      totals: { ...balances[countries.length], ...sums.totals },
      balance: Object.fromEntries(
        balances.flatMap((b, i) => {
          const name = i < countries.length ? nameOf(countries[i].code) : 'all';
          return name === null ? [] : [[name, b]];
        }),
      ),
      waits: { matched: distribution(sums.matched), left: distribution(sums.left) },
      durations: distribution(sums.durations),
      durationsByCountry: Object.fromEntries(
        countries.flatMap(({ code }, c) => {
          const name = nameOf(code);
          const mean = sums.sides[c] === 0 ? null : sums.seconds[c] / sums.sides[c];
          return name === null ? [] : [[name, { sides: sums.sides[c], mean }]];
        }),
      ),
      latency: byName['latency'],
      segments: byName['segment-price'],
      matchesPerSecond: market.time === 0 ? 0 : sums.totals.pairs / market.time,
      ticksPerSecond: realSeconds === 0 ? 0 : ticks / realSeconds,
      realSeconds,
      ...(tables && { tables: byName }),
    };
  } finally {
    backend.dispose();
  }
}

/** Counts what happens in a market from now on. */
function watch(market: Market) {
  const matched = new LogHistogram();
  const left = new LogHistogram();
  const durations = new LogHistogram();
  const seconds = countries.map(() => 0);
  const sides = countries.map(() => 0);
  const totals = {
    newcomers: 0,
    pairs: 0,
    chatsEnded: 0,
    longChats: 0,
    swipes: 0,
    reports: 0,
    friendRequests: 0,
    leftWaiting: 0,
    leftDone: 0,
    returnNextDay: 0,
  };
  const { country } = market.world.people;
  const { longChatSeconds } = market.scenario.behaviour;
  const bits = (outcome: number, one: number, other: number) =>
    ((outcome & one) === 0 ? 0 : 1) + ((outcome & other) === 0 ? 0 : 1);
  market.observe({
    arrived: (_person, _time, newcomer) => (totals.newcomers += newcomer ? 1 : 0),
    ticked: ({ pairs }) => (totals.pairs += pairs),
    chatEnded({ a, b, duration, outcome, waitedA, waitedB }) {
      totals.chatsEnded++;
      if (duration > longChatSeconds) totals.longChats++;
      totals.swipes += bits(outcome, Outcome.swipeA, Outcome.swipeB);
      totals.reports += bits(outcome, Outcome.reportA, Outcome.reportB);
      totals.friendRequests += bits(outcome, Outcome.friendA, Outcome.friendB);
      durations.record(duration);
      for (const person of [a, b]) {
        seconds[country[person]] += duration;
        sides[country[person]]++;
      }
      matched.record(waitedA);
      matched.record(waitedB);
    },
    left(_person, _time, reason, waited, returnsNextDay) {
      totals[reason === 'waiting' ? 'leftWaiting' : 'leftDone']++;
      if (reason === 'waiting') left.record(waited);
      if (returnsNextDay) totals.returnNextDay++;
    },
  });
  return { totals, matched, left, durations, seconds, sides };
}

function distribution(h: LogHistogram): Distribution {
  const figure = (x: number) => (h.count === 0 ? null : x);
  return {
    count: h.count,
    mean: figure(h.mean),
    p10: figure(h.percentile(0.1)),
    p50: figure(h.percentile(0.5)),
    p90: figure(h.percentile(0.9)),
    p99: figure(h.percentile(0.99)),
    p999: figure(h.percentile(0.999)),
    max: figure(h.max),
  };
}

/** The rows of a table as objects; NaN becomes null. */
function rowsOf({ rows, columns }: Table): Record<string, unknown>[] {
  return Array.from({ length: rows }, (_, r) =>
    Object.fromEntries(
      columns.map(({ name, values }) => {
        const value = values[r];
        return [name, typeof value === 'number' && !Number.isFinite(value) ? null : value];
      }),
    ),
  );
}

function printRun(r: RunResult): string {
  const s = (x: number | null) => (x === null ? '-' : `${x.toPrecision(3)} s`);
  const line = (d: Distribution) =>
    `mean ${s(d.mean)}, median ${s(d.p50)}, 90 % ${s(d.p90)}, 99 % ${s(d.p99)}, of ${d.count}`;
  const { totals: t } = r;
  return [
    `${r.scenario.name}, seed ${r.seed}: ${r.ticks} ticks, ${r.simulatedSeconds.toFixed(1)} simulated seconds`,
    `scorer     ${r.scenario.policy.scorer}, ${r.scenario.policy.matcher}; ${r.backend} (${r.adapter})`,
    `people     ${t.arrivals} arrived = ${t.waiting} wait + ${t.inChat} in chat + ${t.left} left (${t.leftWaiting} tired of waiting)`,
    `matches    ${t.pairs}, ${r.matchesPerSecond.toFixed(1)} per simulated second`,
    `waits      ${line(r.waits.matched)}`,
    `chats      ${line(r.durations)}`,
    ...r.latency.map(
      (row) =>
        `${String(row['stage']).padEnd(10)} median ${Number(row['p50_ms']).toFixed(2)} ms, 99 % ${Number(row['p99_ms']).toFixed(2)} ms (${String(row['clock'])})`,
    ),
    `speed      ${r.ticksPerSecond.toFixed(1)} ticks per real second`,
    `digest     ${r.digest}`,
  ].join('\n');
}
