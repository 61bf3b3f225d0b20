import type { GreedyProgress } from '../../../src/gpu/passes/match/greedy.ts';
import { batchPlan, refillPlan } from '../../../src/gpu/passes/match/greedy.ts';
import { MAX_LEFT } from '../../../src/gpu/tick/tick-buffers.ts';
import { shapeOf } from '../../../src/gpu/tick/upload.ts';
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
  const source = poolSource(pool, rule, options.seed);
  const first = buildLists(source, shape.length);
  const lists = Array.from({ length: n }, (_, i) =>
    first.col.subarray(first.start[i], first.start[i] + first.count[i]),
  );
  const last = Float64Array.from(lists, (list, i) => first.key[first.start[i] + list.length - 1]);
  const full = first.truncated.slice();
  const refiller = new Refiller(source, shape.longLength);
  const refill = refillPlan(shape);
  const head = new Int32Array(n);
  const best = new Int32Array(n);
  const mate = new Int32Array(n).fill(NONE);
  let left = Array.from({ length: n }, (_, i) => i);
  const played: PlayedBatch[] = [];
  let [rounds, refills, scans] = [0, 0, 0];
  let unfinished = false;

  /** Rows that may still be paired, after a round; `made`: whether it made a pair. */
  const round = (rows: readonly number[]): { kept: number[]; made: boolean } => {
    for (const i of rows) {
      const list = lists[i];
      while (head[i] < list.length && mate[list[head[i]]] !== NONE) head[i]++;
      best[i] = head[i] < list.length ? list[head[i]] : full[i] === 1 ? DRY : NONE;
    }
    let made = false;
    for (const i of rows) {
      const j = best[i];
      if (j <= i || best[j] !== i) continue;
      [mate[i], mate[j]] = [j, i];
      made = true;
    }
    if (made) rounds++;
    return { kept: rows.filter((i) => mate[i] === NONE && best[i] !== NONE), made };
  };

  const refillLists = () => {
    const live = new Uint8Array(n);
    for (const i of left) live[i] = 1;
    const dry = left.filter((i) => best[i] === DRY).sort((a, b) => last[b] - last[a] || a - b);
    const rows = Int32Array.from(dry.length <= refill.max ? dry : dry.slice(0, refill.wanted));
    refiller.fill(rows, live, (i, count, cols, keys, more) => {
      lists[i] = cols.slice(0, count);
      last[i] = keys[count - 1];
      full[i] = more ? 1 : 0;
      head[i] = 0;
    });
    refills++;
    scans += (rows.length / n) * (left.length / n);
  };

  for (;;) {
    const opening = played.length === 0;
    if (!opening && !unfinished && left.length > MAX_LEFT) refillLists();
    const { wide, max, visits } = batchPlan(n, opening);
    let fixed = false;
    for (let k = 0; k < wide && !fixed; k++) {
      const { kept, made } = round(left);
      left = kept;
      fixed = !made;
    }
    unfinished = !fixed && left.length > max;
    for (let work = 0, rows = left; !unfinished && !fixed && rows.length > 0;) {
      work += rows.length + ROUND_COST;
      fixed = !round(rows).made;
      rows = rows.filter((i) => mate[i] === NONE && best[i] >= 0);
      unfinished = !fixed && rows.length > 0 && work > visits;
    }
    left = left.filter((i) => mate[i] === NONE && best[i] !== NONE);
    const dry = left.some((i) => best[i] === DRY);
    const done = !unfinished && !dry;
    const finished = !unfinished && dry && left.length <= MAX_LEFT;
    played.push({ rounds, unfinished, lost: 0, left: left.length, done, refills, scans, finished });
    if (done || finished) return played;
  }
}
