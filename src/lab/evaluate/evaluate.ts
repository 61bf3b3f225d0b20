import { defineGroup } from '../cli/command.ts';

export const command = defineGroup({
  towers: {
    summary: 'the shipped two-tower weights: mean length of a chat beside random, rules and oracle',
    load: () => import('./evaluate-towers.ts'),
  },
  family: {
    summary: 'the model family on the later chats of its evenings: errors, AUROC, calibration, NDCG',
    load: () => import('./evaluate-family.ts'),
  },
  market: {
    summary: 'the online effect of the scorers in the same evenings, against a baseline',
    load: () => import('./evaluate-market.ts'),
  },
  interleaving: {
    summary: 'two scorers on the candidate lists of everybody who waits, by team draft and by an A/B test',
    load: () => import('./evaluate-interleaving.ts'),
  },
  exposures: {
    summary: 'what another policy would have brought, from a log of what was shown with its chances',
    load: () => import('./evaluate-exposures.ts'),
  },
  latency: {
    summary: 'time of a tick by length of the histories, with session vectors in the tick and outside it',
    load: () => import('./evaluate-latency.ts'),
  },
  'speed-dating': {
    summary: 'AUROC on the Columbia speed dating data',
    load: () => import('./evaluate-speed-dating.ts'),
  },
});
