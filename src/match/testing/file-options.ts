import type { MatchFileOptions } from '../file/match-types.ts';

/** Options of `lab match` with its defaults. */
export function fileOptions(
  given: Pick<MatchFileOptions, 'format'> & Partial<MatchFileOptions>,
): MatchFileOptions {
  return {
    algorithm: 'greedy',
    goal: 'max',
    threshold: 0,
    backend: 'auto',
    seed: 1,
    candidates: 16,
    ...given,
  };
}
