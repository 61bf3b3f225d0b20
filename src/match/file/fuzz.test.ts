import { expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { matchFile } from './match-file.ts';
import type { FileMatching } from './match-types.ts';
import { fileOptions } from '../testing/file-options.ts';
import { Dice, damage, fileText } from '../testing/files.ts';
import { judge, readPlainly } from '../testing/judge.ts';
import { nearest, smallInput } from '../testing/oracle.ts';

/**
 * Files of up to 64 people: sound, extreme and broken ones. Each is matched correctly or refused
 * with one clear line.
 */
const FILES = 10_000;

test('ten thousand generated files: no crash, no hang, no wrong pair', { timeout: 600_000 }, async () => {
  const host = {
    progress: () => undefined,
    openBackend: () => Promise.reject(new LabError('no GPU in this test')),
  };
  const tally = { accepted: 0, refused: 0, optima: 0, greedy: 0 };
  for (let f = 0; f < FILES; f++) {
    const dice = new Dice(f);
    const format = dice.of(['costs', 'edges', 'embeddings'] as const);
    const spoil = dice.of([0, 0, 0, 2, 30]);
    const text = fileText(dice, format, spoil);
    const sound = spoil === 0;
    const damaged = dice.below(8) === 0;
    const bytes = damaged ? damage(dice, text) : new TextEncoder().encode(text);
    const algorithm = dice.of(['greedy', 'auction', 'exact'] as const);
    const goal = format === 'costs' ? dice.of(['min', 'max'] as const) : 'max';
    const threshold = format !== 'costs' && dice.below(4) === 0 ? dice.of([-2, 0.5, 1, -1e300]) : 0;
    const candidates = dice.below(4) === 0 ? 1 + dice.below(5) : 16;
    const options = fileOptions({ format, algorithm, backend: 'cpu', goal, threshold, candidates });
    const where = `file ${f}: ${JSON.stringify(options)}`;
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
    // A damaged file may be valid again, but not as plain text.
    if (damaged) continue;
    const file = readPlainly(text, format, options.goal, options.threshold);
    try {
      judge(file, found, options);
    } catch (error) {
      throw new Error(`${where}:\n${text.slice(0, 400)}`, { cause: error });
    }
    if (file.n > 9) continue;
    const optimum = file.optimum();
    // Sums in which large numbers cancel are only as exact as those numbers. Nothing is resolved
    // below 2^-1000.
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

test(
  'ten thousand small inputs: exact is the optimum, no bound is below it, the auction says what it proves',
  { timeout: 600_000 },
  async () => {
    const host = {
      progress: () => undefined,
      openBackend: () => Promise.reject(new LabError('no GPU in this test')),
    };
    const tally = { provenAuctions: 0, unprovenAuctions: 0, belowExact: 0, partial: 0 };
    for (let f = 0; f < FILES; f++) {
      const input = smallInput(new Dice(1e6 + f));
      const { format, goal, times } = input;
      const optimum = nearest(input.optimum, times);
      const weights = new Map<string, number>();
      for (const algorithm of ['exact', 'greedy', 'auction'] as const) {
        const options = fileOptions({ format, goal, algorithm, backend: 'cpu' });
        const where = `input ${f}, ${algorithm}, goal ${goal}:\n${input.text}`;
        const found = await matchFile(new TextEncoder().encode(input.text), 'f', options, host);
        // A call of `expect` costs about as much as the matching of a small file.
        const must = (ok: boolean, what: string) => ok || expect.fail(`${what}: ${where}`);
        let sum = 0n;
        const taken = new Set<string>();
        for (const [a, b] of found.pairs as readonly (readonly [number, number])[]) {
          const w = input.weight(a, b);
          if (w === undefined) expect.fail(`${a}-${b} may not be paired: ${where}`);
          sum += w;
          taken.add(`from ${a}`).add(`${format === 'costs' ? 'to' : 'from'} ${b}`);
        }
        const { gap, upperBound, weight, pairs } = found;
        must(taken.size === 2 * pairs.length, 'somebody is in two pairs');
        must(input.pairs === undefined || pairs.length === input.pairs, `${pairs.length} pairs`);
        must(Object.is(weight, nearest(sum, times)), `the pairs weigh ${sum}, not ${weight}`);
        const [low, high] = goal === 'min' ? [upperBound, weight] : [weight, upperBound];
        must(low <= optimum && optimum <= high, `${optimum} is not from ${low} to ${high}`);
        must(found.optimal === (upperBound === weight), `bound ${upperBound}, optimal ${found.optimal}`);
        const expectedGap =
          weight === upperBound ? 0 : Math.abs(upperBound - weight) / Math.abs(upperBound || weight);
        must(Object.is(gap, expectedGap), `the gap is ${gap}, not ${expectedGap}`);
        must(
          algorithm !== 'exact' || (weight === optimum && upperBound === optimum),
          `${weight}, bound ${upperBound}, where ${optimum} is exact`,
        );
        weights.set(algorithm, weight);
        if (algorithm !== 'auction') continue;
        // Whole or decimal costs of an ordinary size: the auction ends at the optimum and proves
        // it.
        must(format !== 'costs' || input.largest >= 1e6 || found.optimal, 'the auction proves no optimum');
        if (found.optimal) tally.provenAuctions++;
        else tally.unprovenAuctions++;
      }
      if (weights.get('greedy') !== optimum) tally.belowExact++;
      if (input.pairs !== undefined && !input.text.includes('0 ') && /-[ \n]|inf/.test(input.text))
        tally.partial++;
    }
    expect(tally.provenAuctions).toBeGreaterThan(FILES / 4);
    expect(tally.unprovenAuctions).toBeGreaterThan(FILES / 100);
    expect(tally.belowExact).toBeGreaterThan(FILES / 20);
    expect(tally.partial).toBeGreaterThan(FILES / 100);
  },
);
