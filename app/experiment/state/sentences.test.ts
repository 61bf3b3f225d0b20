import { expect, test } from 'vitest';
import { reportOf } from '../../../src/experiment/run/report.ts';
import type { EveningResult } from '../../../src/experiment/run/rows.ts';
import type { DesignLine } from './figures.ts';
import { verdictOf } from './sentences.ts';

/** Evenings in which B shortens chats by a second and a coin per person reports `byPerson`. */
const evenings = (byPerson: readonly number[]): EveningResult[] =>
  byPerson.map((estimate, seed) => {
    const row = { seed, metric: 'chat' as const, method: 't', low: null, high: null, standard_error: null };
    return {
      ...{ seed, identical: false, harm: [], aa: [] },
      rows: [
        { ...row, design: 'paired', estimate: -1 + 0.01 * (seed % 2) },
        { ...row, design: 'users', estimate },
      ],
    };
  });

function said(byPerson: readonly number[], finished = true): string {
  const report = reportOf(evenings(byPerson));
  const line: DesignLine = {
    ...{ design: 'users', figures: report.designs.users!.chat, why: null },
    biased: finished && report.designs.users!.chat!.cause !== 'none',
  };
  const { head, more } = verdictOf(report, [line], 'chat', finished);
  return `${head} ${more}`;
}

test('the truth beside a test by person that cannot tell it from 0', () => {
  const text = said([0.5, -0.6, 0.4, -0.5, 0.3, -0.2]);
  expect(text).toContain('The truth: B changes the mean length of a chat by');
  expect(text).toMatch(/By person reports .* \(.* to .*\), which cannot be told from 0 \(dilution\)\./);
  // A test that sees the effect is not said to miss it, and nothing is said before the end.
  expect(said([-1, -1.1, -0.9, -1, -1.2, -0.8])).not.toContain('told from 0');
  expect(said([0.5, -0.6, 0.4], false)).not.toContain('told from 0');
});
