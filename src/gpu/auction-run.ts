import { LabError, must } from '../base/errors.ts';
import { cutCycles } from '../match/cycles.ts';
import { NONE } from '../match/types.ts';
import type { MatchOptions } from '../match/types.ts';
import type { GpuClock } from './clock.ts';
import type { GpuDevice } from './device.ts';
import { runGreedy } from './greedy-run.ts';
import type { GreedyOutcome, Passes } from './greedy-run.ts';
import { structWords } from './kernel.ts';
import { bidderWords, MOST_BIDDING, STALE } from './passes/auction.ts';
import type { AuctionPass, Market } from './passes/auction.ts';
import type { ExchangePass } from './passes/exchange.ts';
import { lostRows, submitRebuild } from './rebuild.ts';
import { Sweeps } from './sweeps.ts';
import type { Tables } from './tables.ts';

export interface AuctionPasses extends Passes {
  readonly auction: AuctionPass;
  readonly exchange: ExchangePass;
}

const row = structWords('greedy', 'Row');
const move = structWords('exchange', 'Move');
const TURNS = 8;
/** Rounds after which the price war's tail is left to greedy and exchanges, unless the caller says otherwise. */
const DEFAULT_ROUNDS = 2000;
/** Scans by rebuilt rows after which likewise; small pools may take more. */
const mostScans = (n: number) => Math.max(1.5, 1e6 / n ** 2);
/** Where more than this share of the bound is missing, greedy is tried too. */
const POOR = 0.02;

/**
 * Auction on lists that the scoring pass has just filled: bidding until nobody bids (or the cap, or the tail of a price war), the permutation
 * cut into pairs, the rest paired greedily, then exchanges. The certificate is the better of the lists' own and the prices'.
 */
