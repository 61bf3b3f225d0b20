import { createMarket } from '../../sim/market.ts';
import type { Market } from '../../sim/types.ts';
import { createWorld } from '../../world/world.ts';
import type { MarketTools } from '../jobs/context.ts';
import { createPairedMarkets } from '../paired-markets.ts';
import { recordEvening, type EveningLog } from './evening-log.ts';
import type { DesignName } from './names.ts';
import { pairedRows } from './paired-rows.ts';
import type { EveningResult, Harm } from './rows.ts';
import type { ExperimentSpec } from './spec.ts';

/** One evening of an experiment, as JSON. */
export interface EveningJob {
  readonly kind: 'evening';
  readonly spec: ExperimentSpec;
  readonly seed: number;
  readonly designs: readonly DesignName[];
}

/**
 * Lives through one evening: the market under A and the market under B, on common random numbers.
 * The result depends on the job alone.
 */
export async function runEvening({ spec, seed }: EveningJob, tools: MarketTools): Promise<EveningResult> {
  const scenario = { ...spec.scenario, seed };
  const world = createWorld(scenario);
  const [a, b] = [spec.a, spec.b].map((policy) => createMarket({ scenario, policy, world, ...tools }));
  const pair = createPairedMarkets(a, b, { seed });
  const [recordA, recordB] = [a, b].map((market) => recordEvening(market));
  const end = (spec.ticks * spec.a.tickMs) / 1000;
  await liveUntil(a, end);
  await liveUntil(b, end);
  const logA = recordA.log();
  const logB = recordB.log();
  return {
    seed,
    identical: logA.digest === logB.digest,
    rows: pairedRows(pair, spec, seed),
    harm: [{ design: 'paired', ...harmed(logA, logB) }],
    aa: [],
  };
}

/** Runs ticks until this simulated time, seconds. */
async function liveUntil(market: Market, time: number): Promise<void> {
  while (market.time < time - 1e-9) await market.tick();
}

function harmed(logA: EveningLog, other: EveningLog): Omit<Harm, 'design'> {
  const before = secondsInChats(logA);
  let worse = 0;
  let better = 0;
  for (const [person, seconds] of secondsInChats(other)) {
    const had = before.get(person);
    if (had === undefined) continue;
    if (seconds < had) worse++;
    if (seconds > had) better++;
  }
  return { worse, better };
}

/** Seconds in chats that began this evening, by slot and generation. */
function secondsInChats({ people, chats }: EveningLog): Map<string, number> {
  const seconds = new Float64Array(people.count);
  for (let c = 0; c < chats.count; c++) {
    seconds[chats.a[c]] += chats.seconds[c];
    seconds[chats.b[c]] += chats.seconds[c];
  }
  return new Map([...seconds].map((s, p) => [`${people.slot[p]}.${people.generation[p]}`, s]));
}
