import { embedTower } from '../../src/model/serve/tower.ts';
import { admitted, metLately, poolSource, type PairSide } from '../../src/score/weights.ts';
import type { Pool, WeightRule } from '../../src/score/types.ts';
import { predictionUnit } from '../../src/sim/collect/collected.ts';
import type { TickOrder, TickReport } from '../../src/sim/types.ts';
import type { World } from '../../src/world/types.ts';

/** Candidates that are listed, best first. */
const SHOWN = 8;

/** A possible partner in one tick. */
export interface WhyCandidate {
  readonly id: number;
  /** Who they are, e.g. "Woman, 18-24, Japan". */
  readonly who: string;
  readonly weight: number;
  /** What the person's scorer says of them, and theirs of the person: seconds or points. */
  readonly forth: number;
  readonly back: number;
  readonly price: number;
  /** Whom they were paired with, and the weight of that pair; null: nobody. */
  readonly partner: { readonly id: number; readonly weight: number } | null;
}

/** How one weight came about. */
export interface WhyWeight {
  readonly id: number;
  readonly sides: readonly [PairSide, PairSide];
  readonly bonus: readonly [number, number];
  readonly weight: number;
}

/** Everything a tick knew about one person who waited. */
export interface PersonWhy {
  readonly tick: number;
  readonly id: number;
  /** Counts the people who had this slot before: another value is another person. */
  readonly generation: number;
  readonly lines: readonly string[];
  readonly chats: number;
  readonly price: number;
  /** Unit of weights: 's', 'points', '1' of a formula, '' of chance. */
  readonly unit: string;
  readonly matcher: string;
  readonly rule: Pick<WeightRule, 'transform' | 'combination' | 'threshold' | 'formula'>;
  /** The partner; null: nobody. */
  readonly mate: WhyCandidate | null;
  /**
   * Candidates of a greater weight than the pair: all of them, those in a pair that weighs at least
   * as much as the one with this person would, and those in none.
   */
  readonly better: { readonly count: number; readonly dearer: number; readonly free: number };
  readonly candidates: readonly WhyCandidate[];
  /** The others who waited, each counted at the first rule that forbids the pair. */
  readonly counts: {
    readonly waiting: number;
    readonly ownFilter: number;
    readonly theirFilter: number;
    readonly language: number;
    readonly met: number;
    readonly threshold: number;
    readonly eligible: number;
  };
  /** The pair, or the best candidate, in numbers. */
  readonly worked: WhyWeight | null;
}

/** The person in the last tick; null where they did not wait in it. */
export function explainPerson(
  [report, pool, order]: readonly [TickReport, Pool, TickOrder],
  world: World,
  id: number,
  linesOf: (id: number, waited: number) => readonly string[],
): PersonWhy | null {
  const i = pool.ids.subarray(0, pool.n).indexOf(id);
  if (i < 0) return null;
  const { matching } = report;
  const { rule, policy } = order;
  const vectors =
    pool.features === undefined || rule.transform === 'hash' ? pool : embedTower(pool.features, pool.n);
  const source = poolSource(pool, rule, order.seed, vectors);
  const counts = { ownFilter: 0, theirFilter: 0, language: 0, met: 0, threshold: 0 };
  const eligible: { j: number; weight: number }[] = [];
  for (let j = 0; j < pool.n; j++) {
    if (j === i) continue;
    if ((pool.avoid[i] & pool.have[j]) !== 0) counts.ownFilter++;
    else if ((pool.avoid[j] & pool.have[i]) !== 0) counts.theirFilter++;
    else if (!admitted(pool, i, j)) counts.language++;
    else if (metLately(pool, i, j)) counts.met++;
    else {
      const weight = source.weight(i, j);
      if (weight === -Infinity) counts.threshold++;
      else eligible.push({ j, weight });
    }
  }
  eligible.sort((a, b) => b.weight - a.weight || source.tie(i, a.j) - source.tie(i, b.j));
  const told = (score: number) => (rule.transform === 'exp' ? Math.exp(score) : score);
  const candidate = ({ j, weight }: { j: number; weight: number }): WhyCandidate => {
    const [forth, back] = source.sides(i, j);
    const p = matching.mate[j];
    return {
      id: pool.ids[j],
      who: linesOf(pool.ids[j], pool.waited[j])[0],
      weight,
      forth: told(forth.score),
      back: told(back.score),
      price: matching.price[j],
      partner: p < 0 ? null : { id: pool.ids[p], weight: matching.weight[j] },
    };
  };
  const mate = matching.mate[i];
  const own = mate < 0 ? -Infinity : source.weight(i, mate);
  const better = eligible.filter(({ weight }) => weight > own);
  const taken = (j: number) => matching.mate[j] >= 0;
  const shown = mate >= 0 ? mate : eligible.length > 0 ? eligible[0].j : -1;
  return {
    tick: report.tick + 1,
    id,
    generation: world.people.generation[id],
    lines: linesOf(id, pool.waited[i]),
    chats: world.people.chats[id],
    price: matching.price[i],
    unit: rule.transform === 'hash' ? '' : predictionUnit(policy),
    matcher: policy.matcher,
    rule: {
      transform: rule.transform,
      combination: rule.combination,
      threshold: rule.threshold,
      ...(rule.formula !== undefined && { formula: rule.formula }),
    },
    mate: mate < 0 ? null : candidate({ j: mate, weight: own }),
    better: {
      count: better.length,
      dearer: better.filter(({ j, weight }) => taken(j) && matching.weight[j] >= weight).length,
      free: better.filter(({ j }) => !taken(j)).length,
    },
    candidates: eligible.slice(0, SHOWN).map(candidate),
    counts: { waiting: pool.n - 1, ...counts, eligible: eligible.length },
    worked:
      shown < 0
        ? null
        : {
            id: pool.ids[shown],
            sides: source.sides(i, shown),
            bonus: [pool.bonus[i], pool.bonus[shown]],
            weight: source.weight(i, shown),
          },
  };
}
