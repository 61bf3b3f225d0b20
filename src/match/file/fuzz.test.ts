import { expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { checkOptions, matchFile } from './match-file.ts';
import type { FileMatching } from './match-file.ts';
import { Dice, damage, fileText } from '../testing/files.ts';
import { judge, readPlainly } from '../testing/judge.ts';

/** Ten thousand files of up to 64 people: sound, extreme and broken ones. Each is matched rightly or refused with one clear line. */
const FILES = 10_000;

test('ten thousand generated files: no crash, no hang, no wrong pair', { timeout: 240_000 }, async () => {
  const host = {
    progress: () => undefined,
    openGpu: () => Promise.reject(new LabError('no GPU in this test')),
  };
  const tally = { accepted: 0, refused: 0, optima: 0, greedy: 0 };
  for (let f = 0; f < FILES; f++) {
    const dice = new Dice(f);
    const format = dice.of(['costs', 'edges', 'embeddings']);
    const spoil = dice.of([0, 0, 0, 2, 30]);
    const text = fileText(dice, format, spoil);
    const sound = spoil === 0;
    const damaged = dice.below(8) === 0;
    const bytes = damaged ? damage(dice, text) : new TextEncoder().encode(text);
    const algorithm = dice.of(['greedy', 'auction', 'exact']);
    const given: [string, string][] = [
      ['format', format],
      ['algorithm', algorithm],
      ['backend', 'cpu'],
    ];
    if (format === 'costs') given.push(['goal', dice.of(['min', 'max'])]);
    else if (dice.below(4) === 0) given.push(['threshold', dice.of(['-2', '0.5', '1', '-1e300'])]);
    if (dice.below(4) === 0) given.push(['candidates', String(1 + dice.below(5))]);
    const options = checkOptions(new Map(given));
    const where = `file ${f}: ${given.flat().join(' ')}`;
    let found: FileMatching;
    try {
      found = await matchFile(bytes, 'f', options, host);
    } catch (error) {
      if (!(error instanceof LabError)) throw new Error(`${where}:\n${text.slice(0, 400)}`, { cause: error });
      expect(error.message, where).toMatch(/\S/);
      expect(error.message.split('\n'), where).toHaveLength(1);
      // A sound file is not refused.
      expect(sound && !damaged, `${where}: ${error.message}`).toBe(false);
      tally.refused++;
      continue;
    }
    tally.accepted++;
    expect(Number.isFinite(found.weight) && Number.isFinite(found.upperBound), where).toBe(true);
    // What damage makes of a file may be sound again, but no longer plain.
    if (damaged) continue;
    const file = readPlainly(text, format, options.goal, options.threshold);
    try {
      judge(file, found, options);
    } catch (error) {
      throw new Error(`${where}:\n${text.slice(0, 400)}`, { cause: error });
    }
    if (file.n > 9) continue;
    const optimum = file.optimum();
    // Sums of large numbers that cancel are no more exact than those; and nothing is resolved below 2^-1000.
    const slip =
      1e-9 * Math.max(Math.abs(optimum), Math.abs(found.weight)) + 1e-12 * file.largest * file.n + 2 ** -990;
    const least = options.goal === 'min' ? found.upperBound : found.weight;
    const most = options.goal === 'min' ? found.weight : found.upperBound;
    expect(least, where).toBeLessThanOrEqual(optimum + slip);
    expect(most, where).toBeGreaterThanOrEqual(optimum - slip);
    if (algorithm === 'exact') {
      expect(Math.abs(found.weight - optimum), where).toBeLessThanOrEqual(slip);
      expect(Math.abs(found.upperBound - optimum), where).toBeLessThanOrEqual(slip);
      tally.optima++;
    }
    const greedy = algorithm === 'greedy' ? file.greedy() : undefined;
    if (greedy === undefined) continue;
    expect(Math.abs(found.weight - greedy), where).toBeLessThanOrEqual(slip);
    tally.greedy++;
  }
  expect(tally.accepted).toBeGreaterThan(FILES / 3);
  expect(tally.refused).toBeGreaterThan(FILES / 20);
  expect(tally.optima).toBeGreaterThan(FILES / 20);
  expect(tally.greedy).toBeGreaterThan(FILES / 100);
});
