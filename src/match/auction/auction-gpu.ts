import { closing, DEFAULT_GAP, gapOf } from './auction-schedule.ts';
import type { GapPoint } from './auction-schedule.ts';
import { cutCycles } from './cycles.ts';
import { emptyLists } from '../../score/lists.ts';
import { meanPair } from './auction-state.ts';
import { chainsOfAuction, checkAuction, filled, openingPrices } from './pool-auction.ts';
import { ENOUGH, LEAST_GAIN, TURNS } from './two-opt.ts';
import { NONE } from '../../score/types.ts';
import type { MatchOptions } from '../../score/types.ts';
import type { GpuClock } from '../../gpu/clock.ts';
import type { GpuDevice } from '../../gpu/device.ts';
import { runGreedy } from '../greedy/greedy-gpu.ts';
import type { GreedyOutcome, Passes } from '../greedy/greedy-gpu.ts';
import { structWords } from '../../gpu/kernel.ts';
import { bidderWords, STALE } from '../../gpu/passes/auction.ts';
import { statusBuffer, statusWords } from '../../gpu/passes/dual.ts';
import type { ExchangePass } from '../../gpu/passes/exchange.ts';
import { lostRows, submitRebuild } from '../../gpu/rebuild.ts';
import { Sweeps } from '../../gpu/sweeps.ts';
import type { Tables } from '../../gpu/tables.ts';

export interface AuctionPasses extends Passes {
  readonly exchange: ExchangePass;
}

export interface AuctionOutcome extends GreedyOutcome {
  readonly closing: readonly GapPoint[];
}

const row = structWords('greedy', 'Row');
const move = structWords('exchange', 'Move');
/** Words of an entry of a list: whom, and the weight. */
const entry = 2;

/**
 * Auction on lists that the scoring pass has just filled: greedy first, then bidding until the gap is closed or the limits are reached, the
 * permutation cut into pairs, the rest paired greedily, then exchanges. The certificate is the best that was met. Never worse than greedy.
 */
