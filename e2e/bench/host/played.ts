import type { GreedyProgress, RefillExtent } from '../../../src/gpu/passes/match/greedy.ts';
import { MAX_SOLO } from '../../../src/gpu/passes/match/auction.ts';
import { batchPlan, refillPlan } from '../../../src/gpu/passes/match/greedy.ts';
import { MAX_LEFT } from '../../../src/gpu/tick/tick-buffers.ts';
import { shapeOf } from '../../../src/gpu/tick/upload.ts';
import { AuctionState, SKETCH } from '../../../src/match/auction/auction-state.ts';
import { Refiller } from '../../../src/match/greedy/refill.ts';
import { buildLists } from '../../../src/score/candidates/lists.ts';
import type { MatchOptions, Pool, WeightRule } from '../../../src/score/types.ts';
import { poolSource } from '../../../src/score/weights.ts';

/** What greedy reports after a batch of rounds, and whether the finish decided the rest. */
export interface PlayedBatch extends GreedyProgress {
  readonly finished: boolean;
}

/** ROUND_COST in shaders/base/constants.wgsl. */
const ROUND_COST = 4096;
const MAX_BINDING = 128 * 2 ** 20;
const [NONE, DRY] = [-1, -2];

/**
 * Plays greedy on the CPU in the batches of the GPU (greedy.wgsl, refill.wgsl), to know what the
 * device would report after each: lists, and so the calls of the host, depend on the pool. Queues
 * are taken to be long enough.
 */
