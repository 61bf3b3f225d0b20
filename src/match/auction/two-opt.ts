import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';

/** Turns between two checks whether they still find exchanges. */
export const TURNS = 8;
/** Share of n: the exchanges end once {@link TURNS} turns made no more exchanges than this. */
export const ENOUGH = 1 / 200;
/** Share of the heaviest weight: smaller gains are rounding errors. */
export const MIN_GAIN = 2 ** -20;

const f = Math.fround;

/**
 * 2-opt in turns, in f32. Everyone proposes the exchange with the largest gain: i with a listed c,
 * and the two people left behind with each other if they are eligible. Of exchanges that share a
 * person, the one with the largest gain is made; of equal gains, that of the lower place. Changes
 * `mate` in place. CPU reference of the pass `exchange`.
 *
 * @param place u32[n]: a shuffle of 0 to n - 1.
 * @returns the number of exchanges; each raises the total.
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
  const minGain = f(highest * MIN_GAIN);
  const partner = new Int32Array(n);
  const gain = new Float64Array(n);
  const taken = new Float64Array(n);
  /** Weight of the pair left behind; 0: not paired. */
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
    gain[i] = minGain;
    partner[i] = -1;
    for (let e = start[i], end = e + count[i]; e < end; e++) {
      const c = col[e];
      const w = key[e];
      // Even with the best partner for a, the rest of the list is too light.
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
