import { must } from '../../base/errors.ts';
import type { MatchBackend } from '../../match/backend.ts';
import { normalProbability } from '../../metrics/inference/distributions.ts';
import { meanInterval, type Interval } from '../../metrics/inference/student.ts';
import { Families } from '../../model/serve/families.ts';
import { createScorer, type WaitingPool } from '../../model/serve/scorers.ts';
import { embedTower } from '../../model/serve/tower.ts';
import type { Policy, Scenario } from '../../scenario/schema.ts';
import { buildLists } from '../../score/candidates/lists.ts';
import { RECENT_SLOTS, type Pool } from '../../score/types.ts';
import { poolSource } from '../../score/weights.ts';
import { stayLocation } from '../../sim/evening/meeting.ts';
import { followSessions } from '../../sim/follow-sessions.ts';
import { createMarket } from '../../sim/market.ts';
import type { World } from '../../world/types.ts';
import type { MarketTools } from '../jobs/context.ts';
import { meanOf, sampleVariance } from '../inference/moments.ts';
import { listMoments, listsNeeded, mixtureOf, type ListMoments, type Patience } from './efficiency.ts';
import { draftWins, teamDrafts } from './team-draft.ts';

/** Two scorers, compared on the candidate lists of the people who wait. */
export interface ListStudy {
  /** Its policy is A; the market runs under it. */
  readonly scenario: Scenario;
  /** B. */
  readonly b: Policy;
  readonly ticks: number;
  /** Ticks before the first lists, and from one set of lists to the next. */
  readonly warmUp: number;
  readonly every: number;
  /** Length of a list. */
  readonly length: number;
  readonly patience: Patience;
}

/** Means over the lists of one evening. */
interface ListEvening {
  readonly lists: number;
  readonly moments: ListMoments;
  /** Share of lists that the same people would see under both scorers. */
  readonly same: number;
  readonly aWins: number;
  readonly bWins: number;
}

/**
 * Runs an evening under A. At some ticks it ranks everybody's best candidates by either
 * scorer and drafts the two lists into one. A click is a long chat, with its true chance in this
 * world: nothing is drawn, so lists that are the same give exactly the same figures.
 */
export async function listEvening(study: ListStudy, tools: MarketTools): Promise<ListEvening> {
  const { scenario, b, ticks, warmUp, every, length, patience } = study;
  const policies = [scenario.policy, b].map((policy): Policy => ({ ...policy, sessionSync: 'on' }));
  const { backend } = tools;
  let take: MatchBackend['match'] = (...tick) => backend.match(...tick);
  const market = createMarket({
    ...tools,
    scenario,
    backend: { ...backend, match: (...tick) => take(...tick) },
  });
  const { world } = market;
  const { people } = world;
  const { longChatSeconds } = scenario.behaviour;
  const families = policies.map(() => new Families(people, tools.families));
  for (const own of families) market.observe(followSessions(own));
  const scorers = families.map((own) => createScorer(world, tools.towers, own));
  const seen: (ListMoments & { same: boolean; aWins: number; bWins: number })[] = [];

  take = async (pool, rule, options) => {
    const looks = market.tickNumber >= warmUp && (market.tickNumber - warmUp) % every === 0;
    if (looks) {
      const waiting = waitingOf(pool, people.count);
      const rankings: (readonly number[])[][] = [];
      for (const [arm, policy] of policies.entries()) {
        await families[arm].prepare(policy, waiting, market.time, backend);
        const scored = scorers[arm](policy, waiting);
        rankings.push(rankingsOf(scored, options.seed, length));
      }
      for (let i = 0; i < pool.n; i++) {
        const [onA, onB] = rankings.map((all) => all[i]);
        if (onA.length === 0 || onB.length === 0) continue;
        const chances = new Map(
          [...onA, ...onB].map((id) => [id, lastingChance(world, pool.ids[i], id, longChatSeconds)]),
        );
        const chance = (id: number) => chances.get(id)!;
        const drafts = teamDrafts(onA, onB, Math.max(onA.length, onB.length));
        const { aWins, bWins } = draftWins(drafts, chance);
        const same = onA.join() === onB.join();
        seen.push({ ...listMoments(onA, onB, chance, patience), same, aWins, bWins });
      }
    }
    return backend.match(pool, rule, options);
  };
  for (let t = 0; t < ticks; t++) await market.tick();
  must(seen.length > 0, 'nobody waited with a candidate when lists were taken; raise --ticks or --scale');
  return {
    lists: seen.length,
    moments: {
      onA: overLists(seen.map((s) => s.onA)),
      onB: overLists(seen.map((s) => s.onB)),
      interleaved: overLists(seen.map((s) => s.interleaved)),
    },
    same: meanOf(seen.map((s) => Number(s.same))),
    aWins: meanOf(seen.map((s) => s.aWins)),
    bWins: meanOf(seen.map((s) => s.bWins)),
  };
}

