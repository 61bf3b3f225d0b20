import { createCpuBackend } from '../../match/cpu-backend.ts';
import type { MatchBackend } from '../../match/backend.ts';
import type { TowerModel } from '../../model/layout/save-towers.ts';
import type { FamilyModels } from '../../model/serve/families.ts';
import { embedTower } from '../../model/serve/tower.ts';
import type { ScorerName } from '../../scenario/schema.ts';

/**
 * What jobs need from the place where they run: Node reads the weights from files, a page fetches
 * them.
 */
export interface JobContext {
  /** Trained weights of the scorer 'towers'. */
  towers(): Promise<TowerModel>;
  /** Trained weights of those scorers that belong to the model family. */
  families(scorers: readonly ScorerName[]): Promise<FamilyModels>;
  /** Awaited once per tick. It lets a thread that has more to do answer signals and messages. */
  breathe?(): Promise<void> | undefined;
}

/** What a market needs beside its scenario. */
export interface MarketTools {
  readonly backend: MatchBackend;
  readonly families: FamilyModels;
  readonly towers?: TowerModel;
}

/** The CPU backend, which gives the same bits everywhere, and the weights of these scorers. */
export async function marketTools(context: JobContext, scorers: readonly ScorerName[]): Promise<MarketTools> {
  const backend = createCpuBackend({ embed: embedTower });
  return {
    backend: {
      ...backend,
      async match(...tick) {
        await context.breathe?.();
        return backend.match(...tick);
      },
    },
    families: await context.families(scorers),
    ...(scorers.includes('towers') && { towers: await context.towers() }),
  };
}
