import type { Dice } from './files.ts';

/**
 * A small input of `lab match` and its optimum, found by trying everything in whole numbers of any
 * size.
 */
export interface SmallInput {
  readonly text: string;
  readonly format: 'costs' | 'edges' | 'embeddings';
  readonly goal: 'min' | 'max';
  /**
   * Weight of a pair of ids (row and column for costs) in units of 1 / `times`; undefined where it
   * may not be made.
   */
  readonly weight: (a: number, b: number) => bigint | undefined;
  readonly times: bigint;
  readonly optimum: bigint;
  /** Most pairs there can be; for costs alone. */
  readonly pairs: number | undefined;
  /** Largest size of a weight, as the file gives it. */
  readonly largest: number;
}

/** Texts of numbers: whole, up to 2^53, decimal, or with a sentinel that is meant to forbid. */
function numbers(dice: Dice): () => string {
  const whole = () => String(dice.below(41) - 10);
  const wide = () =>
    String((dice.below(2) === 0 ? -1 : 1) * (dice.below(2 ** 26) * 2 ** 27 + dice.below(2 ** 27)));
  const decimal = () =>
    `${dice.below(3) === 0 ? '-' : ''}${dice.below(9)}.${dice.below(10)}${dice.below(3) === 0 ? dice.below(10) : ''}`;
  const sentinel = dice.of(['1e15', '-1e15', '1e9', '999999999', '1e12']);
  const kinds = dice.of([[whole], [wide], [decimal], [whole, wide], [whole, decimal], [wide, decimal]]);
  const rare = dice.below(3) === 0;
  return () => (rare && dice.below(4) === 0 ? sentinel : dice.of(kinds)());
}

/**
 * Decimals as whole numbers of 1 / `times`: as written where float64 holds all of them, otherwise
 * as float64 reads them.
 */
function exactly(
  texts: readonly string[],
  used: (value: number) => boolean = () => true,
): { values: bigint[]; times: bigint } {
  const hundredths = texts.map((text) => {
    const [mantissa, exponent = '0'] = text.split('e');
    const [whole, fraction = ''] = mantissa.split('.');
    const size = BigInt(whole.replace('-', '') + fraction.padEnd(2, '0')) * 10n ** BigInt(exponent);
    return text.startsWith('-') ? -size : size;
  });
  const matter = texts.filter((text) => used(Number(text)));
  const places = matter.some((t) => /\.\d[1-9]/.test(t)) ? 2 : matter.some((t) => /\.[1-9]/.test(t)) ? 1 : 0;
  const unit = 10n ** BigInt(2 - places);
  if (hundredths.every((v, k) => !used(Number(texts[k])) || BigInt(Number(v / unit)) === v / unit))
    return { values: hundredths, times: 100n };
  return { values: texts.map((text) => BigInt(Number(text) * 2 ** 80)), times: 2n ** 80n };
}

/** A file of at most seven people, or of five rows and columns. */
export function smallInput(dice: Dice): SmallInput {
  const format = dice.of(['costs', 'edges', 'embeddings'] as const);
  const value = numbers(dice);
  if (format === 'costs') return smallCosts(dice, value);
  const n = dice.below(8);
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push([i, j]);
  if (format === 'edges') {
    const kept = pairs.filter(() => dice.below(3) > 0);
    const texts = kept.map(value);
    // Edges that are not above the threshold do not count.
    const { values, times } = exactly(texts, (w) => w > 0);
    const text = ['u,v,weight', ...kept.map(([i, j], e) => `${i},${j},${texts[e]}`), ''].join('\n');
    return general(format, text, n, kept, values, times, texts.map(Number));
  }
  const sided = dice.below(2) === 1;
  const dim = 1 + dice.below(3);
  const component = dice.of([
    () => String(dice.below(2 ** 27) - 2 ** 26),
    () => String(dice.below(19) - 9),
    () => String((dice.below(2001) - 1000) / 100),
  ]);
  const people = Array.from({ length: n }, () => ({
    side: sided ? dice.of(['A', 'B']) : '',
    v: Array.from({ length: dim }, component),
  }));
  const kept = pairs.filter(([i, j]) => !sided || people[i].side !== people[j].side);
  const dots = kept.map(([i, j]) =>
    people[i].v.reduce((sum, x, k) => sum + Number(x) * Number(people[j].v[k]), 0),
  );
  const header = ['id', 'side', ...people.slice(0, 1).flatMap(({ v }) => v.map((_, k) => `v${k + 1}`))];
  if (n === 0) header.push('v1');
  const text = [header.join(','), ...people.map(({ side, v }, i) => [i, side, ...v].join(',')), ''].join(
    '\n',
  );
  const values = dots.map((w) => BigInt(w * 2 ** 80));
  return general(format, text, n, kept, values, 2n ** 80n, dots);
}

