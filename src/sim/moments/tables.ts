import type { Table } from '../../base/table.ts';
import type { Policy } from '../../scenario/schema.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../metrics/market/table-columns.ts';
import { GATES, passesIfAlike } from './feed/gates.ts';
import { leavingText, type Leaving } from './feed/leaving.ts';
import { shelves, tailText } from './measures/tail-book.ts';
import { feedStages } from './feed/tally.ts';
import type { ContentMoments } from './moments.ts';

const shelfNames = {
  live: 'live posts',
  retrieve: 'after retrieval',
  rank: 'after ranking',
  rerank: 'after re-ranking',
  compose: 'in the slate',
  seen: 'seen',
} as const;

/** The tables of feed and tray (see metrics/market/instruments.ts). All arrays are new. */
export function contentTables({ tally: t, feed }: ContentMoments, policy: Policy): Table[] {
  const { tail } = feed;
  const exposure = shelves.map((shelf) => {
    const posts = tail.byTenth(shelf).reduce((sum, count) => sum + count, 0);
    const judged = tail.judged?.changes.find(({ stage }) => stage === shelf);
    return { name: shelfNames[shelf], posts, share: tail.share(shelf), ...judged };
  });
  const reached = t.passed.some((passed, gate) => passed + t.failed[gate] > 0);
  const alike = reached ? passesIfAlike(t.clicks / (t.cards - t.ads), policy.feedGateShare) : [];
  const gates = GATES.flatMap((views, gate) => {
    const [passed, failed] = [t.passed[gate], t.failed[gate]];
    const name = `${views.toLocaleString('en')}${gate === 0 ? ' views' : ''}`;
    return passed + failed === 0 ? [] : [{ name, passed, failed, alike: alike[gate] }];
  });
  const stages = [...feedStages, 'request' as const].flatMap((stage) =>
    t.times[stage].count === 0 ? [] : [{ stage, times: t.times[stage] }],
  );
  const { money } = t;
  const parties = [
    { name: 'platform, ads', value: money.ads },
    { name: 'platform, stickers', value: money.branded },
    { name: 'platform, filters', value: money.filters },
    { name: 'platform, its part of gifts', value: money.commission },
    { name: 'creators, gifts', value: money.creators },
  ];
  const { views } = feed.maker.creators;
  return [
    tableOf(
      'feed-exposure',
      'Share of tail creators after each stage of the feed',
      [
        textColumnOf(exposure, 'stage', 'Stage', (r) => r.name),
        numberColumnOf(exposure, 'tail_share', 'By tail creators', '1', (r) => r.share),
        numberColumnOf(exposure, 'posts', 'Posts', 'posts', (r) => r.posts),
        numberColumnOf(exposure, 'change', 'Change by the stage', '1', (r) => r.change ?? NaN),
        numberColumnOf(exposure, 'chance', 'By chance up to', '1', (r) => r.chance ?? NaN),
        numberColumnOf(exposure, 'sign', 'Beyond chance', '', (r) => r.sign ?? NaN),
      ],
      { explanation: tailText(tail.judged, policy) },
    ),
    tableOf('feed-gates', 'Posts that pass the gates of their life', [
      textColumnOf(gates, 'gate', 'Gate', (r) => r.name),
      numberColumnOf(gates, 'passed_share', 'Pass', '1', (r) => r.passed / (r.passed + r.failed)),
      numberColumnOf(gates, 'if_alike', 'If all were alike', '1', (r) => r.alike),
      numberColumnOf(gates, 'posts', 'Posts', 'posts', (r) => r.passed + r.failed),
    ]),
    tableOf('feed-latency', 'Real time of a feed request by stage', [
      textColumnOf(stages, 'stage', 'Stage', (r) => r.stage),
      numberColumnOf(stages, 'p50_ms', 'Median', 'ms', (r) => r.times.percentile(0.5)),
      numberColumnOf(stages, 'p99_ms', '99th percentile', 'ms', (r) => r.times.percentile(0.99)),
    ]),
    tableOf(
      'feed-parties',
      'What the platform and the creators earn',
      [
        textColumnOf(parties, 'party', 'Who, by what', (r) => r.name),
        numberColumnOf(parties, 'money', 'Money', 'money', (r) => r.value),
      ],
      {
        people_reading_s: t.requests === 0 ? 0 : t.readSeconds / t.requests,
        reentry_share: t.readings === 0 ? 0 : t.reentries / t.readings,
        shares_per_chat: t.chats === 0 ? 0 : t.shares / t.chats,
        creators_seen: views.reduce((sum, own) => sum + (own > 0 ? 1 : 0), 0),
        creators: views.length,
      },
    ),
    tableOf('feed-heads', 'Predicted and real outcomes of cards', [
      textColumnOf(t.heads, 'outcome', 'Outcome', (r) => r.name),
      numberColumnOf(t.heads, 'real', 'Real', '1', (r) => r.happened / r.views),
      numberColumnOf(t.heads, 'predicted', 'Predicted', '1', (r) => r.predicted / r.views),
      numberColumnOf(t.heads, 'views', 'Views', '', (r) => r.views),
    ]),
    intentsTable(feed.leaving.summary()),
  ];
}

function intentsTable(leaving: readonly Leaving[]): Table {
  const rows = leaving.flatMap(({ intent, people, afterSkip, afterRead }) =>
    [
      { after: 'a read', ...afterRead },
      { after: 'a skip', ...afterSkip },
    ].flatMap((row) => (row.posts === 0 ? [] : [{ ...row, intent: `who ${intent}`, people }])),
  );
  return tableOf(
    'feed-intents',
    'How often readers leave the feed after a skip and after a read, by true intent',
    [
      textColumnOf(rows, 'intent', 'Readers', (r) => r.intent),
      textColumnOf(rows, 'after', 'After', (r) => r.after),
      numberColumnOf(rows, 'left_share', 'Leave the feed', '1', (r) => r.left / r.posts),
      numberColumnOf(rows, 'low', 'Low', '1', (r) => r.low),
      numberColumnOf(rows, 'high', 'High', '1', (r) => r.high),
      numberColumnOf(rows, 'posts', 'Posts', 'posts', (r) => r.posts),
      numberColumnOf(rows, 'people', 'Readers', 'people', (r) => r.people),
    ],
    { explanation: leavingText(leaving) },
  );
}
