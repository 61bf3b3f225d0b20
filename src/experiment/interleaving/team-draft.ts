import * as v from 'valibot';
import { must } from '../../base/errors.ts';
import { kind, list, share, whole } from '../compute/kind.ts';

export type Team = 'A' | 'B';

/** One interleaved list: whose each place is, and how likely the draft is. */
export interface TeamDraft {
  readonly items: readonly number[];
  readonly teams: readonly Team[];
  readonly chance: number;
}

/**
 * Every team draft of two rankings (Radlinski, Kurup and Joachims, 2008). The ranking with fewer
 * places chooses next, a fair coin where both have as many; it takes its best item that is not in
 * the list yet. Where one ranking has nothing left, the other one fills the list.
 */
export function teamDrafts(a: readonly number[], b: readonly number[], length: number): TeamDraft[] {
  const rankings = { A: a, B: b };
  const drafts: TeamDraft[] = [];
  const next = (team: Team, items: readonly number[]) => rankings[team].find((item) => !items.includes(item));
  const extend = ({ items, teams, chance }: TeamDraft): void => {
    const open = (['A', 'B'] as const).filter((team) => next(team, items) !== undefined);
    if (items.length === length || open.length === 0) {
      drafts.push({ items, teams, chance });
      return;
    }
    const count = (team: Team) => teams.filter((t) => t === team).length;
    const fewest = Math.min(...open.map(count));
    const turn = open.filter((team) => count(team) === fewest);
    for (const team of turn)
      extend({
        items: [...items, next(team, items)!],
        teams: [...teams, team],
        chance: chance / turn.length,
      });
  };
  extend({ items: [], teams: [], chance: 1 });
  return drafts;
}

/** Chances that A has more clicks than B, fewer, and as many. */
interface DraftWins {
  readonly aWins: number;
  readonly bWins: number;
  readonly tie: number;
}

/** The same over all drafts. */
export function draftWins(drafts: readonly TeamDraft[], clickChance: (item: number) => number): DraftWins {
  const outcomes = drafts.map((draft) => ({ ...wins(draft, clickChance), weight: draft.chance }));
  const mean = (of: (o: DraftWins) => number) => outcomes.reduce((total, o) => total + o.weight * of(o), 0);
  return { aWins: mean((o) => o.aWins), bWins: mean((o) => o.bWins), tie: mean((o) => o.tie) };
}

/** Of one draft; every place is clicked by itself. */
function wins({ items, teams }: TeamDraft, clickChance: (item: number) => number): DraftWins {
  // Distribution of A's clicks minus B's, from -n to n.
  const n = items.length;
  let lead: number[] = Array.from({ length: 2 * n + 1 }, (_, k) => Number(k === n));
  items.forEach((item, place) => {
    const p = clickChance(item);
    const step = teams[place] === 'A' ? 1 : -1;
    lead = lead.map((q, k) => q * (1 - p) + (lead[k - step] ?? 0) * p);
  });
  const total = (from: number, to: number) => lead.slice(from, to).reduce((x, y) => x + y, 0);
  return { aWins: total(n + 1, 2 * n + 1), bWins: total(0, n), tie: lead[n] };
}

/**
 * Balanced interleaving (Joachims, 2002) where a person clicks one random place of the list. The
 * rankings are compared down to the depth at which either shows the clicked item first, so the one
 * that ranks it higher wins, whichever begins. Null where the rankings hold different items.
 */
function balancedOneClick(a: readonly number[], b: readonly number[], length: number) {
  if (a.length !== b.length || a.some((item) => !b.includes(item))) return null;
  const result = { aWins: 0, bWins: 0, tie: 0 };
  for (const aBegins of [true, false]) {
    const items: number[] = [];
    let [ka, kb] = [0, 0];
    while (items.length < length && (ka < a.length || kb < b.length)) {
      const takesA = ka < kb || (ka === kb && aBegins);
      const item = takesA ? a[ka++] : b[kb++];
      if (!items.includes(item)) items.push(item);
    }
    for (const item of items) {
      const lead = b.indexOf(item) - a.indexOf(item);
      result[lead > 0 ? 'aWins' : lead < 0 ? 'bWins' : 'tie'] += 1 / (2 * items.length);
    }
  }
  return result;
}

/** The rankings and how likely each item is clicked, as both interleaving kinds read them. */
export const rankings = {
  a: list(v.number()),
  b: list(v.number()),
  clickChance: v.record(v.string(), share),
};

export function clickChances(
  items: readonly number[],
  given: Readonly<Record<string, number>>,
): (item: number) => number {
  for (const item of items)
    must(String(item) in given, `clickChance has no entry for item ${item}; every ranked item needs one`);
  return (item) => given[String(item)];
}

export const teamDraft = kind(
  'every team draft of two rankings, and which ranking gets more clicks',
  v.object({ ...rankings, length: whole(1, 16) }),
  ({ a, b, length, clickChance }) => {
    const chance = clickChances([...a, ...b], clickChance);
    const drafts = teamDrafts(a, b, length);
    const named = drafts.map((d) => [d.items, d.teams.join(''), d.chance] as const);
    const before = (x: readonly number[], y: readonly number[]) =>
      x.reduce((order, item, k) => order || item - y[k], 0);
    return {
      lists: named.sort((x, y) => before(x[0], y[0]) || (x[1] < y[1] ? -1 : 1)),
      ...draftWins(drafts, chance),
      balancedOneRandomClick: balancedOneClick(a, b, length),
    };
  },
);
