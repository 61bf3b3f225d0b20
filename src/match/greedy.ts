import { buildLists, copyLists, refillRow } from './lists.ts';
import type { CandidateLists } from './lists.ts';
import { goesBefore } from './source.ts';
import type { PairSource } from './source.ts';

/** What greedy found. */
export interface GreedyResult {
  /** i32[n]: partner or -1. */
  readonly mate: Int32Array;
  /** Rounds in which locally dominant pairs were made. */
  readonly rounds: number;
  /** Full scans of the square: 1 for the lists, 1 / n for each row filled anew. */
  readonly scans: number;
}

/**
 * The rule itself, and the oracle of the tests: sort all eligible pairs, take the first that is still free, until none is left.
 * Needs memory for all pairs.
 */
export function sequentialGreedy(source: PairSource): GreedyResult {
  const { n } = source;
  const from: number[] = [];
  const to: number[] = [];
  const key: number[] = [];
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    source.row(i, i + 1, out);
    for (let j = i + 1; j < n; j++) {
      if (out[j] === -Infinity || !source.admits(i, j)) continue;
      from.push(i);
      to.push(j);
      key.push(out[j]);
    }
  }
  const order = Uint32Array.from(from, (_, e) => e).sort((a, b) =>
    goesBefore(source, key[a], from[a], to[a], key[b], from[b], to[b]) ? -1 : 1,
  );
  const mate = new Int32Array(n).fill(-1);
  for (const e of order) {
    if (mate[from[e]] >= 0 || mate[to[e]] >= 0) continue;
    mate[from[e]] = to[e];
    mate[to[e]] = from[e];
  }
  return { mate, rounds: 1, scans: 1 };
}

/**
 * Greedy matching by locally dominant pairs over lists of the K best (Preis 1999; Manne and Bisseling 2007): a pair is made when each
 * is the other's first live entry in the total order. It is the same matching as {@link sequentialGreedy}, pair for pair, on every
 * input, because the order is total. A row whose list ran dry though more exist is filled anew only when nothing else can be
 * decided, and then only the row that stands first: rows far from the top would see their new list run dry again.
 *
 * @param lists what `buildLists` gave for this source (read only); built here where absent.
 * @param free u8[n]: 1 for those who take part; everyone where absent.
 */
export function greedy(source: PairSource, lists?: CandidateLists, free?: Uint8Array): GreedyResult {
  const { n } = source;
  const own = lists === undefined ? buildLists(source) : copyLists(lists);
  let scans = lists === undefined ? 1 : 0;
  const { start, count, col, key, truncated } = own;
  const live = free === undefined ? new Uint8Array(n).fill(1) : free.slice();
  const mate = new Int32Array(n).fill(-1);
  const head = new Int32Array(n);
  const scratch = new Float64Array(n);
  const active = new Int32Array(n);
  let size = 0;
  for (let i = 0; i < n; i++) if (live[i] === 1) active[size++] = i;
  let rounds = 0;

  for (;;) {
    let kept = 0;
    for (let a = 0; a < size; a++) {
      const i = active[a];
      if (live[i] === 0) continue;
      let h = head[i];
      const end = count[i];
      while (h < end && live[col[start[i] + h]] === 0) h++;
      head[i] = h;
      if (h < end || truncated[i] === 1) active[kept++] = i;
    }
    size = kept;
    if (size === 0) break;

    let made = 0;
    for (let a = 0; a < size; a++) {
      const i = active[a];
      if (head[i] >= count[i]) continue;
      const j = col[start[i] + head[i]];
      if (j < i || head[j] >= count[j] || col[start[j] + head[j]] !== i) continue;
      mate[i] = j;
      mate[j] = i;
      made++;
    }
    if (made > 0) {
      rounds++;
      for (let a = 0; a < size; a++) if (mate[active[a]] >= 0) live[active[a]] = 0;
      continue;
    }

    const row = rowToRefill();
    refillRow(source, own, row, live, scratch);
    head[row] = 0;
    scans += 1 / n;
  }
  return { mate, rounds, scans };

  /**
   * Of all active rows the one whose first live entry, or whose last entry once the list ran dry (nothing unlisted goes before it),
   * stands first. If its list ran dry it is the row to fill; otherwise its partner's must have, or the two would have been paired.
   */
  function rowToRefill(): number {
    let best = -1;
    let bestAt = 0;
    for (let a = 0; a < size; a++) {
      const i = active[a];
      const at = start[i] + Math.min(head[i], count[i] - 1);
      if (best < 0 || key[at] > key[bestAt] || (key[at] === key[bestAt] && tieBefore(i, at, best, bestAt))) {
        best = i;
        bestAt = at;
      }
    }
    return head[best] < count[best] ? col[bestAt] : best;
  }

  function tieBefore(i: number, at: number, best: number, bestAt: number): boolean {
    // Where two rows name the same pair, the one whose list ran dry is to be filled.
    if (col[at] === best && col[bestAt] === i) return head[i] >= count[i];
    return goesBefore(source, key[at], i, col[at], key[bestAt], best, col[bestAt]);
  }
}
