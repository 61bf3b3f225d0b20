import { DigestTrail } from '../../base/digest-trail.ts';
import type { Table } from '../../base/table.ts';
import { learnedTowers } from '../../import/fit/learned.ts';
import type { FittedWorld } from '../../import/world/fitted-world.ts';
import { castName, relabelTables } from '../../import/world/relabel.ts';
import { countries } from '../../scenario/countries.ts';
import type { Policy, Scenario } from '../../scenario/schema.ts';
import { Collector } from '../../sim/collect/collector.ts';
import { createMarket } from '../../sim/market.ts';
import { contentReport, type ContentReport } from '../../sim/moments/report.ts';
import { ReadingMeasures } from '../../sim/moments/measures/reading-measures.ts';
import type { Balance, Market } from '../../sim/types.ts';
import type { Say } from '../cli/command.ts';
import type { BackendName } from '../../match/open-backend.ts';
import { kernelTeam } from '../jobs/kernel-team.ts';
import type { NamedMatcher } from '../../match/own/own-matcher.ts';
import { openNodeBackend } from '../open-backend.ts';
import { loadShippedFamilies, loadShippedTowers } from '../train/load-model.ts';
import { distribution, tallyMarket, type Distribution } from './tally.ts';

/** What `lab run` reports. */
export interface RunResult {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly ticks: number;
  readonly simulatedSeconds: number;
  readonly backend: string;
  readonly adapter: string;
  /** The matcher at the start: its name, or the file of an own one. */
  readonly matcher: string;
  readonly digest: string;
  /** Beginnings of the digest at earlier ticks (DigestTrail). */
  readonly digestTrail: string;
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
  /** Of feed and tray, where the scenario has one of them. */
  readonly content?: ContentReport;
  /** What people read, where there is a feed. */
  readonly reading?: NonNullable<ReturnType<ReadingMeasures['summary']>>;
  readonly tables?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

export interface Evening {
  readonly scenario: Scenario;
  /** Imported people; null for made-up ones. */
  readonly fitted: FittedWorld | null;
  readonly ticks: number;
  readonly backend: BackendName;
  /** Threads of the CPU backend; undefined: by the number of people. */
  readonly threads: number | undefined;
  /** Whether the result includes every table of the page's instruments. */
  readonly tables: boolean;
  /** The policy that runs, and whose stages take effect; default: the scenario's own, A. */
  readonly versus?: Policy | undefined;
  /** A matcher of the user, in the place of the policy's. */
  readonly own?: NamedMatcher | undefined;
  /** Is called with the market before its first tick. */
  readonly observe?: (market: Market) => void;
  /** Is awaited after every tick. */
  readonly ticked?: () => Promise<void>;
}

/** Simulates an evening. */
export async function simulateEvening(
  { scenario, fitted, ticks, backend: backendName, threads, tables, versus, own, observe, ticked }: Evening,
  say: Say,
): Promise<RunResult> {
  const scorers = [versus ?? scenario.policy, ...scenario.stages.map((s) => s.policy)].map((p) => p.scorer);
  const usesTowers = scorers.includes('towers');
  const families = await loadShippedFamilies(scorers);
  const towers = !usesTowers ? undefined : fitted ? learnedTowers(fitted.learned) : await loadShippedTowers();
  const cast = fitted?.cast;
  const nameOf = (code: string) => (cast === undefined ? code : castName(cast, code));
  const backend = await openNodeBackend(backendName, say, kernelTeam(threads), own);
  try {
    const market = createMarket({
      ...{ scenario, backend, families },
      ...(cast && { cast }),
      ...(towers && { towers }),
      ...(versus && { policy: versus, side: 'b' as const }),
    });
    const collector = new Collector(market, { adapter: backend.adapter });
    const sums = tallyMarket(market);
    const measures = new ReadingMeasures(market);
    observe?.(market);
    const trail = new DigestTrail();
    const started = performance.now();
    let told = started;
    for (let t = 0; t < ticks; t++) {
      await market.tick();
      trail.add(t + 1, market.digest);
      await ticked?.();
      if (performance.now() - told > 5000) {
        told = performance.now();
        say(`tick ${t + 1} of ${ticks}, ${market.balances()[countries.length].waiting} people are waiting`);
      }
    }
    const realSeconds = (performance.now() - started) / 1000;
    const measured = collector.tables();
    const named = cast === undefined ? measured : relabelTables(measured, cast);
    const byName = Object.fromEntries(named.map((t) => [t.name, rowsOf(t)]));
    const balances = market.balances();
    const reading = measures.summary();
    return {
      scenario,
      seed: scenario.seed,
      ticks,
      simulatedSeconds: market.time,
      backend: backend.kind,
      adapter: backend.adapter,
      matcher: own?.name ?? (versus ?? scenario.policy).matcher,
      digest: market.digest.hex(),
      digestTrail: trail.text,
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
      ...(market.moments && { content: contentReport(market.moments) }),
      ...(reading && { reading }),
      ...(tables && { tables: byName }),
    };
  } finally {
    backend.dispose();
  }
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