export function playBatches(pool: Pool, rule: WeightRule, options: MatchOptions): PlayedBatch[] {
  const { n } = pool;
  const shape = shapeOf(pool, rule, options, MAX_BINDING);
  const source = poolSource(withoutZeros(pool), rule, options.seed);
  const first = buildLists(source, shape.length);
  const lists = Array.from({ length: n }, (_, i) =>
    first.col.subarray(first.start[i], first.start[i] + first.count[i]),
  );
  const last = Float64Array.from(lists, (list, i) => first.key[first.start[i] + list.length - 1]);
  const full = first.truncated.slice();
  const refiller = new Refiller(source, shape.longLength);
  const refill = refillPlan(shape);
  /** Rows that the last refill wanted, rows left then, and whether a row has a longer list. */
  let [wanted, before, madeBefore, limit] = [0, 0, 0, refill.most];
  let grown = false;
  const refilled = new Uint8Array(n);
  const head = new Int32Array(n);
  const best = new Int32Array(n);
  const mate = new Int32Array(n).fill(NONE);
  let left = Array.from({ length: n }, (_, i) => i);
  // The first `playing` rows of `play`: neither dry nor without candidates, so far as is known.
  const play = new Int32Array(n);
  let playing = 0;
  const played: PlayedBatch[] = [];
  const extents: RefillExtent[] = [];
  let [rounds, refills, scans, workDone] = [0, 0, 0, 0];
  let unfinished = false;

  /** Whether a round of the rows in play made a pair. */
  const round = (): boolean => {
    for (let k = 0; k < playing; k++) {
      const i = play[k];
      const list = lists[i];
      let at = head[i];
      while (at < list.length && mate[list[at]] !== NONE) at++;
      head[i] = at;
      best[i] = at < list.length ? list[at] : full[i] === 1 ? DRY : NONE;
    }
    let made = false;
    for (let k = 0; k < playing; k++) {
      const i = play[k];
      const j = best[i];
      if (j <= i || best[j] !== i) continue;
      [mate[i], mate[j]] = [j, i];
      made = true;
    }
    if (made) rounds++;
    let kept = 0;
    for (let k = 0; k < playing; k++) {
      const i = play[k];
      if (mate[i] === NONE && best[i] >= 0) play[kept++] = i;
    }
    playing = kept;
    return made;
  };

  const usedUp = (i: number) => refilled[i] === 1 && full[i] === 1 && 4 * head[i] >= 3 * lists[i].length;

  /** As refill.wgsl chooses; which of some rows with equal last entries may differ. */
  const chooseRows = (): Int32Array => {
    const candidates = left.filter((i) => best[i] === DRY || usedUp(i));
    const spent = candidates.filter((i) => refilled[i] === 1).length;
    const made = wanted === 0 ? 0 : before - left.length;
    const grew = grown;
    grown = false;
    if (wanted === 0) wanted = refill.most;
    else if (grew && 2 * made < 3 * madeBefore) limit = wanted = Math.floor(wanted / 2);
    else if (4 * Math.max(made, spent) < wanted) wanted = Math.min(refill.most, 2 * wanted);
    else if (made + madeBefore >= 2 * wanted && wanted < limit) {
      grown = true;
      wanted = Math.min(limit, 2 * wanted);
    } else if (made + madeBefore < wanted && made <= madeBefore)
      wanted = Math.max(refill.least, Math.floor(wanted / 2));
    [before, madeBefore] = [left.length, made];
    if (candidates.length <= Math.min(refill.room, wanted + Math.floor(wanted / 4)))
      return Int32Array.from(candidates);
    candidates.sort((a, b) => refilled[b] - refilled[a] || last[b] - last[a] || a - b);
    return Int32Array.from(candidates.slice(0, wanted));
  };

  /** @returns how many rows got a longer list. */
  const refillLists = (): number => {
    const live = new Uint8Array(n);
    for (const i of left) live[i] = 1;
    const rows = chooseRows();
    refiller.fill(rows, live, (i, count, cols, keys, more) => {
      lists[i] = cols.slice(0, count);
      last[i] = keys[count - 1];
      full[i] = more ? 1 : 0;
      head[i] = 0;
      refilled[i] = 1;
    });
    refills++;
    scans += (rows.length / n) * (left.length / n);
    return rows.length;
  };

  for (;;) {
    const opening = played.length === 0;
    const extent = { rows: 0, columns: left.length / n };
    if (!opening && !unfinished && left.length > MAX_LEFT) extent.rows = refillLists() / n;
    extents.push(extent);
    const { wide, max, visits } = batchPlan(n, opening);
    play.set(left);
    playing = left.length;
    let fixed = false;
    for (let k = 0; k < wide && !fixed; k++) fixed = !round();
    unfinished = !fixed && playing > max;
    let work = 0;
    while (!unfinished && !fixed && playing > 0) {
      work += playing + ROUND_COST;
      fixed = !round();
      unfinished = !fixed && playing > 0 && work > visits;
    }
    workDone += work;
    left = left.filter((i) => mate[i] === NONE && best[i] !== NONE);
    const dry = left.some((i) => best[i] === DRY);
    const done = !unfinished && !dry;
    const finished = !unfinished && dry && left.length <= MAX_LEFT;
    played.push({
      rounds,
      unfinished,
      lost: 0,
      left: left.length,
      done,
      refills,
      scans,
      visits: workDone,
      batches: extents.length,
      extents: extents.slice(),
      finished,
    });
    if (done || finished) return played;
  }
}

/** Whether few still bid at the end of the sketch of the certificate: `Pace.fewBid`. */
export function fewBidAtTheEnd(pool: Pool, rule: WeightRule, options: MatchOptions): boolean {
  const source = poolSource(pool, rule, options.seed);
  const state = new AuctionState(source, buildLists(source));
  state.certify();
  state.price.set(state.y);
  state.begin();
  return state.play(SKETCH.share, SKETCH.rounds, true).active <= MAX_SOLO;
}

/** The same weights from fewer components, where some are 0 for everyone. */
function withoutZeros(pool: Pool): Pool {
  const { n, dim, user, peer } = pool;
  const used = Array.from({ length: dim }, (_, k) => k).filter((k) => {
    for (let e = k; e < n * dim; e += dim) if (user[e] !== 0 || peer[e] !== 0) return true;
    return false;
  });
  const width = 4 * Math.ceil(used.length / 4);
  const narrow = (vectors: Float32Array) => {
    const out = new Float32Array(n * width);
    for (let i = 0; i < n; i++) used.forEach((k, c) => (out[i * width + c] = vectors[i * dim + k]));
    return out;
  };
  return used.length === dim ? pool : { ...pool, dim: width, user: narrow(user), peer: narrow(peer) };
}
