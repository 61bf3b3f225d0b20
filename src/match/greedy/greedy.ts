import { buildLists, longList } from '../../score/candidates/lists.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import { chooseRefill, firstRefill } from '../../score/candidates/refill-policy.ts';
import { Refiller } from './refill.ts';
import type { PairSource } from '../../score/source.ts';

/** Longest refilled list: most rows find a partner among its first entries. */
const MAX_REFILL = 48;

/** A greedy matching and what it cost. */
export interface GreedyResult {
  /** i32[n]: partner or -1. */
  readonly mate: Int32Array;
  /** Rounds in which locally dominant pairs were made. */
  readonly rounds: number;
  /**
   * Full scans of the square: 1 for the lists (each pair is read once, for both rows), plus for
   * each refilled row the share of the n^2 entries that were read for it.
   */
  readonly scans: number;
}

/** The pairs with their keys, which are weights unless the source has other keys. */
interface KeyedResult extends GreedyResult {
  /** f64[n]: key of each person's pair, 0 without a partner. */
  readonly key: Float64Array;
}

/**
 * Greedy matching by locally dominant pairs over lists of the K best (Preis 1999; Manne and
 * Bisseling 2007): a pair is made when each is the other's first live entry in the total order. It
 * is the same matching as the sequential rule, pair for pair, on every input, because the
 * order is total. Where no pair can be made, rows whose list ran dry although more partners exist
 * are refilled: those that {@link chooseRefill} picks, against the people who are still live, with
 * longer lists.
 *
 * @param lists what `buildLists` gave for this source (read only); built here where absent.
 * @param free u8[n]: 1 for people who take part; everyone where absent.
 */
export function greedy(source: PairSource, lists?: CandidateLists, free?: Uint8Array): KeyedResult {
  const { n } = source;
  const given = lists ?? buildLists(source);
  const truncated = given.truncated.slice();
  let { col, key } = given;
  // Entries head[i] to end[i] - 1 of `col` and `key` are the rest of row i's list.
  const head = given.start.slice(0, n);
  const end = head.map((first, i) => first + given.count[i]);
  const live = free === undefined ? new Uint8Array(n).fill(1) : free.slice();
  const mate = new Int32Array(n).fill(-1);
  const found = new Float64Array(n);
  const active = new Int32Array(n);
  let size = 0;
  for (let i = 0; i < n; i++) if (live[i] === 1) active[size++] = i;
  let rounds = 0;
  let refiller: Refiller | undefined;
  const minBatch = Math.max(32, Math.ceil(n / 32));
  let policy = firstRefill(minBatch);
  const { start } = given;
  const room = n === 0 ? 0 : Math.min(MAX_REFILL, longList(n, start[1] - start[0]));
  /** After the first refill, where the list of row i begins. */
  const slot = new Int32Array(n);

  for (;;) {
    let kept = 0;
    for (let a = 0; a < size; a++) {
      const i = active[a];
      if (live[i] === 0) continue;
      let h = head[i];
      const stop = end[i];
      while (h < stop && live[col[h]] === 0) h++;
      head[i] = h;
      if (h < stop || truncated[i] === 1) active[kept++] = i;
      else live[i] = 0;
    }
    size = kept;
    if (size === 0) break;

    let made = 0;
    for (let a = 0; a < size; a++) {
      const i = active[a];
      if (head[i] >= end[i]) continue;
      const j = col[head[i]];
      if (j < i || head[j] >= end[j] || col[head[j]] !== i) continue;
      mate[i] = j;
      mate[j] = i;
      found[i] = found[j] = key[head[i]];
      made++;
    }
    if (made > 0) {
      rounds++;
      for (let a = 0; a < size; a++) if (mate[active[a]] >= 0) live[active[a]] = 0;
      continue;
    }
    refill();
  }
  const scans = (lists === undefined ? 1 : 0) + (refiller?.entries ?? 0) / (n * n);
  return { mate, key: found, rounds, scans };

  /** Refills some of the lists that ran dry. */
  function refill(): void {
    if (refiller === undefined) {
      refiller = new Refiller(source, room);
      moveLists();
    }
    const people = active.subarray(0, size);
    const last = (i: number) => key[end[i] - 1];
    const chosen = chooseRefill(
      policy,
      minBatch,
      { n, dry: people.filter((i) => head[i] === end[i]), live: size },
      (a, b) => last(b) - last(a) || a - b,
    );
    policy = chosen.state;
    refiller.fill(chosen.rows, live, (i, count, cols, keys, more) => {
      head[i] = slot[i];
      end[i] = slot[i] + count;
      // Lists are short: copies of them as arrays would cost more.
      for (let e = 0, to = slot[i]; e < count; e++, to++) {
        col[to] = cols[e];
        key[to] = keys[e];
      }
      truncated[i] = more ? 1 : 0;
    });
  }

  /** Moves what is left of the lists of active people to where there is room for longer ones. */
  function moveLists(): void {
    // The last entry of a list that ran dry is still compared.
    const first = (i: number) => Math.max(start[i], Math.min(head[i], end[i] - 1));
    let longest = room;
    for (let a = 0; a < size; a++) longest = Math.max(longest, end[active[a]] - first(active[a]));
    const moved = { col: new Int32Array(size * longest), key: new Float64Array(size * longest) };
    for (let a = 0; a < size; a++) {
      const i = active[a];
      const from = first(i);
      const shift = a * longest - from;
      for (let e = from; e < end[i]; e++) {
        moved.col[e + shift] = col[e];
        moved.key[e + shift] = key[e];
      }
      head[i] += shift;
      end[i] += shift;
      slot[i] = a * longest;
    }
    ({ col, key } = moved);
  }
}
