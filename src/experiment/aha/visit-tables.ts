import { csvLine } from '../../base/text/csv-write.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { countActions, trueEffects, visitActions } from './visit-truth.ts';
import type { Visit } from './visits.ts';

const known = (value: boolean | null): string => (value === null ? '' : String(Number(value)));
const number = (value: number): string => (Number.isFinite(value) ? String(value) : '');

/**
 * Every wait and the chat that followed, as CSV: a row per person and wait. A cell is empty where
 * something did not happen, or is not known yet. A wait that goes on has lasted until `now`,
 * simulated seconds, and `matched` is empty.
 */
export function waitsCsv(visits: readonly Visit[], now: number): string {
  const own = ['person', 'visit', 'time', 'policy', 'wait', 'ended', 'matched', 'partner', 'chat'];
  const after = ['friend', 'report', 'again', 'returns'];
  const profile = Object.keys(visits.at(0)?.profile ?? {});
  const lines = visits.flatMap((visit) =>
    visit.waits.map((wait, k) => {
      const isLast = k === visit.waits.length - 1;
      return csvLine([
        ...[
          visit.person,
          String(visit.visit),
          number(wait.begin),
          wait.policy,
          number(wait.ended === 'waiting' ? now - wait.begin : wait.seconds),
        ],
        ...[wait.ended, wait.ended === 'waiting' ? '' : known(wait.ended === 'matched')],
        ...[wait.partner, number(wait.chat)],
        ...(wait.isOver ? [known(wait.friend), known(wait.report), known(!isLast)] : ['', '', '']),
        known(visit.returns),
        ...profile.map((name) => visit.profile[name]),
      ]);
    }),
  );
  return [csvLine([...own, ...after, ...profile]), ...lines, ''].join('\n');
}

/** Every visit that has ended, as CSV: counts of actions, the return, and the true effects. */
export function visitsCsv(scenario: Scenario, all: readonly Visit[]): string {
  const visits = all.filter((visit) => visit.returns !== null);
  const effects = [...trueEffects(scenario, visits)];
  const profile = Object.keys(visits.at(0)?.profile ?? {});
  const head = ['person', 'visit', ...profile, ...visitActions, 'returns', ...effects.map(([name]) => name)];
  const lines = visits.map((visit, row) => {
    const counts = countActions(scenario, visit);
    return csvLine([
      ...[visit.person, String(visit.visit), ...profile.map((name) => visit.profile[name])],
      ...visitActions.map((action) => String(counts[action])),
      known(visit.returns),
      ...effects.map(([, values]) => String(values[row])),
    ]);
  });
  return [csvLine(head), ...lines, ''].join('\n');
}
