import { cascade, type FatigueRule } from '../../../../content/life/fatigue.ts';

/** What the platform assumes of readers: they leave after ads, and more so after several. */
const rule: FatigueRule<'post' | 'ad'> = {
  theta: 0.15,
  leaveAfterClick: 0.08,
  leaveAfterNoClick: (kind) => (kind === 'ad' ? 0.12 : 0.15),
  tiredPerSimilarCard: 0.03,
  recoveryPerCard: 0.8,
};
const CHANCE = { post: 0.5, ad: 0.05 } as const;

const found = new Map<number, readonly number[]>();

/** Places from 2 on, of ten, where so many ads are predicted to leave the most views of posts. */
export function gentlePlaces(ads: number): readonly number[] {
  const known = found.get(ads);
  if (known !== undefined) return known;
  let best: { places: readonly number[]; views: number } = { places: [], views: -1 };
  for (const places of choices(2, ads)) {
    const kinds = Array.from({ length: 10 }, (_, k) =>
      places.includes(k + 1) ? ('ad' as const) : ('post' as const),
    );
    const { reached } = cascade(
      kinds.map((kind) => ({ kind, chance: CHANCE[kind] })),
      rule,
    );
    const views = reached.reduce((sum, chance, k) => sum + (kinds[k] === 'post' ? chance : 0), 0);
    if (views > best.views) best = { places, views };
  }
  found.set(ads, best.places);
  return best.places;
}

function choices(from: number, count: number): number[][] {
  if (count === 0) return [[]];
  return Array.from({ length: Math.max(0, 11 - from) }, (_, k) => from + k).flatMap((place) =>
    choices(place + 1, count - 1).map((rest) => [place, ...rest]),
  );
}
