import type { Matcher } from '../../src/score/types.ts';

export type Method = Matcher | 'exact';

/** In the order in which they run; the exact optimum comes last, as it may take longest. */
export const methods: readonly Method[] = ['random', 'first-come', 'greedy', 'auction', 'exact'];
