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

/** How rounds are split between dispatches of all rows and one workgroup. */
export interface RoundLimits {
  /**
   * Rows in play that one workgroup takes at most, in the first batch and in later ones, where
   * those of a refill are in play: more are worth a dispatch per round.
   */
  readonly solo: { readonly first: number; readonly later: number };
  /**
   * After the first batch of rounds most rows have a partner, and in pools of up to this many
   * people one workgroup takes the others. In larger pools each batch begins with some dispatched
   * rounds.
   */
  readonly soloPool: number;
  readonly laterRounds: number;
}
export const ROUND_LIMITS: RoundLimits = {
  solo: { first: 2048, later: 4096 },
  soloPool: 16_384,
  laterRounds: 8,
};
/** Batches of rounds between two readbacks at most. */
export const MAX_BATCHES = 120;
/** Milliseconds of refills that nobody expects and that are encoded at once all the same. */
const MAX_PLANNED_MS = 4 * SUBMISSION_MS;
/** Row visits per row left that choosing the rows of a refill takes as a rule, and at most. */
const CHOICE = { expected: 5, most: 16 };
/** Row visits of a tail at least: some dozens of rounds (ROUND_COST in constants.wgsl). */
const MIN_WORK = 2 ** 18;
const kinds = {
  round: { name: 'greedy rounds', initialRate: ROWS_PER_MS / 2, spread: true },
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
  readonly batches: number;
  /** Refills before the first batches; that before the very first is empty. */
  readonly extents: readonly RefillExtent[];
}

/** How much a refill reads, as shares of all people. */
export interface RefillExtent {
  /** Rows that get a longer list. */
  readonly rows: number;
  /** Rows left, which they are scored against. */
  readonly columns: number;
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
  /** Batches played, and expected refills before these and all others. */
  readonly played: number;
  readonly extents: readonly RefillExtent[];
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
    public limits: RoundLimits,
  ) {}

  static async create(gpu: GpuDevice, limits = ROUND_LIMITS): Promise<GreedyPass> {
    const [kernels, { choose }] = await Promise.all([
      gpu.kernels(shaders.greedy, ['point', 'pair', 'tail']),
      gpu.kernels(shaders.refill, ['choose']),
    ]);
    return new GreedyPass(kernels, choose, limits);
  }

  /** Forgets the tally. `resumed`: rows are in play by the rounds of an earlier call. */
  begin(batch: SubmissionBatcher, { tally }: GreedyBuffers, resumed: boolean): void {
    batch.clear(tally, 4 * layouts.tally.size);
    if (resumed) batch.write(tally, Uint32Array.of(1), 4 * layouts.tally.at('playing'));
  }

  /**
   * Encodes batches of rounds, each but the first after a refill. Read {@link wanted} afterwards.
   */
  encode(batch: SubmissionBatcher, score: ScorePass, tick: GpuTick, options: BatchOptions): void {
    const { count, fresh, left, visits, played, extents } = options;
    const { n } = tick.shape;
    batch.clear(tick.buffers.roundPairs, MAX_WIDE_ROUNDS * 4);
    let unexpected = 0;
    let slot = 0;
    for (let k = 0; k < count && unexpected <= MAX_PLANNED_MS; k++) {
      const first = fresh && k === 0;
      const { wide } = batchPlan(n, first, this.limits);
      if (slot + wide > MAX_WIDE_ROUNDS) return;
      const { planned } = batch;
      const extent = expectedRefill(extents, played + k, played + count);
      if (!first && n > MAX_LEFT) this.#refill(batch, score, tick, left, extent);
      this.#rounds(batch, tick, { first, slot, visits });
      if (extent === undefined) unexpected += batch.planned - planned;
      slot += wide;
    }
  }

  wanted({ tally }: GreedyBuffers) {
    return { tally: { buffer: tally, bytes: layouts.tally.size * 4 } };
  }

  /** Interprets what was read back, of `n` people. */
  played({ tally }: { tally: ArrayBuffer }, n: number): GreedyProgress {
    const words = new Uint32Array(tally);
    const { at } = layouts.tally;
    const of = (field: string) => words[at(field)];
    const from = at('extents');
    const kept = Math.min(of('batches'), (words.length - from) / 2);
    const extents = Array.from({ length: kept }, (_, k) => ({
      rows: words[from + 2 * k] / n,
      columns: words[from + 2 * k + 1] / n,
    }));
    return {
      rounds: of('rounds'),
      unfinished: of('playing') > 0,
      lost: of('playing') > 0 ? 0 : of('lost'),
      left: of('left'),
      done: of('done') === 1,
      refills: of('refills'),
      scans: new Float32Array(tally)[at('scans')],
      visits: of('visits'),
      batches: of('batches'),
      extents,
    };
  }

  #rounds(
    batch: SubmissionBatcher,
    { shape: { n }, buffers }: GpuTick,
    { first, slot, visits: expected }: { first: boolean; slot: number; visits: number },
  ): void {
    batch.enter('match');
    const { wide, max, visits } = batchPlan(n, first, this.limits);
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

  #refill(
    batch: SubmissionBatcher,
    score: ScorePass,
    tick: GpuTick,
    left: number,
    extent: RefillExtent | undefined,
  ): void {
    const { shape, buffers } = tick;
    const { n, length } = shape;
    const { least, most, room } = refillPlan(shape);
    const expected = {
      rows: extent === undefined ? room : Math.min(room, Math.ceil(n * extent.rows)),
      columns: extent === undefined ? left : Math.min(left, Math.ceil(n * extent.columns)),
    };
    batch.enter('match');
    batch.step(
      CHOICE.most * left,
      kinds.choose,
      (pass) => {
        const refill = batch.gpu.uniforms.put(shaders.refill, 'refill', {
          ...{ n, least, most, room },
          lists_at: n * length,
          max_left: MAX_LEFT,
          columns: left,
        });
        this.choose.dispatch(pass, { ...buffers, refill, play: buffers.greedyPlay }, 1);
      },
      CHOICE.expected * expected.columns,
    );
    score.refill(batch, tick, { rows: room, columns: left }, expected);
  }
}

