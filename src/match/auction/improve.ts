import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';

/** Candidates tried at each step of a chain; later steps try one. */
const BREADTH = [8, 5, 3, 2];
const LONGEST = 24;

/**
 * Chains of exchanges, as Lin and Kernighan (1973) find them for tours. A person leaves their
 * partner for a better one, whose former partner looks for another, and so on. At each step the
 * last person left may also be paired with the first. The best chain is applied if it raises the
 * total. A chain is followed as long as its gains before the last separation exceed its losses.
 * Changes `mate` in place.
 *
 * @param source weights of the pairs of `mate` and of people who are left; -Infinity where not
 *   eligible.
 * @param options.maxSteps steps after which no chain is started; breadth: candidates tried at each
 *   step of a chain.
 * @returns chains applied. Each raises the total, so the search ends.
 */
export function exchangeChains(
  source: Pick<PairSource, 'weight'>,
  lists: CandidateLists,
  mate: Int32Array,
  {
    maxSteps = Infinity,
    breadth = BREADTH,
  }: { readonly maxSteps?: number; readonly breadth?: readonly number[] } = {},
): number {
  const { n, start, count, col, key } = lists;
  const weight = new Float64Array(n);
  let top = 0;
  for (let i = 0; i < n; i++) {
    if (mate[i] >= 0) weight[i] = source.weight(i, mate[i]);
    if (count[i] > 0) top = Math.max(top, key[start[i]]);
  }
  const minGain = top * 2 ** -40;
  const used = new Uint8Array(n);
  /** The partner taken at each step, in the current chain and in the best. */
  const taken: number[] = [];
  let best: number[] = [];
  let gain = minGain;
  let closes = false;
  let chains = 0;
  let steps = 0;

  const queue = Int32Array.from({ length: n }, (_, i) => i);
  const waits = new Uint8Array(n).fill(1);
  for (let head = 0, waiting = n; waiting > 0 && steps < maxSteps; waiting--, head = (head + 1) % n) {
    const first = queue[head];
    waits[first] = 0;
    gain = minGain;
    best = [];
    const left = mate[first];
    used[first] = 1;
    if (left >= 0) used[left] = 1;
    follow(first, left, -weight[first], 0);
    used[first] = 0;
    if (left >= 0) used[left] = 0;
    if (best.length === 0) continue;
    chains++;
    for (const i of apply(first, left)) {
      if (waits[i] === 1) continue;
      waits[i] = 1;
      queue[(head + waiting++) % n] = i;
    }
  }
  return chains;

  /** Extends a chain. `tail` is free, and so is `left` (-1: none); `sum` is the gain so far. */
  function follow(tail: number, left: number, sum: number, step: number): void {
    let tries = breadth[step] ?? 1;
    for (let e = start[tail], end = e + count[tail]; e < end && tries > 0; e++) {
      const so = sum + key[e];
      if (so <= minGain) break;
      const next = col[e];
      if (used[next] === 1) continue;
      tries--;
      steps++;
      const dropped = mate[next];
      taken.push(next);
      if (dropped < 0) keep(so, false);
      else {
        const open = so - weight[next];
        const back = left < 0 ? -Infinity : source.weight(left, dropped);
        keep(open + Math.max(0, back), back > 0);
        if (step + 1 < LONGEST) {
          used[next] = used[dropped] = 1;
          follow(dropped, left, open, step + 1);
          used[next] = used[dropped] = 0;
        }
      }
      taken.pop();
    }
  }

  function keep(total: number, closing: boolean): void {
    if (total <= gain) return;
    gain = total;
    best = taken.slice();
    closes = closing;
  }

  /** Makes the pairs of the best chain, and returns all people whom it touches. */
  function apply(first: number, left: number): number[] {
    const touched = left >= 0 ? [first, left] : [first];
    let tail = first;
    for (const next of best) {
      const dropped = mate[next];
      join(tail, next);
      touched.push(next);
      if (dropped >= 0) touched.push(dropped);
      tail = dropped;
    }
    if (closes) join(left, tail);
    else
      for (const alone of [left, tail])
        if (alone >= 0) {
          mate[alone] = -1;
          weight[alone] = 0;
        }
    return touched;
  }

  function join(i: number, j: number): void {
    mate[i] = j;
    mate[j] = i;
    weight[i] = weight[j] = source.weight(i, j);
  }
}

/**
 * Chains of exchanges where the weights of pairs are known from lists alone.
 *
 * @param weight f64[n]: the weight of each person's pair; changes with `mate`.
 */
export function exchangeListed(
  lists: CandidateLists,
  mate: Int32Array,
  weight: Float64Array,
  maxSteps: number,
): number {
  const { start, count, col, key } = lists;
  const at = (i: number, j: number) => {
    for (let e = start[i], end = e + count[i]; e < end; e++) if (col[e] === j) return key[e];
    return -Infinity;
  };
  const first = mate.slice();
  const own = weight.slice();
  const pairs = {
    weight: (i: number, j: number) => (first[i] === j ? own[i] : Math.max(at(i, j), at(j, i))),
  };
  const chains = exchangeChains(pairs, lists, mate, { maxSteps });
  if (chains > 0) for (let i = 0; i < lists.n; i++) weight[i] = mate[i] < 0 ? 0 : pairs.weight(i, mate[i]);
  return chains;
}