function general(
  format: 'edges' | 'embeddings',
  text: string,
  n: number,
  pairs: readonly [number, number][],
  values: readonly bigint[],
  times: bigint,
  sizes: readonly number[],
): SmallInput {
  const table = new Map(pairs.map(([i, j], e) => [i * n + j, values[e]]));
  const weight = (a: number, b: number) => {
    const w = table.get(Math.min(a, b) * n + Math.max(a, b));
    return w !== undefined && w > 0n ? w : undefined;
  };
  const best = new Array<bigint>(1 << n).fill(0n);
  for (let set = 1; set < 1 << n; set++) {
    const a = 31 - Math.clz32(set);
    const rest = set & ~(1 << a);
    best[set] = best[rest];
    for (let b = 0; b < a; b++) {
      const w = (rest & (1 << b)) === 0 ? undefined : weight(a, b);
      if (w !== undefined && w + best[rest & ~(1 << b)] > best[set]) best[set] = w + best[rest & ~(1 << b)];
    }
  }
  const largest = sizes.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
  return { text, format, goal: 'max', weight, times, optimum: best[(1 << n) - 1], pairs: undefined, largest };
}

function smallCosts(dice: Dice, value: () => string): SmallInput {
  const rows = dice.below(6);
  // A first line "1 0" would be a matrix of one row with cost 0.
  const columns = dice.below(2) === 0 ? rows : rows === 1 ? 1 + dice.below(5) : dice.below(6);
  const goal = dice.of(['min', 'max'] as const);
  const forbids = dice.below(3) === 0;
  const texts = Array.from({ length: rows * columns }, () =>
    forbids && dice.below(3) === 0 ? dice.of(['-', 'inf']) : value(),
  );
  const made = texts.map((text, e) => (text === '-' || text === 'inf' ? -1 : e)).filter((e) => e >= 0);
  const { values, times } = exactly(made.map((e) => texts[e]));
  const table = new Map(made.map((e, k) => [e, values[k]]));
  const weight = (a: number, b: number) => table.get(a * columns + b);
  // Row by row: for every set of columns taken, the most pairs and their best total.
  const sign = goal === 'min' ? -1n : 1n;
  let best = new Map([[0, { pairs: 0, total: 0n }]]);
  for (let i = 0; i < rows; i++) {
    const next = new Map(best);
    for (const [set, { pairs, total }] of best)
      for (let j = 0; j < columns; j++) {
        const w = (set & (1 << j)) === 0 ? weight(i, j) : undefined;
        if (w === undefined) continue;
        const old = next.get(set | (1 << j));
        const found = { pairs: pairs + 1, total: total + sign * w };
        if (old === undefined || found.total > old.total) next.set(set | (1 << j), found);
      }
    best = next;
  }
  const all = [...best.values()];
  const pairs = Math.max(...all.map((state) => state.pairs));
  const optimum = all
    .filter((state) => state.pairs === pairs)
    .reduce((a, b) => (b.total > a.total ? b : a)).total;
  const lines = Array.from({ length: rows }, (_, i) => texts.slice(i * columns, (i + 1) * columns).join(' '));
  return {
    text: [rows === columns ? String(rows) : `${rows} ${columns}`, ...lines, ''].join('\n'),
    ...{ format: 'costs', goal, weight, times, optimum: sign * optimum, pairs },
    largest: made.reduce((max, e) => Math.max(max, Math.abs(Number(texts[e]))), 0),
  };
}

/** The float64 nearest to a whole number of 1 / `times`. */
export function nearest(value: bigint, times: bigint): number {
  // Divisions by a power of two are exact; of hundredths, the decimal text is read.
  if (times !== 100n) return Number(value) / Number(times);
  const size = String(value < 0n ? -value : value).padStart(3, '0');
  return Number(`${value < 0n ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`);
}
