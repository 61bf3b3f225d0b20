import type { Table } from '../../../src/base/table.ts';
import { table } from './table.ts';

/** Test data, invented: the tables of feed and tray. */
export function feedTables(): Table[] {
  const stages = ['live posts', 'after retrieval', 'after ranking', 'in the slate', 'seen'];
  const tail = [0.9, 0.9, 0.89, 0.9, 0.89];
  return [
    table(
      'feed-exposure',
      'Share of tail creators',
      {
        stage: ['', stages],
        tail_share: ['1', tail],
        posts: ['posts', [2000, 900, 90, 88, 50]],
        change: ['1', [NaN, 0, -0.01, 0.01, NaN]],
        chance: ['1', [NaN, 0.03, 0.02, 0.02, NaN]],
        sign: ['', [NaN, 0, 0, 0, NaN]],
      },
      { explanation: 'Test data: no stage loses tail creators beyond chance.' },
    ),
    table('feed-gates', 'Posts that pass', {
      gate: ['', ['50 views', '100', '500']],
      passed_share: ['1', [0.8, 0.6, 0.4]],
      if_alike: ['1', [0.9, 0.95, 0.99]],
      posts: ['posts', [90, 70, 20]],
    }),
    table('feed-latency', 'Real time of a request', {
      stage: ['', ['retrieve', 'rank', 'request']],
      p50_ms: ['ms', [2, 0.1, 2.4]],
      p99_ms: ['ms', [9, 0.8, 11]],
    }),
    table(
      'feed-parties',
      'Who earns',
      { party: ['', ['platform, ads', 'creators, gifts']], money: ['money', [12.5, 3.2]] },
      { people_reading_s: 31, reentry_share: 0.8, shares_per_chat: 1.4, creators_seen: 120, creators: 400 },
    ),
    table('feed-heads', 'Predicted and real', {
      outcome: ['', ['click', 'like', 'comment', 'share']],
      real: ['1', [0.55, 0.1, 0.02, 0.04]],
      predicted: ['1', [0.5, 0.11, 0.02, 0.05]],
      views: ['', [900, 900, 900, 900]],
    }),
    table(
      'feed-intents',
      'Who leaves after a skip',
      {
        intent: ['', ['who listen', 'who listen', 'who search', 'who search']],
        after: ['', ['a read', 'a skip', 'a read', 'a skip']],
        left_share: ['1', [0.07, 0.24, 0.23, 0.06]],
        low: ['1', [0.06, 0.19, 0.21, 0.02]],
        high: ['1', [0.08, 0.29, 0.25, 0.1]],
        posts: ['posts', [3900, 560, 2500, 180]],
        people: ['people', [640, 640, 570, 570]],
      },
      { explanation: 'Test data: the same skip predicts leaving and staying.' },
    ),
  ];
}