/** The refill before a batch: after those that are known, people leave evenly until `end`. */
function expectedRefill(
  extents: readonly RefillExtent[],
  batch: number,
  end: number,
): RefillExtent | undefined {
  if (batch < extents.length) return extents[batch];
  const last = extents.findLastIndex(({ rows }) => rows > 0);
  if (last < 0) return undefined;
  const { rows, columns } = extents[last];
  const left = columns * (1 - (batch - last) / (end - last));
  return { rows: Math.min(rows, left), columns: left };
}

/**
 * Rounds of a batch that are dispatches of all rows, rows in play that its tail takes at most, and
 * visits of rows after which the tail stops.
 */
export function batchPlan(
  n: number,
  first: boolean,
  { solo, soloPool, laterRounds }: RoundLimits = ROUND_LIMITS,
): { wide: number; max: number; visits: number } {
  const visits = Math.max(32 * n, MIN_WORK);
  if (!first)
    return n <= soloPool ? { wide: 0, max: n, visits } : { wide: laterRounds, max: solo.later, visits };
  // On most pools each round pairs a large part of the rows in play.
  const wide = n <= solo.first ? 0 : 4 + Math.ceil(3 * Math.log2(n / solo.first));
  return { wide, max: solo.first, visits };
}

/**
 * Rows that a refill wants at least, and at most and at first, and rows that there is room for: a
 * quarter more are taken where few more are candidates.
 */
export function refillPlan(shape: TickShape): { least: number; most: number; room: number } {
  const places = refillRoom(shape);
  // Fewer rows would not fill a GPU, and of more the last would often not have needed it. Where all
  // lists hold the same people, as many rows as a list has entries find a partner; those that are
  // left of them block the others.
  const least = Math.min(places, Math.max(128, Math.ceil(1.5 * shape.longLength)));
  const most = Math.min(places, Math.max(least, Math.ceil(shape.n / 16)));
  return { least, most, room: Math.min(places, most + Math.floor(most / 4)) };
}
