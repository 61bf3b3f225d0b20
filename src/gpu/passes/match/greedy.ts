import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { ROWS_PER_MS, SUBMISSION_MS } from '../../batch/throughput.ts';
import type { GpuDevice } from '../../device.ts';
import type { Bindings, Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import { layouts } from '../../tick/layouts.ts';
import { MAX_LEFT, MAX_WIDE_ROUNDS } from '../../tick/tick-buffers.ts';
import type { TickBuffers, TickShape } from '../../tick/tick-buffers.ts';
import type { GpuTick } from '../../tick/upload.ts';
import { refillRoom } from '../score/score-topk.ts';
import type { ScorePass } from '../score/score-topk.ts';

/**
 * Maximum number of rows in play that one workgroup takes in the first batch, and in later ones,
 * where those of a refill are in play: more are worth a dispatch per round.
 */
const MAX_SOLO = { first: 2048, later: 4096 };
/**
 * After the first batch of rounds most rows have a partner, and in pools of up to this many people
 * one workgroup takes the others. In larger pools each batch begins with some dispatched rounds.
 */
const MAX_SOLO_LATER = 16_384;
const LATER_ROUNDS = 8;
/** Batches of rounds between two readbacks at most. */
export const MAX_BATCHES = 40;
/** Milliseconds of work that are encoded at once: on a slower device a wait matters less. */
const MAX_PLANNED_MS = 4 * SUBMISSION_MS;
/** Row visits of a tail at least: some dozens of rounds (ROUND_COST in constants.wgsl). */
const MIN_WORK = 2 ** 18;
const kinds = {
  round: { name: 'greedy rounds', initialRate: ROWS_PER_MS / 2 },
  tail: { name: 'greedy tail', initialRate: ROWS_PER_MS / 4, upperBound: true },
  choose: { name: 'greedy refill', initialRate: ROWS_PER_MS / 4, upperBound: true },
};

/** What became of the rounds since `begin`. */
export interface GreedyProgress {
  readonly rounds: number;
  /** The rounds were cut short. */
  readonly unfinished: boolean;
  /** Rows whose queue overflowed; they must be scored again before greedy can go on. */
  readonly lost: number;
  /** Rows that may still find a partner, but not from their lists. */
  readonly left: number;
  readonly done: boolean;
  readonly refills: number;
  /** Entries of the square that refills read, as a share of it. */
  readonly scans: number;
  /** Row visits of all tails. */
  readonly visits: number;
}

/** Which batches of rounds are encoded. */
export interface BatchOptions {
  /** Batches at most. */
  readonly count: number;
  /** The first batch is the first one on these lists. */
  readonly fresh: boolean;
  /** Rows that may still find a partner at most; with more the device refills no list. */
  readonly left: number;
  /** Expected row visits of a tail: how many of them are planned for a submission. */
  readonly visits: number;
}

export type GreedyBuffers = Pick<
  TickBuffers,
  'rows' | 'lists' | 'mates' | 'best' | 'weights' | 'roundPairs' | 'greedyPlay' | 'tally'
>;

/**
 * Rounds of locally dominant pairs on the lists. `mates` is NONE where a row is free. A round
 * without a pair is a fixed point: every free row has no candidate left, or its list ran dry
 * (`best` = DRY), or it waits for such a row. Once few rows are in play, one workgroup plays all
 * remaining rounds. Some rows then get longer lists against those who are left, and the next batch
 * of rounds begins. The device decides all that, so that many batches need no readback; those after
 * the last do nothing.
 *
 * Floor per round: two passes over n rows, 24 + 8 bytes each; in the tail only over rows in play.
 */
export class GreedyPass {
  private constructor(
    readonly kernels: Record<'point' | 'pair' | 'tail', Kernel>,
    readonly choose: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<GreedyPass> {
    const [kernels, { choose }] = await Promise.all([
      gpu.kernels(shaders.greedy, ['point', 'pair', 'tail']),
      gpu.kernels(shaders.refill, ['choose']),
    ]);
    return new GreedyPass(kernels, choose);
  }

  /** Forgets the tally. `resumed`: rows are in play by the rounds of an earlier call. */
  begin(batch: SubmissionBatcher, { tally }: GreedyBuffers, resumed: boolean): void {
    const blank = new Uint32Array(layouts.tally.size);
    blank[layouts.tally.at('playing')] = resumed ? 1 : 0;
    batch.write(tally, blank);
  }

  /**
   * Encodes batches of rounds, each but the first after a refill. Read {@link wanted} afterwards.
   * @returns how many.
   */
  encode(batch: SubmissionBatcher, score: ScorePass, tick: GpuTick, options: BatchOptions): number {
    const { count, fresh, left, visits } = options;
    const { n } = tick.shape;
    batch.clear(tick.buffers.roundPairs, MAX_WIDE_ROUNDS * 4);
    const until = batch.planned + MAX_PLANNED_MS;
    let [k, slot] = [0, 0];
    for (; k < count && (k === 0 || batch.planned < until); k++) {
      const first = fresh && k === 0;
      if (!first && n > MAX_LEFT) this.#refill(batch, score, tick, left);
      this.#rounds(batch, tick, { first, slot, visits });
      slot += batchPlan(n, first).wide;
    }
    return k;
  }

  wanted({ tally }: GreedyBuffers) {
    return { tally: { buffer: tally, bytes: layouts.tally.size * 4 } };
  }

  /** Interprets what was read back. */
  played({ tally }: { tally: ArrayBuffer }): GreedyProgress {
    const words = new Uint32Array(tally);
    const { at } = layouts.tally;
    const of = (field: string) => words[at(field)];
    return {
      rounds: of('rounds'),
      unfinished: of('playing') > 0,
      lost: of('playing') > 0 ? 0 : of('lost'),
      left: of('left'),
      done: of('done') === 1,
      refills: of('refills'),
      scans: new Float32Array(tally)[at('scans')],
      visits: of('visits'),
    };
  }

  #rounds(
    batch: SubmissionBatcher,
    { shape: { n }, buffers }: GpuTick,
    { first, slot, visits: expected }: { first: boolean; slot: number; visits: number },
  ): void {
    batch.enter('match');
    const { wide, max, visits } = batchPlan(n, first);
    // The tail stops at its limit. The next batch goes on.
    const work = Math.floor(Math.min(batch.room(kinds.tail), visits));
    const bindings: Record<string, Bindings[string]> = {
      ...buffers,
      pairs: buffers.roundPairs,
      play: buffers.greedyPlay,
    };
    const bind = (round: number, opening: boolean) => {
      bindings.round = batch.gpu.uniforms.put(shaders.greedy, 'round', {
        n,
        round,
        opening: opening ? 1 : 0,
        fresh: first ? 1 : 0,
        wide,
        max_playing: max,
        work,
      });
      return bindings;
    };
    for (let round = 0; round < wide; round++)
      batch.step(2 * n, kinds.round, (pass) => {
        bind(slot + round, round === 0);
        this.kernels.point.dispatchRows(pass, bindings, n);
        this.kernels.pair.dispatchRows(pass, bindings, n);
      });
    batch.step(Math.min(work, expected), kinds.tail, (pass) =>
      this.kernels.tail.dispatch(pass, bind(slot, true), 1),
    );
  }

  #refill(batch: SubmissionBatcher, score: ScorePass, tick: GpuTick, left: number): void {
    const { shape, buffers } = tick;
    const { n } = shape;
    const { room, wanted, max } = refillPlan(shape);
    batch.enter('match');
    batch.step(16 * left, kinds.choose, (pass) => {
      const refill = batch.gpu.uniforms.put(shaders.refill, 'refill', {
        n,
        batch: wanted,
        room,
        max_left: MAX_LEFT,
        columns: left,
      });
      this.choose.dispatch(pass, { ...buffers, refill, play: buffers.greedyPlay }, 1);
    });
    score.refill(batch, tick, max, left);
  }
}

/**
 * Rounds of a batch that are dispatches of all rows, rows in play that its tail takes at most, and
 * visits of rows after which the tail stops.
 */
export function batchPlan(n: number, first: boolean): { wide: number; max: number; visits: number } {
  const visits = Math.max(32 * n, MIN_WORK);
  if (!first)
    return n <= MAX_SOLO_LATER
      ? { wide: 0, max: n, visits }
      : { wide: LATER_ROUNDS, max: MAX_SOLO.later, visits };
  // On most pools each round pairs a large part of the rows in play.
  const wide = n <= MAX_SOLO.first ? 0 : 4 + Math.ceil(3 * Math.log2(n / MAX_SOLO.first));
  return { wide, max: MAX_SOLO.first, visits };
}

/** Rows that there is room for in a refill, that it takes, and at most where few more are dry. */
export function refillPlan(shape: TickShape): { room: number; wanted: number; max: number } {
  const room = refillRoom(shape);
  // Fewer rows would not fill a GPU, and of more the last would often not have needed it.
  const wanted = Math.min(room, Math.max(128, Math.ceil(shape.n / 16)));
  return { room, wanted, max: Math.min(room, wanted + Math.floor(wanted / 4)) };
}
