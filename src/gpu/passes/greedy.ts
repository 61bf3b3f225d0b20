import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { structWords, uniformBytes } from '../kernel.ts';
import type { Wanted } from '../readback.ts';
import type { Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

/** Most rounds of one submission (slots of the table `pairs`). */
export const MOST_ROUNDS = 128;
/** So many in play and one workgroup plays the rest: a dispatch per round would cost more than the round. */
const SOLO = 2048;
/** Width of the table on which those left by the lists are finished without any (finish.wgsl). */
const FINISH = 256;
/** So many at most: its rows are sorted by counting, n^3 steps, which a GPU in software goes through one by one. */
const finishLimit = (gpu: GpuDevice) => (gpu.facts.isFallbackAdapter ? FINISH / 2 : FINISH);

/** One workgroup is a fraction of the device, less so where the device is a few threads of a processor. */
const kindsOf = ({ sweep }: GpuDevice) => ({
  round: { name: 'greedy rounds', start: sweep / 2 },
  tail: { name: 'greedy tail', start: sweep / 4, atMost: true },
  weigh: { name: 'greedy weigh', start: sweep / 5, atMost: true },
  finish: { name: 'greedy finish', start: sweep / 2, atMost: true },
});

const tally = structWords('greedy', 'Tally');
const outcome = structWords('finish', 'Outcome');

/** What a batch of rounds came to. */
export interface Played {
  readonly rounds: number;
  /** Weights computed for the finish, as a share of n^2. */
  readonly scans: number;
  /** Everything is decided. */
  readonly done: boolean;
  /** Rounds were still to be played when the batch ended. */
  readonly unfinished: boolean;
}

/**
 * Rounds of locally dominant pairs on the lists. Needs `mates` (NONE where free). A round without a pair is a fixed point: then every free
 * row either has nobody left, or its list ran dry (`best` = DRY), or waits for such a row. Once few are in play, one workgroup plays all
 * rounds that remain; once few are left by the lists, one finishes them on a table of all their weights.
 *
 * Floor per round: two passes over n rows, 24 + 8 bytes each; in the tail only over those still in play.
 */
export class GreedyPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly point: Kernel,
    readonly pair: Kernel,
    readonly tail: Kernel,
    readonly weigh: Kernel,
    readonly sort: Kernel,
    readonly finish: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<GreedyPass> {
    const [point, pair, tail, weigh, sort, finish] = await Promise.all([
      gpu.kernel('greedy', 'point'),
      gpu.kernel('greedy', 'pair'),
      gpu.kernel('greedy', 'tail'),
      ...['weigh_left', 'sort_left', 'finish'].map((entry) =>
        gpu.kernel('finish', entry, { LIMIT: finishLimit(gpu) }),
      ),
    ]);
    return new GreedyPass(gpu, point, pair, tail, weigh, sort, finish);
  }

  /** Encodes `count` rounds of everybody, then the tail and the finish. Read {@link wanted} afterwards. */
  encode(sweeps: Sweeps, tables: Tables, count: number): void {
    const { gpu } = this;
    const { n } = tables;
    const groups = Math.ceil(n / 64);
    const kinds = kindsOf(gpu);
    // As far as one workgroup comes in one submission; it goes on in the next batch.
    const work = Math.floor(sweeps.room(kinds.tail));
    const uniform = (round: number) =>
      gpu.uniforms.put(
        uniformBytes('greedy', 'round', { n, round, opening: round === 0 ? 1 : 0, most: SOLO, work }),
      );
    const all = { ...tables.bindings, ...this.#own(tables) };
    // Before what is written here, as all writes, is what was encoded so far: bidding counts in the same table.
    sweeps.submit();
    if (count > 0)
      gpu.device.queue.writeBuffer(tables.bindings.pairs as GPUBuffer, 0, new Uint32Array(count));
    gpu.device.queue.writeBuffer(all.outcome, 0, new Uint32Array(outcome.size));
    for (let round = 0; round < count; round++)
      sweeps.step(
        2 * n,
        (pass) => {
          const bindings = { ...all, round: uniform(round) };
          this.point.dispatch(pass, bindings, groups);
          this.pair.dispatch(pass, bindings, groups);
        },
        kinds.round,
      );
    // Every row in play is gone over in each of some dozens of rounds.
    sweeps.step(
      Math.min(work, 32 * n),
      (pass) => this.tail.dispatch(pass, { ...all, round: uniform(0) }, 1),
      kinds.tail,
    );
    const most = Math.min(n, finishLimit(gpu));
    sweeps.step(
      (most ** 2 / 4) * (tables.planes * tables.dots + 4),
      (pass) => this.weigh.dispatch(pass, all, Math.ceil(most / 8), Math.ceil(most / 32)),
      kinds.weigh,
    );
    sweeps.step(
      most ** 3 / 5,
      (pass) => {
        this.sort.dispatch(pass, all, Math.ceil(most / 8), Math.ceil(most / 32));
        this.finish.dispatch(pass, all, 1);
      },
      kinds.finish,
    );
  }

  /** What to read back after {@link encode}. */
  wanted(tables: Tables, count: number): Wanted[] {
    const own = this.#own(tables);
    return [
      { name: 'pairs', buffer: tables.bindings.pairs as GPUBuffer, bytes: count * 4 },
      { name: 'tally', buffer: own.tally, bytes: tally.size * 4 },
      { name: 'outcome', buffer: own.outcome, bytes: outcome.size * 4 },
    ];
  }

  /** What was read back, understood. */
  played({ n }: Tables, get: (name: string) => ArrayBuffer, count: number): Played {
    const told = new Uint32Array(get('tally'));
    const end = new Uint32Array(get('outcome'));
    let rounds = told[tally.at('rounds')] + end[outcome.at('rounds')];
    const putOff = told[tally.at('playing')] > 0;
    let still = false;
    if (count > 0)
      for (const made of new Uint32Array(get('pairs'))) {
        if (made > 0) rounds++;
        else still = true;
      }
    // A round of everybody without a pair: the lists decide no more, however many are left (the tail is put off while they are many).
    const unfinished = putOff && !still;
    const finished = end[outcome.at('done')] === 1;
    const done = !putOff && (told[tally.at('dry')] === 0 || finished);
    return { rounds, scans: finished ? (told[tally.at('left')] / n) ** 2 : 0, done, unfinished };
  }

  #own({ n }: Tables) {
    const { pool } = this.gpu;
    return {
      play: pool.storage('play', 2 * n * 4),
      tally: pool.storage('tally', tally.size * 4),
      outcome: pool.storage('finish-outcome', outcome.size * 4),
      table: pool.storage('finish-table', FINISH ** 2 * 4),
      places: pool.storage('finish-places', FINISH ** 2 * 16),
      ranked: pool.storage('finish-ranked', FINISH ** 2 * 8),
    };
  }
}

/** Rounds of everybody to encode first: each pairs a good part of those in play, on most pools. */
export function openingRounds(n: number): number {
  return n <= SOLO ? 0 : 4 + Math.ceil(3 * Math.log2(n / SOLO));
}
