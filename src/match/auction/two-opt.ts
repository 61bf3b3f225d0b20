import type { CandidateLists } from '../../score/lists.ts';
import type { PairSource } from '../../score/source.ts';

/** Turns without a look in between at whether they still find anything. */
export const TURNS = 8;
/** Where so many turns made no more than this share of n exchanges, what is left is not worth more. */
export const ENOUGH = 1 / 200;
/** Gains up to this share of the heaviest weight are taken for rounding. */
export const LEAST_GAIN = 2 ** -20;

const f = Math.fround;

/**
 * 2-opt by turns, in f32: everybody proposes the exchange that gains most, i with a listed c, and the two who are left behind together where
 * they may; of those that share a person the one that gains most is made, then that of whom has the lower place. Twin of the pass `exchange`.
 * Changes `mate` in place.
 *
 * @param place u32[n]: a shuffle of 0 to n - 1.
 * @returns exchanges; each raises the total.
 */
export function exchangeByTurns(
  source: PairSource,
  lists: CandidateLists,
  mate: Int32Array,
  place: Uint32Array,
): number {
  const { n, start, count, col, key } = lists;
  const held = new Float64Array(n);
  const top = new Float64Array(n);
  let highest = 0;
  for (let i = 0; i < n; i++) {
    if (mate[i] >= 0) held[i] = source.weight(i, mate[i]);
    if (count[i] > 0) top[i] = Math.max(0, key[start[i]]);
    highest = Math.max(highest, top[i]);
  }
  const least = f(highest * LEAST_GAIN);
  const partner = new Int32Array(n);
  const gain = new Float64Array(n);
  const taken = new Float64Array(n);
  /** Weight of the two left behind, 0: they are not paired. */
  const left = new Float64Array(n);
  const mover = new Int32Array(n);
  let all = 0;
  for (;;) {
    let made = 0;
    for (let t = 0; t < TURNS; t++) {
      const moves = turn();
      made += moves;
      if (moves === 0) break;
    }
    all += made;
    if (made <= n * ENOUGH) return all;
  }

  function turn(): number {
    mover.fill(-1);
    for (let i = 0; i < n; i++) {
      propose(i);
      if (partner[i] >= 0) for (const p of touched(i)) if (p >= 0 && goesFirst(i, mover[p])) mover[p] = i;
    }
    const winners: number[] = [];
    for (let i = 0; i < n; i++)
      if (partner[i] >= 0 && touched(i).every((p) => p < 0 || mover[p] === i)) winners.push(i);
    for (const i of winners) {
      const [, a, c, d] = touched(i);
      join(i, c, taken[i]);
      if (left[i] > 0) join(a, d, left[i]);
      else
        for (const alone of [a, d])
          if (alone >= 0) {
            mate[alone] = -1;
            held[alone] = 0;
          }
    }
    return winners.length;
  }

  function propose(i: number): void {
    const a = mate[i];
    const mine = held[i];
    const topA = a < 0 ? 0 : top[a];
    gain[i] = least;
    partner[i] = -1;
    for (let e = start[i], end = e + count[i]; e < end; e++) {
      const c = col[e];
      const w = key[e];
      // Even with the best that a could have, the rest of the list is too light.
      if (f(f(w + topA) - mine) <= gain[i]) break;
      if (c === a) continue;
      const d = mate[c];
      const loss = f(mine + held[c]);
      let behind = 0;
      if (a >= 0 && d >= 0 && f(f(w + Math.min(topA, top[d])) - loss) > gain[i])
        behind = Math.max(0, source.weight(a, d));
      const g = f(f(w + behind) - loss);
      if (g <= gain[i]) continue;
      gain[i] = g;
      partner[i] = c;
      taken[i] = w;
      left[i] = behind;
    }
  }

  function touched(i: number): [number, number, number, number] {
    const c = partner[i];
    return [i, mate[i], c, mate[c]];
  }
  function goesFirst(i: number, other: number): boolean {
    return other < 0 || gain[i] > gain[other] || (gain[i] === gain[other] && place[i] < place[other]);
  }
  function join(i: number, j: number, w: number): void {
    mate[i] = j;
    mate[j] = i;
    held[i] = w;
    held[j] = w;
  }
}
