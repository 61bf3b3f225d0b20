import type { Matcher } from '../../src/score/types.ts';

export type Method = Matcher | 'exact';

/** In the order in which they run. The exact optimum is last, because it may take longest. */
export const methods: readonly Method[] = ['random', 'first-come', 'greedy', 'auction', 'exact'];
