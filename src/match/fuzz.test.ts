import { expect, test } from 'vitest';
import { LabError } from '../base/errors.ts';
import { hash4 } from '../base/hash.ts';
import { checkOptions, matchFile } from './match-file.ts';
import type { FileMatching } from './match-file.ts';
import { judge, readPlainly } from './testing/judge.ts';

/** Ten thousand files of up to 64 people: sound, extreme and broken ones. Each is matched rightly or refused with one clear line. */
const FILES = 10_000;

/** Draws from counters, so that a failing file can be made again from its number. */
class Dice {
  #at = 0;
  constructor(readonly file: number) {}
  below(n: number): number {
    return hash4(99, this.file, this.#at++, 0) % n;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const extremes = ['1e130', '-1e130', '1e-300', '5e-324', '0', '-0'] as const;
const broken = [
  '',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  'x',
  '1 2',
  '"',
  '1,5',
  '\u0000',
  '0x10',
  'é',
] as const;

function numberText(dice: Dice, spoil: number): string {
  const kind = dice.below(1000);
  if (kind < spoil) return dice.of(broken);
  if (kind < 100) return dice.of(extremes);
  if (kind < 500) return String(dice.below(7) - 3);
  return String((dice.below(2 ** 31) - 2 ** 30) / 2 ** dice.below(40));
}

function fileText(dice: Dice, format: string, spoil: number): string {
  const n = dice.of([dice.below(9), dice.below(9), dice.below(17), dice.below(65)]);
  const line = dice.of(['\n', '\r\n']);
  const value = () => numberText(dice, spoil);
  if (format === 'costs')
    return `${n}${line}${Array.from({ length: n }, () => Array.from({ length: n }, value).join(' ')).join(line)}`;
  if (format === 'edges') {
    const edges = new Map<string, string>();
    for (let e = dice.below(4 * n + 1); e > 0 && n > 1; e--) {
      const u = dice.below(n);
      const v = spoil > 0 ? dice.below(n) : (u + 1 + dice.below(n - 1)) % n;
      edges.set(spoil > 20 ? String(e) : `${Math.min(u, v)} ${Math.max(u, v)}`, `${u},${v},${value()}`);
    }
    return ['u,v,weight', ...edges.values(), ''].join(line);
  }
  const d = 1 + dice.below(5);
  const sided = dice.below(2) === 1;
  const rows = Array.from({ length: n }, (_, i) => {
    const id = spoil > 20 && dice.below(20) === 0 ? 0 : i;
    return [id, sided ? dice.of(['A', 'B']) : '', ...Array.from({ length: d }, value)].join(',');
  });
  return [['id', 'side', ...Array.from({ length: d }, (_, k) => `v${k + 1}`)].join(','), ...rows, ''].join(
    line,
  );
}

/** Cuts a file short, or overwrites some of its bytes. */
function damage(dice: Dice, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (dice.below(2) === 0) return bytes.subarray(0, dice.below(bytes.length + 1));
  for (let k = 1 + dice.below(4); k > 0 && bytes.length > 0; k--)
    bytes[dice.below(bytes.length)] = dice.of([0, 10, 13, 34, 44, 45, 46, 48, 57, 101, 200, dice.below(256)]);
  return bytes;
}

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
