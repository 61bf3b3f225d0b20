import assert from 'node:assert/strict';
import { join } from 'node:path';
import { command } from '../../src/lab/slices.ts';

/**
 * The published figures of two classic reversals, to four decimals, through the headless command.
 */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const slices = async (file: string, ...args: string[]) =>
    await command.run([join(dataFolder, file), ...args]);
  return [
    {
      name: 'kidney stones 1986: treatment A is better for small and for large stones, and worse overall',
      async run() {
        const result = await slices(
          'kidney-stones-1986.csv',
          ...['--treatment', 'treatment', '--outcome', 'success', '--by', 'size', '--count', 'n'],
        );
        assert.equal(result.outcomeKind, 'share');
        assert.equal(result.count, 700);
        same(result.crude, { A: 0.78, B: 0.8257 });
        same(result.standardised, { A: 0.8325, B: 0.7789 });
        assert.equal(result.verdict, 'full');
        assert.deepEqual(
          result.slices?.map((s) => s.reversed),
          [true, true],
        );
      },
    },
    {
      name: 'UCB admissions 1973: a partial reversal, departments C and E favour men',
      async run() {
        const result = await slices(
          'ucb-admissions-1973.csv',
          ...['--treatment', 'gender', '--outcome', 'admitted', '--by', 'dept', '--count', 'n'],
        );
        assert.equal(result.count, 4526);
        same(result.crude, { male: 0.4452, female: 0.3035 });
        same(result.standardised, { male: 0.3873, female: 0.43 });
        same(
          { crude: result.oddsRatio?.crude, pooled: result.oddsRatio?.mantelHaenszel },
          { crude: 1.8411, pooled: 0.9047 },
        );
        assert.equal(result.verdict, 'partial');
        const favourMen = result.slices?.filter((s) => !s.reversed).map((s) => s.slice['dept']);
        assert.deepEqual(favourMen, ['C', 'E']);
      },
    },
    {
      name: 'speed dating: blanks are refused with their place, or left out and counted',
      async run() {
        const args = ['--treatment', 'samerace', '--outcome', 'like', '--by', 'wave'];
        await assert.rejects(slices('speed-dating-a-dates.csv', ...args), /dates\.csv:232:21: like is empty/);
        const result = await slices('speed-dating-a-dates.csv', ...args, '--missing', 'skip');
        assert.equal(result.rows + result.skipped, 5336);
        assert.ok(result.skipped > 0);
        assert.equal(result.outcomeKind, 'mean');
      },
    },
    {
      name: 'speed dating: the published match rate',
      async run() {
        const result = await slices(
          'speed-dating-a-dates.csv',
          ...['--treatment', 'samerace', '--outcome', 'match', '--by', 'wave'],
        );
        const sides = result.slices ?? [];
        const matches = sides.flatMap((s) => result.treatments.map((t) => s.counts[t] * (s.values[t] ?? 0)));
        const rate = matches.reduce((a, b) => a + b, 0) / result.count;
        same({ rate }, { rate: 0.1694 });
      },
    },
  ];
}

/** Equal to four decimals, as the figures are published. */
function same(
  found: Readonly<Record<string, number | null | undefined>>,
  published: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(published))
    assert.equal(found[name]?.toFixed(4), value.toFixed(4), `${name} should be ${value.toFixed(4)}`);
}