export async function runAuction(
  gpu: GpuDevice,
  passes: AuctionPasses,
  tables: Tables,
  clock: GpuClock,
  options: MatchOptions,
): Promise<AuctionOutcome> {
  const { n, order } = tables;
  const { queue } = gpu.device;
  const { rows, prices, pairs, mates, weights } = tables.bindings as Record<string, GPUBuffer>;
  checkAuction(n, options);

  const plainRows = gpu.pool.storage('plain-rows', n * row.size * 4);
  const simple = await runGreedy(gpu, passes, tables, clock, undefined, () =>
    copy(gpu, rows, plainRows, n * row.size * 4),
  );
  copy(gpu, plainRows, rows, n * row.size * 4);
  if (options.prices !== undefined) {
    const known = openingPrices(n, options.prices);
    queue.writeBuffer(
      prices,
      0,
      Float32Array.from(order, (i) => known[i]),
    );
  }

  let proof = { y: simple.y, bound: sum(simple.y) };
  const pair = meanPair(proof.bound, simple.units, n);
  let cut = nobody(n);
  let most = -1;
  let renewed = false;
  let stale: number[] = [];
  let bidders = new ArrayBuffer(0);
  let beyond = new Int32Array(0);
  let fresh: number[] = [];
  const plan = closing(n, options);
  let step = plan.next();
  while (step.done !== true) {
    const request = step.value;
    const sweeps = new Sweeps(gpu, clock, 'match');
    if (request.do === 'play') {
      if (fresh.length > 0) passes.auction.refresh(sweeps, tables, fresh);
      fresh = [];
      if (request.begin !== undefined)
        passes.auction.begin(sweeps, tables, `price_${request.begin}`, renewed);
      const played = { rounds: 0, active: 0, stale: 0 };
      for (let on: Sweeps | undefined = sweeps; on !== undefined;) {
        const most = request.most - played.rounds;
        const wide = passes.auction.rounds(on, tables, { share: request.share, pair, most });
        const get = await on.read([
          { name: 'bids', buffer: pairs, bytes: wide * 4 },
          { name: 'status', buffer: statusBuffer(gpu), bytes: statusWords.bytes },
          { name: 'bidders', buffer: passes.auction.bidders(tables), bytes: n * bidderWords.size * 4 },
          { name: 'beyond', buffer: passes.auction.beyond(tables), bytes: n * 4 },
        ]);
        const status = new Uint32Array(get('status'));
        played.rounds += status[statusWords.rounds];
        if (wide > 0) for (const b of new Uint32Array(get('bids'))) if (b > 0) played.rounds++;
        played.active = status[statusWords.waiting];
        bidders = get('bidders');
        beyond = new Int32Array(get('beyond'));
        // A submission has its own limit.
        on = played.active > 0 && played.rounds < request.most ? new Sweeps(gpu, clock, 'match') : undefined;
      }
      const words = new Uint32Array(bidders);
      stale = [];
      for (let i = 0; i < n; i++)
        if (words[i * bidderWords.size + bidderWords.state] === STALE) stale.push(i);
      step = plan.next({ ...played, stale: stale.length });
    } else if (request.do === 'refresh') {
      // The scoring pass subtracts the table `prices` from every candidate: these lists are by net value.
      fresh = stale.sort((a, b) => beyond[b] - beyond[a] || a - b).slice(0, request.most);
      const everybody = Array.from({ length: n }, (_, i) => i);
      // Where a queue ran over, somebody is missing in the list and no bound follows from it: such rows are scored again.
      for (let lost = fresh, careful = false; lost.length > 0; careful = true) {
        await submitRebuild(gpu, passes.score, tables, clock, { rows: lost, columns: everybody, careful });
        const get = await new Sweeps(gpu, clock, 'match').read([
          { name: 'rows', buffer: rows, bytes: n * row.size * 4 },
        ]);
        lost = lostRows(tables, get('rows'));
      }
      renewed = true;
      step = plan.next(fresh.length / n);
    } else {
      let now = cut;
      if (most >= 0) {
        passes.dual.encodeByPrice(sweeps, tables, renewed);
        const get = await sweeps.read([{ name: 'y', buffer: passes.dual.y(tables, true), bytes: n * 4 }]);
        const y = Float32Array.from(new Int32Array(get('y')), (v) => v / simple.units);
        const bound = sum(y);
        if (bound < proof.bound) proof = { y, bound };
        now = pairsOf(tables, bidders);
      }
      const weight = filled(
        n,
        now.mates,
        simple.mates,
        (i) => (now.mates[i] === NONE ? simple : now).weights[i],
      );
      if (weight > most) {
        most = weight;
        cut = now;
      }
      step = plan.next(gapOf(proof.bound, most));
    }
  }
  const { rounds, scans, series } = step.value;

  // Back to the lists by weight, without prices.
  copy(gpu, plainRows, rows, n * row.size * 4);
  queue.writeBuffer(prices, 0, new Float32Array(n));
  const y = proof.y;
  const rest = await runGreedy(gpu, passes, tables, clock, { ...cut, y });
  const best = sum(simple.weights) > sum(rest.weights) ? simple : rest;
  queue.writeBuffer(mates, 0, best.mates as Uint32Array<ArrayBuffer>);
  queue.writeBuffer(weights, 0, best.weights as Float32Array<ArrayBuffer>);
  // Greedy may have given rows other lists; exchanges go by those of the first scan.
  const exchanged = await exchange(gpu, passes, tables, clock, plainRows, simple.top);
  const short = gapOf(proof.bound, sum(exchanged.weights) / 2) > (options.gap ?? DEFAULT_GAP);
  const outcome = short ? await chains(gpu, tables, clock, exchanged, proof.bound, options) : exchanged;
  const total = sum(outcome.weights) / 2;
  return {
    ...simple,
    ...outcome,
    y,
    rounds: rounds + simple.rounds + rest.rounds,
    scans: scans + simple.scans + rest.scans,
    closing: [...series, { rounds, gap: gapOf(proof.bound, total) }],
  };
}

function nobody(n: number) {
  return { mates: new Uint32Array(n).fill(NONE), weights: new Float32Array(n) };
}