export async function runAuction(
  gpu: GpuDevice,
  passes: AuctionPasses,
  tables: Tables,
  clock: GpuClock,
  options: MatchOptions,
): Promise<GreedyOutcome> {
  const { n, order } = tables;
  const { queue } = gpu.device;
  const { rows, prices, pairs, mates, weights } = tables.bindings as Record<string, GPUBuffer>;
  const share = options.epsilon ?? 0.001;
  must(share > 0 && Number.isFinite(share), `epsilon must be a finite number above 0, not ${share}`);

  const plainRows = gpu.pool.storage('plain-rows', n * row.size * 4);
  const auctionPrices = gpu.pool.storage('auction-prices', n * 4);
  let repaired = 0;
  let own: { rows: ArrayBuffer; y: Float32Array };
  for (;;) {
    const sweeps = new Sweeps(gpu, clock, 'match');
    const y = passes.dual.encode(sweeps, tables);
    const get = await sweeps.read([
      { name: 'rows', buffer: rows, bytes: n * row.size * 4 },
      { name: 'y', buffer: y, bytes: n * 4 },
    ]);
    own = { rows: get('rows'), y: new Float32Array(get('y')) };
    const lost = lostRows(tables, own.rows);
    if (lost.length === 0) break;
    submitRebuild(gpu, passes.score, tables, clock, { rows: lost, columns: null, careful: true });
    repaired += lost.length / n;
  }
  copy(gpu, rows, plainRows, n * row.size * 4);

  const tops = new Float32Array(own.rows);
  let top = 0;
  for (let i = 0; i < n; i++) top = Math.max(top, tops[i * row.size + row.at('top')]);
  // Weights come to 2^21 to 2^22 units: a bid may go that high once more above a price and still be a whole number in f32.
  const units = top > 0 ? 2 ** (21 - Math.floor(Math.log2(top))) : 1;
  const market: Market = { units, epsilon: Math.max(2, Math.round(share * top * units)) };
  const start = new Float32Array(n);
  if (options.prices !== undefined)
    for (let k = 0; k < n; k++) {
      const price = options.prices[order[k]];
      if (!Number.isFinite(price))
        throw new LabError(`price of position ${order[k]} is ${price}, not a finite number`);
      start[k] = Math.min(top, price);
    }
  queue.writeBuffer(prices, 0, start);

  const insists = options.maxRounds !== undefined;
  const cap = options.maxRounds ?? Math.min(20 * n + 1000, DEFAULT_ROUNDS);
  let rounds = 0;
  let scans = 0;
  let bidders: ArrayBuffer;
  for (let opening = true, refresh = false; ; opening = false) {
    const count = Math.max(1, Math.min(MOST_BIDDING, cap - rounds));
    queue.writeBuffer(pairs, 0, new Uint32Array(count));
    const sweeps = new Sweeps(gpu, clock, 'match');
    if (opening) passes.auction.begin(sweeps, tables, market);
    if (refresh) passes.auction.refresh(sweeps, tables, market);
    passes.auction.rounds(sweeps, tables, market, count);
    const get = await sweeps.read([
      { name: 'bids', buffer: pairs, bytes: count * 4 },
      { name: 'bidders', buffer: passes.auction.bidders(tables), bytes: n * bidderWords.size * 4 },
    ]);
    bidders = get('bidders');
    const bids = new Uint32Array(get('bids'));
    rounds += bids.filter((b) => b > 0).length;
    const last = bids[count - 1];
    // Few bidders, many rounds: a price war, worth about epsilon a round.
    const war = !insists && last > 0 && last <= Math.max(2, n / 200) && rounds > 100;
    if (rounds >= cap || war) break;
    if (last > 0) {
      refresh = false;
      continue;
    }
    const words = new Uint32Array(bidders);
    const stale: number[] = [];
    for (let i = 0; i < n; i++) if (words[i * bidderWords.size + bidderWords.state] === STALE) stale.push(i);
    // Where everybody wants the same few, lists go stale faster than prices settle.
    if (stale.length === 0 || (!insists && scans > mostScans(n))) break;
    // The scoring pass subtracts the table `prices` from every candidate: these lists are by net value.
    const everybody = Array.from({ length: n }, (_, i) => i);
    submitRebuild(gpu, passes.score, tables, clock, { rows: stale, columns: everybody, careful: false });
    scans += stale.length / n;
    refresh = true;
  }

  // Back to the lists by weight, without prices.
  copy(gpu, plainRows, rows, n * row.size * 4);
  copy(gpu, prices, auctionPrices, n * 4);
  queue.writeBuffer(prices, 0, new Float32Array(n));
  const last = new Sweeps(gpu, clock, 'match');
  const pricedY = passes.dual.encode(last, tables, auctionPrices);
  const get = await last.read([{ name: 'y', buffer: pricedY, bytes: n * 4 }]);
  const priced = new Float32Array(get('y'));
  const y = sum(priced) < sum(own.y) ? priced : own.y;

  const cut = pairsOf(n, bidders);
  let best = await runGreedy(gpu, passes, tables, clock, { ...cut, y });
  rounds += best.rounds;
  scans += best.scans;
  if (sum(best.weights) / 2 < (1 - POOR) * sum(y)) {
    // The war was broken off, or cutting cost much: never worse than the simple rule.
    copy(gpu, plainRows, rows, n * row.size * 4);
    const free = { mates: new Uint32Array(n).fill(NONE), weights: new Float32Array(n), y };
    const simple = await runGreedy(gpu, passes, tables, clock, free);
    rounds += simple.rounds;
    scans += simple.scans;
    if (sum(simple.weights) > sum(best.weights)) best = simple;
  }
  queue.writeBuffer(mates, 0, best.mates as Uint32Array<ArrayBuffer>);
  queue.writeBuffer(weights, 0, best.weights as Float32Array<ArrayBuffer>);
  // Greedy may have given rows other lists; exchanges go by those of the first scan.
  const outcome = await exchange(gpu, passes, tables, clock, plainRows, top);
  return { ...outcome, y, rounds, scans: 1 + repaired + scans };
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
    passes.exchange.encode(sweeps, tables, TURNS, top * 2 ** -20);
    const get = await sweeps.read([
      { name: 'mates', buffer: mates, bytes: n * 4 },
      { name: 'weights', buffer: weights, bytes: n * 4 },
      { name: 'moves', buffer: moves, bytes: counterAt + move.size * 4 },
    ]);
    const made = new Uint32Array(get('moves'))[counterAt / 4 + move.at('best')];
    // Most of the gain is in the first turns; what is left after them is not worth a round trip each.
    if (made <= n / 200)
      return { mates: new Uint32Array(get('mates')), weights: new Float32Array(get('weights')) };
  }
}

/** Pairs of the permutation, in the order of the tables. */
function pairsOf(
  n: number,
  bidders: ArrayBuffer,
): { mates: Uint32Array<ArrayBuffer>; weights: Float32Array<ArrayBuffer> } {
  const words = new Uint32Array(bidders);
  const floats = new Float32Array(bidders);
  const next = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const object = words[i * bidderWords.size + bidderWords.object];
    next[i] = object === NONE ? -1 : object;
  }
  // Asked only about edges i -> next[i].
  const weight = (i: number) => floats[i * bidderWords.size + bidderWords.weight];
  const mate = cutCycles(next, weight);
  const mates = new Uint32Array(n).fill(NONE);
  const weights = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    if (mate[i] < 0) continue;
    mates[i] = mate[i];
    weights[i] = weight(next[i] === mate[i] ? i : mate[i]);
  }
  return { mates, weights };
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
