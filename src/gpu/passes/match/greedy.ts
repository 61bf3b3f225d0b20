import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { ROWS_PER_MS } from '../../batch/throughput.ts';
import type { GpuDevice } from '../../device.ts';
import type { Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import { layouts } from '../../tick/layouts.ts';
import type { TickBuffers } from '../../tick/tick-buffers.ts';

/** Maximum number of rows in play that one workgroup takes: more are worth a dispatch per round. */
const MAX_SOLO = 2048;
const kinds = {
  round: { name: 'greedy rounds', initialRate: ROWS_PER_MS / 2 },
  tail: { name: 'greedy tail', initialRate: ROWS_PER_MS / 4, upperBound: true },
};

/** What became of a batch of rounds. */
export interface GreedyProgress {
  readonly rounds: number;
  /** The batch ended before the rounds did. */
  readonly unfinished: boolean;
  /** Rows that may still find a partner, but not from their lists. */
  readonly left: number;
  /** Of these, rows whose list ran dry. */
  readonly dry: number;
}

export type GreedyBuffers = Pick<
  TickBuffers,
  'rows' | 'lists' | 'mates' | 'best' | 'weights' | 'roundPairs' | 'greedyPlay' | 'tally'
>;

/**
 * Rounds of locally dominant pairs on the lists. `mates` is NONE where a row is free. A round
 * without a pair is a fixed point: every free row has no candidate left, or its list ran dry
 * (`best` = DRY), or it waits for such a row. Once few rows are in play, one workgroup plays all
 * remaining rounds.
 *
 * Floor per round: two passes over n rows, 24 + 8 bytes each; in the tail only over rows in play.
 */
export class GreedyPass {
  private constructor(readonly kernels: Record<'point' | 'pair' | 'tail', Kernel>) {}

  static async create(gpu: GpuDevice): Promise<GreedyPass> {
    return new GreedyPass(await gpu.kernels(shaders.greedy, ['point', 'pair', 'tail']));
  }

  /** Encodes `count` rounds of all rows, then the tail. Read {@link wanted} afterwards. */
  encode(batch: SubmissionBatcher, n: number, buffers: GreedyBuffers, count: number): void {
    batch.enter('match');
    // The tail stops when a submission is full. The next batch continues it.
    const work = Math.floor(batch.room(kinds.tail));
    const bind = (round: number) => ({
      ...buffers,
      pairs: buffers.roundPairs,
      play: buffers.greedyPlay,
      round: batch.gpu.uniforms.put(shaders.greedy, 'round', {
        n,
        round,
        opening: round === 0 ? 1 : 0,
        max_playing: MAX_SOLO,
        work,
      }),
    });
    batch.clear(buffers.roundPairs, count * 4);
    for (let round = 0; round < count; round++)
      batch.step(2 * n, kinds.round, (pass) => {
        const bindings = bind(round);
        this.kernels.point.dispatchRows(pass, bindings, n);
        this.kernels.pair.dispatchRows(pass, bindings, n);
      });
    // Some dozens of rounds visit each row in play.
    batch.step(Math.min(work, 32 * n), kinds.tail, (pass) => this.kernels.tail.dispatch(pass, bind(0), 1));
  }

  wanted(buffers: GreedyBuffers, count: number) {
    return {
      roundPairs: { buffer: buffers.roundPairs, bytes: count * 4 },
      tally: { buffer: buffers.tally, bytes: layouts.tally.size * 4 },
    };
  }

  /** Interprets what was read back. */
  played(read: { roundPairs: ArrayBuffer; tally: ArrayBuffer }): GreedyProgress {
    const tally = new Uint32Array(read.tally);
    const { at } = layouts.tally;
    const pairs = [...new Uint32Array(read.roundPairs)];
    const skipped = tally[at('playing')] > 0;
    return {
      rounds: tally[at('rounds')] + pairs.filter((made) => made > 0).length,
      // After a round without a pair the lists decide nothing more, however many rows are in play.
      unfinished: skipped && !pairs.includes(0),
      left: skipped ? Infinity : tally[at('left')],
      dry: skipped ? Infinity : tally[at('dry')],
    };
  }
}

/**
 * Rounds of all rows to encode first: on most pools each pairs a large part of the rows in play.
 */
export function openingRounds(n: number): number {
  return n <= MAX_SOLO ? 0 : 4 + Math.ceil(3 * Math.log2(n / MAX_SOLO));
}
