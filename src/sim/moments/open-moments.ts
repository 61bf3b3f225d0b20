import type { World } from '../../world/types.ts';
import type { MarketObserver } from '../types.ts';
import type { ContentMoments, MomentsOptions } from './moments.ts';

/**
 * Feed and tray of a market, loaded where its scenario has one of them; otherwise undefined.
 * Decisions go to the observers.
 */
export async function openMoments(
  world: World,
  observers: readonly MarketObserver[],
  options: Omit<MomentsOptions, 'world' | 'decided'>,
): Promise<ContentMoments | undefined> {
  const { feed, tray } = world.scenario;
  if (feed.on === 'off' && tray.on === 'off') return undefined;
  const { ContentMoments: Opened } = await import('./moments.ts');
  return new Opened({
    ...{ ...options, world },
    decided(decision) {
      for (const o of observers) o.decided?.(decision);
    },
  });
}
