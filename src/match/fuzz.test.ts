import { expect, test } from 'vitest';
import { LabError } from '../base/errors.ts';
import { hash4 } from '../base/hash.ts';
import { checkOptions, matchFile } from './match-file.ts';

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

function fileText(dice: Dice, format: string): string {
  const n = dice.of([0, 1, 2, 3, 4, 5, 8, 13, 64]);
  const spoil = dice.of([0, 0, 0, 2, 30]);
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

test('ten thousand generated files: no crash, no hang, no wrong pair', { timeout: 240_000 }, async () => {
  const host = {
    progress: () => undefined,
    openGpu: () => Promise.reject(new LabError('no GPU in this test')),
  };
  let accepted = 0;
  let refused = 0;
  for (let f = 0; f < FILES; f++) {
    const dice = new Dice(f);
    const format = dice.of(['costs', 'edges', 'embeddings']);
    const text = fileText(dice, format);
    const options = checkOptions(
      new Map([
        ['format', format],
        ['algorithm', dice.of(['greedy', 'auction', 'exact'])],
        ['backend', 'cpu'],
        ...(format === 'costs' ? ([['goal', dice.of(['min', 'max'])]] as const) : []),
      ]),
    );
    try {
      const { pairs, weight, upperBound } = await matchFile(
        new TextEncoder().encode(text),
        'f',
        options,
        host,
      );
      accepted++;
      const where = `file ${f}, ${format}, ${options.algorithm}, ${options.goal}`;
      const ends = format === 'costs' ? [pairs.map((p) => p[0]), pairs.map((p) => p[1])] : [pairs.flat()];
      for (const ids of ends) expect(new Set(ids).size, where).toBe(ids.length);
      for (const [a, b] of pairs) if (format !== 'costs') expect(a, where).not.toBe(b);
      expect(Number.isNaN(weight) || Number.isNaN(upperBound), where).toBe(false);
      const slack = 1e-6 * Math.max(1e-300, Math.abs(weight));
      if (options.goal === 'min') expect(upperBound, where).toBeLessThanOrEqual(weight + slack);
      else expect(upperBound, where).toBeGreaterThanOrEqual(weight - slack);
    } catch (error) {
      if (!(error instanceof LabError))
        throw new Error(`file ${f} (${format}, ${options.algorithm}):\n${text.slice(0, 400)}`, {
          cause: error,
        });
      expect(error.message, `file ${f}`).toMatch(/\S/);
      expect(error.message.split('\n'), `file ${f}`).toHaveLength(1);
      refused++;
    }
  }
  expect(accepted).toBeGreaterThan(FILES / 3);
  expect(refused).toBeGreaterThan(FILES / 20);
});