/** Chance that two people who meet now chat longer than so many seconds: that neither leaves. */
export function lastingChance(world: World, a: number, b: number, seconds: number): number {
  const { tail } = world.scenario.behaviour;
  const stays = (who: number, whom: number) => {
    const ease = stayLocation(world, who, whom) - Math.log(seconds);
    return tail === 0 ? Number(ease > 0) : normalProbability(ease / tail);
  };
  return stays(a, b) * stays(b, a);
}

/** The people of a tick as a scorer takes them. */
function waitingOf({ n, ids, waited, recent }: Pool, count: number): WaitingPool {
  const memory = new Uint32Array(count * RECENT_SLOTS);
  for (let i = 0; i < n; i++)
    memory.set(recent.subarray(i * RECENT_SLOTS, (i + 1) * RECENT_SLOTS), ids[i] * RECENT_SLOTS);
  return { n, ids, waited, recent: memory };
}

/** The ids of everybody's best candidates, best first. */
function rankingsOf(
  { pool, rule }: ReturnType<ReturnType<typeof createScorer>>,
  seed: number,
  length: number,
): (readonly number[])[] {
  const vectors = pool.features === undefined ? pool : embedTower(pool.features, pool.n);
  const { start, count, col } = buildLists(poolSource(pool, rule, seed, vectors), length);
  return Array.from({ length: pool.n }, (_, i) =>
    Array.from(col.subarray(start[i], start[i] + count[i]), (position) => pool.ids[position]),
  );
}

const overLists = (laws: readonly { readonly mean: number; readonly variance: number }[]) =>
  mixtureOf(laws.map((law) => ({ ...law, weight: 1 / laws.length })));

/** What both experiments would find, over evenings. */
export interface ListReport {
  readonly evenings: number;
  readonly lists: number;
  readonly same: number;
  /** Long chats per list of either scorer. */
  readonly mean_a: number;
  readonly mean_b: number;
  /** B - A, per list; t interval over evenings, null with one evening. */
  readonly effect: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Long chats of B's team less those of A's, per interleaved list. */
  readonly lead: number;
  readonly lead_low: number | null;
  readonly lead_high: number | null;
  /** Share of interleaved lists in which a team has more long chats, if all places are tried. */
  readonly a_wins: number;
  readonly b_wins: number;
  /** Lists that either experiment needs; null where there is nothing to find. */
  readonly lists_ab: number | null;
  readonly lists_interleaved: number | null;
  readonly times_fewer: number | null;
}

export function listReport(evenings: readonly ListEvening[], alpha: number, power: number): ListReport {
  const lists = evenings.reduce((total, e) => total + e.lists, 0);
  const pooled = (of: (e: ListEvening) => number) =>
    evenings.reduce((total, e) => total + (e.lists / lists) * of(e), 0);
  const merged = (of: (m: ListMoments) => ListMoments['onA']) =>
    mixtureOf(evenings.map((e) => ({ ...of(e.moments), weight: e.lists / lists })));
  const moments = {
    onA: merged((m) => m.onA),
    onB: merged((m) => m.onB),
    interleaved: merged((m) => m.interleaved),
  };
  const needed = listsNeeded(moments, alpha, power);
  const effectOf = ({ onA, onB }: ListMoments) => settled(onB.mean - onA.mean);
  const leadOf = ({ interleaved }: ListMoments) => settled(-interleaved.mean);
  const effect = limits(evenings.map((e) => effectOf(e.moments)));
  const lead = limits(evenings.map((e) => leadOf(e.moments)));
  return {
    evenings: evenings.length,
    lists,
    same: pooled((e) => e.same),
    mean_a: moments.onA.mean,
    mean_b: moments.onB.mean,
    effect: effectOf(moments),
    ...{ low: effect.low, high: effect.high },
    lead: leadOf(moments),
    ...{ lead_low: lead.low, lead_high: lead.high },
    a_wins: pooled((e) => e.aWins),
    b_wins: pooled((e) => e.bWins),
    lists_ab: needed.ab,
    lists_interleaved: needed.interleaving,
    times_fewer: needed.timesFewer,
  };
}

/** Lists that are the same differ by rounding at most. */
const settled = (difference: number): number => (Math.abs(difference) < 1e-12 ? 0 : difference);

function limits(values: readonly number[]): { [K in keyof Interval]: number | null } {
  if (values.length < 2) return { low: null, high: null };
  return meanInterval({ count: values.length, mean: meanOf(values), variance: sampleVariance(values) });
}
