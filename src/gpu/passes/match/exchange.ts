import { pieces } from '../../batch/submission-batcher.ts';
import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { ROWS_PER_MS } from '../../batch/throughput.ts';
import type { GpuDevice } from '../../device.ts';
import { WORKGROUP } from '../../kernel.ts';
import type { Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import { layouts } from '../../tick/layouts.ts';
import type { TickBuffers, TickShape } from '../../tick/tick-buffers.ts';

const proposing = { name: 'exchanges proposed', initialRate: ROWS_PER_MS / 4, spread: true };
const making = { name: 'exchanges made', initialRate: ROWS_PER_MS / 2, spread: true };
const entries = ['propose', 'post', 'claim', 'judge', 'apply'] as const;
const { size: moveWords, at } = layouts.move;

export type ExchangeBuffers = Pick<
  TickBuffers,
  'rule' | 'people' | 'recent' | 'vectors' | 'rows' | 'lists' | 'mates' | 'weights' | 'moves'
>;

/**
 * 2-opt exchanges on lists sorted by weight: changes `mates` and `weights` where two pairs, or a
 * pair and a free person, gain by a listed partner. Every exchange raises the total. The CPU
 * reference is `exchangeByTurns`.
 *
 * Floor per turn: n x K entries of 8 bytes; 2 dim multiply-adds per exchange that could gain.
 */
export class ExchangePass {
  private constructor(readonly kernels: Record<(typeof entries)[number], Kernel>) {}

  static async create(gpu: GpuDevice, shader = shaders.exchange): Promise<ExchangePass> {
    return new ExchangePass(await gpu.kernels(shader, entries));
  }

  /**
   * Encodes `turns` turns. Read {@link wanted} afterwards.
   * @param minGain smaller gains are rounding errors.
   */
  encode(
    batch: SubmissionBatcher,
    shape: TickShape,
    buffers: ExchangeBuffers,
    turns: number,
    minGain: number,
  ): void {
    batch.enter('match');
    const { n, length, planes, dots } = shape;
    const { propose, post, claim, judge, apply } = this.kernels;
    // Mostly weights of pairs left behind: at worst one for every entry of a list.
    const cost = WORKGROUP * (2 + length * planes * dots);
    const bind = (first: number) => ({
      ...buffers,
      turn: batch.gpu.uniforms.put(shaders.exchange, 'turn', { min_gain: minGain, first }),
    });
    batch.clear(buffers.moves, moveWords * 4, n * moveWords * 4);
    for (let turn = 0; turn < turns; turn++) {
      for (const { from, size } of pieces(Math.ceil(n / WORKGROUP), cost, batch.room(proposing)))
        batch.step(size * cost, proposing, (pass) => propose.dispatch(pass, bind(WORKGROUP * from), size));
      batch.step(10 * n, making, (pass) => {
        const bindings = bind(0);
        for (const kernel of [post, claim, judge, apply]) kernel.dispatchRows(pass, bindings, n);
      });
    }
  }

  wanted({ n }: TickShape, { moves }: ExchangeBuffers) {
    return { made: { buffer: moves, bytes: moveWords * 4, offset: n * moveWords * 4 } };
  }

  /** Exchanges made by the turns. */
  made({ made }: { made: ArrayBuffer }): number {
    return new Uint32Array(made)[at('best')];
  }
}
