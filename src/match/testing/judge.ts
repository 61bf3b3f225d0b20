import type { FileMatching } from '../file/match-types.ts';

/**
 * A sound file of `lab match`, read and judged by means of its own: no code is shared with what is
 * judged.
 */
export interface JudgedFile {
  readonly n: number;
  /** Largest weight of a pair, in size. */
  readonly largest: number;
  /** Weight of a pair of ids (row and column for costs), NaN where it may not be made. */
  weight(a: number, b: number): number;
  /** The best total there is; for files of few people only. */
  optimum(): number;
  /**
   * What "take the heaviest pair left" gives, where no two weights are equal; otherwise undefined.
   */
  greedy(): number | undefined;
}

/** Reads a file that holds nothing but plain numbers. */
export function readPlainly(text: string, format: string, goal: string, threshold: number): JudgedFile {
  const matrix = format === 'costs' ? costs(text) : format === 'edges' ? edges(text) : embeddings(text);
  const n = matrix.length;
  const sign = goal === 'min' ? -1 : 1;
  const assignment = format === 'costs';
  const may = (a: number, b: number) => assignment || (a !== b && matrix[a][b] > threshold);
  const weight = (a: number, b: number) => (may(a, b) ? matrix[a][b] : NaN);
  const sizes = matrix.flatMap((row) => row.map(Math.abs)).filter(Number.isFinite);
  return {
    n,
    largest: Math.max(0, ...sizes),
    weight,
    optimum: () => (assignment ? sign * bestRows(matrix, sign) : bestPairs(n, weight)),
    greedy() {
      const pairs: [number, number, number][] = [];
      for (let a = 0; a < n; a++)
        for (let b = assignment ? 0 : a + 1; b < n; b++)
          if (may(a, b)) pairs.push([matrix[a][b] * sign, a, b]);
      pairs.sort((p, q) => q[0] - p[0]);
      if (pairs.some(([w], k) => k > 0 && w === pairs[k - 1][0])) return undefined;
      const [left, right] = [new Set<number>(), new Set<number>()];
      let total = 0;
      for (const [w, a, b] of pairs) {
        const ends = assignment ? left.has(a) || right.has(b) : left.has(a) || left.has(b);
        if (ends) continue;
        left.add(a);
        (assignment ? right : left).add(b);
        total += w;
      }
      return total * sign;
    },
  };
}

/** Throws an Error that says what is wrong with the pairs, the weight or the bound. */
export function judge(
  file: JudgedFile,
  found: FileMatching,
  options: { format: string; goal: string },
): void {
  const { pairs, weight, upperBound, gap } = found;
  const fail = (what: string) => {
    throw new Error(`${what}; pairs ${JSON.stringify(pairs)}, weight ${weight}, bound ${upperBound}`);
  };
  const assignment = options.format === 'costs';
  const [left, right] = [new Set<number>(), new Set<number>()];
  let sum = 0;
  let size = 0;
  for (const [a, b] of pairs as readonly (readonly [number, number])[]) {
    if (![a, b].every((id) => Number.isInteger(id) && id >= 0 && id < file.n))
      fail(`nobody is called ${a} or ${b}`);
    const other = assignment ? right : left;
    if (left.has(a) || other.has(b) || (!assignment && a === b)) fail(`${a}-${b} takes somebody twice`);
    left.add(a);
    other.add(b);
    const w = file.weight(a, b);
    if (Number.isNaN(w)) fail(`${a}-${b} may not be paired`);
    sum += w;
    size += Math.abs(w);
  }
  if (assignment && pairs.length !== file.n) fail(`${pairs.length} rows of ${file.n} have a column`);
  const slip = 1e-9 * size;
  if (!(Math.abs(sum - weight) <= slip)) fail(`the pairs weigh ${sum}`);
  if (!(options.goal === 'min' ? upperBound <= weight + slip : upperBound >= weight - slip))
    fail('the bound is on the wrong side');
  if (!(gap >= 0)) fail(`the gap is ${gap}`);
}

function costs(text: string): number[][] {
  const [n, ...values] = text.trim().split(/\s+/).map(Number);
  return Array.from({ length: n }, (_, i) => values.slice(i * n, (i + 1) * n));
}

function records(text: string): string[][] {
  const lines = text.split(/\r?\n/).slice(1);
  return lines.filter((line) => line !== '').map((line) => line.split(','));
}

/** Rows by id. People are called by numbers here; who has no edge does not count. */
function edges(text: string): number[][] {
  const list = records(text).map((fields) => fields.map(Number));
  const n = 1 + Math.max(-1, ...list.map(([u, v]) => Math.max(u, v)));
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(-Infinity));
  for (const [u, v, w] of list) matrix[u][v] = matrix[v][u] = w;
  return matrix;
}

function embeddings(text: string): number[][] {
  const people = records(text).map(([, side, ...v]) => ({ side, v: v.map(Number) }));
  return people.map((p) =>
    people.map((q) =>
      p.side !== '' && p.side === q.side ? -Infinity : p.v.reduce((sum, x, k) => sum + x * q.v[k], 0),
    ),
  );
}

/** Dynamic programming over the sets of people who are left. */
function bestPairs(n: number, weight: (a: number, b: number) => number): number {
  const best = new Float64Array(1 << n);
  for (let set = 1; set < 1 << n; set++) {
    const a = 31 - Math.clz32(set);
    const rest = set & ~(1 << a);
    best[set] = best[rest];
    for (let b = 0; b < a; b++) {
      if ((rest & (1 << b)) === 0) continue;
      const w = weight(a, b);
      if (w > 0) best[set] = Math.max(best[set], w + best[rest & ~(1 << b)]);
    }
  }
  return best[(1 << n) - 1];
}

/** The same over the sets of columns that the first rows take. */
function bestRows(matrix: readonly number[][], sign: number): number {
  const n = matrix.length;
  const best = new Float64Array(1 << n).fill(-Infinity);
  best[0] = 0;
  for (let set = 1; set < 1 << n; set++) {
    let row = -1;
    for (let s = set; s > 0; s &= s - 1) row++;
    for (let c = 0; c < n; c++)
      if ((set & (1 << c)) !== 0)
        best[set] = Math.max(best[set], best[set & ~(1 << c)] + sign * matrix[row][c]);
  }
  return best[(1 << n) - 1];
}
