import { hash4 } from '../../base/hash.ts';

/** Draws from counters, so that a failing file can be made again from its number. */
export class Dice {
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

/** A file of up to 64 people in that format; `spoil` of a thousand numbers are broken. */
export function fileText(dice: Dice, format: string, spoil: number): string {
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
export function damage(dice: Dice, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (dice.below(2) === 0) return bytes.subarray(0, dice.below(bytes.length + 1));
  for (let k = 1 + dice.below(4); k > 0 && bytes.length > 0; k--)
    bytes[dice.below(bytes.length)] = dice.of([0, 10, 13, 34, 44, 45, 46, 48, 57, 101, 200, dice.below(256)]);
  return bytes;
}
