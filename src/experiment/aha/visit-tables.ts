import type { Table } from '../../base/table.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../metrics/market/table-columns.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { countActions, trueEffects, visitActions } from './visit-truth.ts';
import type { Visit } from './visits.ts';

/** 1 for yes, 0 for no, NaN where it is not known yet. */
const known = (value: boolean | null): number => (value === null ? NaN : Number(value));

interface Row {
  readonly visit: Visit;
}

/** Who it is: the same columns in both tables, with the names of the world's causal diagram. */
const ownColumns = (rows: readonly Row[]) => [
  textColumnOf(rows, 'person', 'Person', ({ visit }) => visit.person),
  numberColumnOf(rows, 'visit', 'Visit', '', ({ visit }) => visit.visit),
];
const profileColumns = (rows: readonly Row[]) =>
  Object.keys(rows.at(0)?.visit.profile ?? {}).map((name) =>
    textColumnOf(rows, name, name, ({ visit }) => visit.profile[name]),
  );

/**
 * Every wait and the chat that followed: a row per person and wait. NaN or an empty text where
 * something did not happen, or is not known yet. A wait that goes on has lasted until `now`,
 * simulated seconds, and whether it ends in a match is not known.
 */
export function waitsTable(visits: readonly Visit[], now: number): Table {
  const rows = visits.flatMap((visit) =>
    visit.waits.map((wait, k) => ({ visit, wait, isLast: k === visit.waits.length - 1 })),
  );
  type WaitRow = (typeof rows)[number];
  const figure = (name: string, label: string, of: (row: WaitRow) => number) =>
    numberColumnOf(rows, name, label, '', of);
  const after = (name: string, label: string, of: (row: WaitRow) => boolean) =>
    figure(name, label, (row) => known(row.wait.isOver ? of(row) : null));
  return tableOf('waits-log', 'Waits and the chats that followed', [
    ...ownColumns(rows),
    figure('time', 'Begin of the wait, s', ({ wait }) => wait.begin),
    textColumnOf(rows, 'policy', 'Scorer', ({ wait }) => wait.policy),
    figure('wait', 'Wait, s', ({ wait }) => (wait.ended === 'waiting' ? now - wait.begin : wait.seconds)),
    textColumnOf(rows, 'ended', 'How it ended', ({ wait }) => wait.ended),
    figure('matched', 'Matched', ({ wait }) =>
      known(wait.ended === 'waiting' ? null : wait.ended === 'matched'),
    ),
    textColumnOf(rows, 'partner', 'Partner', ({ wait }) => wait.partner),
    figure('chat', 'Chat, s', ({ wait }) => wait.chat),
    after('friend', 'Asked for friendship', ({ wait }) => wait.friend),
    after('report', 'Reported', ({ wait }) => wait.report),
    after('again', 'Wanted another match', ({ isLast }) => !isLast),
    figure('returns', 'Returns the next day', ({ visit }) => known(visit.returns)),
    ...profileColumns(rows),
  ]);
}

/** Every visit that has ended: counts of actions, the return, and the true effects. */
export function visitsTable(scenario: Scenario, all: readonly Visit[]): Table {
  const visits = all.filter((visit) => visit.returns !== null);
  const rows = visits.map((visit) => ({ visit, counts: countActions(scenario, visit) }));
  return tableOf('visits', 'Visits that have ended', [
    ...ownColumns(rows),
    ...profileColumns(rows),
    ...visitActions.map((action) => numberColumnOf(rows, action, action, '', ({ counts }) => counts[action])),
    numberColumnOf(rows, 'returns', 'Returns the next day', '', ({ visit }) => known(visit.returns)),
    ...[...trueEffects(scenario, visits)].map(([name, values]) =>
      numberColumnOf(rows, name, name, '', (_, row) => values[row]),
    ),
  ]);
}