async function exchange(
  gpu: GpuDevice,
  passes: AuctionPasses,
  tables: Tables,
  clock: GpuClock,
  plainRows: GPUBuffer,
  top: number,
): Promise<Pick<GreedyOutcome, 'mates' | 'weights'>> {
  const { n } = tables;
  const { rows, mates, weights } = tables.bindings as Record<string, GPUBuffer>;
  const moves = passes.exchange.moves(tables);
  const counterAt = n * move.size * 4;
  copy(gpu, plainRows, rows, n * row.size * 4);
  for (;;) {
    gpu.device.queue.writeBuffer(moves, counterAt, new Uint32Array(move.size));
    const sweeps = new Sweeps(gpu, clock, 'match');
    passes.exchange.encode(sweeps, tables, TURNS, top * LEAST_GAIN);
    const get = await sweeps.read([
      { name: 'mates', buffer: mates, bytes: n * 4 },
      { name: 'weights', buffer: weights, bytes: n * 4 },
      { name: 'moves', buffer: moves, bytes: counterAt + move.size * 4 },
    ]);
    const made = new Uint32Array(get('moves'))[counterAt / 4 + move.at('best')];
    // Most of the gain is in the first turns; what is left after them is not worth a round trip each.
    if (made <= n * ENOUGH)
      return { mates: new Uint32Array(get('mates')), weights: new Float32Array(get('weights')) };
  }
}

/** Longer exchanges by the lists of the first scan, on the CPU: each depends on the one before. In the pool's order, as its twin does. */
async function chains(
  gpu: GpuDevice,
  { n, order, length, bindings }: Tables,
  clock: GpuClock,
  { mates, weights }: Pick<GreedyOutcome, 'mates' | 'weights'>,
  bound: number,
  options: MatchOptions,
): Promise<Pick<GreedyOutcome, 'mates' | 'weights'>> {
  const { rows, lists } = bindings as Record<string, GPUBuffer>;
  const get = await new Sweeps(gpu, clock, 'match').read([
    { name: 'rows', buffer: rows, bytes: n * row.size * 4 },
    { name: 'lists', buffer: lists, bytes: n * length * entry * 4 },
  ]);
  const info = new Uint32Array(get('rows'));
  const cols = new Uint32Array(get('lists'));
  const keys = new Float32Array(get('lists'));
  const all = emptyLists(n, length);
  const mate = new Int32Array(n).fill(-1);
  const weight = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const i = order[k];
    if (mates[k] !== NONE) mate[i] = order[mates[k]];
    weight[i] = weights[k];
    all.count[i] = info[k * row.size + row.at('length')];
    const from = info[k * row.size + row.at('start')];
    for (let e = 0; e < all.count[i]; e++) {
      all.col[i * length + e] = order[cols[(from + e) * entry]];
      all.key[i * length + e] = keys[(from + e) * entry + 1];
    }
  }
  chainsOfAuction(all, mate, weight, bound, options);
  const place = placesOf(order);
  return {
    mates: Uint32Array.from(order, (i) => (mate[i] < 0 ? NONE : place[mate[i]])),
    weights: Float32Array.from(order, (i) => weight[i]),
  };
}

/** Pairs of the permutation, in the order of the tables; cut in the pool's order, so that it is the same cut on any device. */
function pairsOf(
  { order }: Tables,
  bidders: ArrayBuffer,
): { mates: Uint32Array<ArrayBuffer>; weights: Float32Array<ArrayBuffer> } {
  const words = new Uint32Array(bidders);
  const floats = new Float32Array(bidders);
  const place = placesOf(order);
  const next = Int32Array.from(place, (k) => {
    const object = words[k * bidderWords.size + bidderWords.object];
    return object === NONE ? -1 : order[object];
  });
  // Asked only about edges i -> next[i].
  const weight = (i: number) => floats[place[i] * bidderWords.size + bidderWords.weight];
  const mate = cutCycles(next, weight);
  return {
    mates: Uint32Array.from(order, (i) => (mate[i] < 0 ? NONE : place[mate[i]])),
    weights: Float32Array.from(order, (i) => (mate[i] < 0 ? 0 : weight(next[i] === mate[i] ? i : mate[i]))),
  };
}

function placesOf(order: Uint32Array): Uint32Array {
  const place = new Uint32Array(order.length);
  order.forEach((i, k) => (place[i] = k));
  return place;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}

function copy(gpu: GpuDevice, from: GPUBuffer, to: GPUBuffer, bytes: number): void {
  const encoder = gpu.device.createCommandEncoder({ label: 'copy' });
  encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
  gpu.device.queue.submit([encoder.finish()]);
}
