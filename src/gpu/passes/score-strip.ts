import type { GpuClock } from '../clock.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { combiningOf } from '../modules.ts';
import type { Combining } from '../modules.ts';
import type { WeightRule } from '../../score/types.ts';
import { pieces, Sweeps } from '../sweeps.ts';
import { TILE } from '../tables.ts';
import type { Tables } from '../tables.ts';
import { stripDepth, stripSteps } from './strips.ts';

/** Entries that `score-select` keeps in registers. */
export const STRIP_LIST = 16;
/** Rows of one invocation. */
const ROWS = 8;
/** Work per pair beside the dots, and per candidate looked at by a row, in multiply-adds. */
const FINISH = 24;
const LOOK = 24;

export type StripRows = 'plain' | 'broadcast';

/**
 * The first scan, strip by strip: weights of every row with the next few tiles on a ring (`score-strip`), those who met lately struck out
 * (`score-strike`), and the 16 best of every row kept in registers (`score-select`). No queue, nothing is lost, no atomics.
 * Only for orders by weight, lists of at most 16, and integer vectors, whose dots are exact however they are summed: then a row that is
 * scored anew by `score-topk` sees the same weights.
 *
 * Floor: n^2 / 2 pairs x 2 dots x dim multiply-adds; bytes: n^2 / 2 weights written once and read twice, 6 n^2 in all; beyond these 16
 * loads per 64 multiply-adds (10 where lanes broadcast rows), answered by the first cache.
 */
export class StripPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly rows: StripRows,
    readonly high: number,
    readonly lay: Kernel,
    readonly strike: Kernel,
    readonly select: Kernel,
  ) {}

  /** @param high invocations of a workgroup along rows, a divisor of 8. */
  static async create(gpu: GpuDevice, rows: StripRows, high: 1 | 2 | 4 | 8): Promise<StripPass> {
    const [lay, strike, select] = await Promise.all([
      gpu.kernel('score-lay', 'main'),
      gpu.kernel('score-strike', 'main'),
      gpu.kernel('score-select', 'main'),
    ]);
    return new StripPass(gpu, rows, high, lay, strike, select);
  }

  /** The scoring kernel made for this rule; compiled once. Await it before the first {@link submit} under the rule. */
  async prepare({ rule }: { rule: Pick<WeightRule, 'transform' | 'combination'> }): Promise<void> {
    const key = combiningOf(rule);
    if (this.#score.has(key)) return;
    const module = this.rows === 'plain' ? 'score-strip' : 'score-strip-broadcast';
    this.#score.set(key, await this.gpu.kernel(module, 'main', { HIGH: this.high }, key));
  }
  readonly #score = new Map<Combining, Kernel>();

  /** Can it score this pool? */
  static suits({ byWeight, exact, length, planes }: Tables): boolean {
    return byWeight && exact && length <= STRIP_LIST && planes > 0;
  }

  /**
   * @param tilesPerStrip less than fits, for tests.
   * @returns the work done, in multiply-adds.
   */
  submit(tables: Tables, clock: GpuClock, tilesPerStrip = Infinity): number {
    const { gpu } = this;
    const { n, planes, dots, rule, metGroups } = tables;
    const score = this.#score.get(combiningOf(rule));
    if (score === undefined) throw new Error(`no kernel was prepared for ${rule.transform}`);
    const tiles = Math.ceil(n / TILE);
    const slots = tiles * TILE;
    const high = ROWS * this.high;
    const sweeps = new Sweeps(gpu, clock, 'score', gpu.rate);
    const scoring = { name: `score-strip ${this.rows} ${this.high}`, start: gpu.rate, steady: true };
    const selecting = { name: 'score-select', start: gpu.rate / 2, steady: true };
    // Smallest pieces of either kernel, per tile of the strip.
    const blockCost = TILE * high * (4 * planes * dots + FINISH);
    const rowsCost = 64 * 2 * TILE * LOOK;
    const light = Math.floor(Math.min(sweeps.room(scoring) / blockCost, sweeps.room(selecting) / rowsCost));
    const end = Math.floor(tiles / 2) + 1;
    const deepest = Math.min(Math.max(1, stripDepth(gpu, slots)), end);
    const depth = Math.max(1, Math.min(deepest, light, tilesPerStrip));
    const bindings = {
      ...tables.bindings,
      scalars: gpu.pool.storage('scalars', 4 * dots * planes * slots * 4),
      facts: gpu.pool.storage('facts', 4 * slots * 4),
      // As deep as it may become: a change of pace allocates nothing.
      weights: gpu.pool.storage('strip', slots * deepest * TILE * 4),
    };
    const run = stripSteps(sweeps, tables, bindings);
    run(this.lay, 4 * n * planes * dots, { first: 0, count: 1, block: 0 }, Math.ceil(n / 64), planes * dots);
    for (let first = 0; first < end; first += depth) {
      const count = Math.min(depth, end - first);
      const strip = { first, count };
      for (const { from, size } of pieces(slots / high, count * blockCost, sweeps.room(scoring)))
        run(score, size * count * blockCost, { ...strip, block: from }, count, size, scoring);
      if (metGroups > 0) run(this.strike, 4 * 64 * metGroups, { ...strip, block: 0 }, metGroups);
      for (const { from, size } of pieces(slots / 64, count * rowsCost, sweeps.room(selecting)))
        run(this.select, size * count * rowsCost, { ...strip, block: 64 * from }, size, 1, selecting);
    }
    sweeps.submit();
    return sweeps.total;
  }
}
