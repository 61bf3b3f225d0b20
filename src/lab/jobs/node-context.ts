import type { JobContext } from '../../experiment/jobs/context.ts';
import { loadShippedFamilies, loadShippedTowers } from '../train/load-model.ts';

/** The weights from the shipped files. Each file is read once. */
export function nodeContext(): JobContext {
  let towers: ReturnType<JobContext['towers']> | undefined;
  const families = new Map<string, ReturnType<JobContext['families']>>();
  return {
    towers: () => (towers ??= loadShippedTowers()),
    families(scorers) {
      const key = scorers.join();
      const known = families.get(key) ?? loadShippedFamilies(scorers);
      families.set(key, known);
      return known;
    },
  };
}
