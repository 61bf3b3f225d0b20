import type { GpuClock } from '../clock.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { combiningOf } from '../modules.ts';
import type { ShaderModuleName } from '../modules.ts';
import { pieces, Sweeps } from '../sweeps.ts';
import { TILE } from '../tables.ts';
import type { Tables } from '../tables.ts';
import { StripPass } from './score-strip.ts';
import { stripDepth, stripSteps } from './strips.ts';

/** Work beside the dots, in multiply-adds: per pair, per tile of vectors held and component, and per candidate that a row is told of. */
const FINISH = 24;
const HOLD = 32;
const LOOK = 8;
/** Work of ranking those found, as if so many tiles more were looked at. */
const RANK = 16;
/** Vectors of four components, both sides counted, that a kernel has room for: rounded up to whole eights. */
const ROOMS = [8, 16, 32] as const;

/**
 * The first scan as {@link StripPass} makes it, with the same lists, for a CPU that plays GPU four lanes wide: columns held in private memory
 * (`score-held`), those who met lately struck out (`score-strike`, `score-mend`), and the best picked by way of blocks of eight
 * (`score-pick`). Vectors of more than 64 components are left to {@link StripPass}.
 *
 * Such a device takes some 80 instructions to load four floats from a buffer, and 2 for four multiply-adds of values that it has. Floor: n^2 / 2
 * pairs x 2 dots x dim multiply-adds. Loads per 64 multiply-adds of a lane: 1, and 4 broadcasts. Per pair of people one store and 1/4 store of a
 * maximum; per candidate of a person 1/8 load, and 8 for each of some 22 blocks opened.
 */
export class HeldPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly wide: StripPass,
    readonly strike: Kernel,
    readonly mend: Kernel,
    readonly pick: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<HeldPass> {
    const [wide, strike, mend, pick] = await Promise.all([
      StripPass.create(gpu, 'broadcast', 1),
      gpu.kernel('score-strike', 'main'),
      gpu.kernel('score-mend', 'main'),
      gpu.kernel('score-pick', 'main'),
    ]);
    return new HeldPass(gpu, wide, strike, mend, pick);
  }

  readonly #score = new Map<string, { pack: Kernel; held: Kernel }>();

  /** The scoring kernel made for these vectors and this rule; compiled once. Await it before the first {@link submit} of such tables. */
  async prepare(tables: Tables): Promise<void> {
    const { dots, rule } = tables;
    const octets = octetsOf(tables);
    const room = roomOf(tables);
    if (room === undefined) return this.wide.prepare(tables);
    const key = keyOf(tables);
    if (this.#score.has(key)) return;
    const module: ShaderModuleName = `score-held-${room}`;
    const size = { OCTETS: octets, DOTS: dots };
    const [pack, held] = await Promise.all([
      this.gpu.kernel('score-pack', 'main', size),
      this.gpu.kernel(module, 'main', size, combiningOf(rule)),
    ]);
    this.#score.set(key, { pack, held });
  }

  /** Is there room for these vectors? */
  static suits(tables: Tables): boolean {
    return roomOf(tables) !== undefined;
  }

  /** May {@link submit} be called for these tables? */
  ready(tables: Tables): boolean {
    return this.#score.has(keyOf(tables));
  }

  /**
   * @param tilesPerStrip less than fits, for tests.
   * @returns the work done, in multiply-adds.
   */
  submit(tables: Tables, clock: GpuClock, tilesPerStrip = Infinity): number {
    const { gpu } = this;
    const { n, planes, dots, metGroups } = tables;
    const octets = octetsOf(tables);
    if (!HeldPass.suits(tables)) return this.wide.submit(tables, clock, tilesPerStrip);
    const kernels = this.#score.get(keyOf(tables));
    if (kernels === undefined) throw new Error(`no kernel was prepared for ${keyOf(tables)}`);
    const tiles = Math.ceil(n / TILE);
    const slots = tiles * TILE;
    const sweeps = new Sweeps(gpu, clock, 'score', gpu.rate);
    const scoring = { name: 'score-held', start: gpu.rate, steady: true };
    const picking = { name: 'score-pick', start: gpu.rate / 4, steady: true };
    // Smallest pieces of either kernel, per tile of the strip; and what a tile of columns costs before its first row.
    const tileCost = TILE * TILE * (4 * planes * dots + FINISH);
    const holdCost = TILE * 4 * planes * dots * HOLD;
    // Of 64 people, per tile, and once: those found have to be ranked, however many they were chosen from.
    const lookCost = 64 * 2 * TILE * LOOK;
    const rankCost = RANK * lookCost;
    const light = Math.floor(
      Math.min((sweeps.room(scoring) - holdCost) / tileCost, (sweeps.room(picking) - rankCost) / lookCost),
    );
    const end = Math.floor(tiles / 2) + 1;
    // As deep as it may become: a change of pace allocates nothing.
    const widest = Math.min(Math.max(1, stripDepth(gpu, slots)), end);
    const depth = Math.max(1, Math.min(widest, light, tilesPerStrip));
    const bindings = {
      ...tables.bindings,
      packed: gpu.pool.storage('packed', n * (4 + 4 * octets * dots) * 4),
      weights: gpu.pool.storage('strip', slots * widest * TILE * 4),
      maxima: gpu.pool.storage('maxima', slots * widest * 16 * 4),
    };
    const run = stripSteps(sweeps, tables, bindings);
    sweeps.step(4 * n * planes * dots, (pass) =>
      kernels.pack.dispatch(pass, bindings, Math.ceil(n / 64), octets * dots),
    );
    for (let first = 0; first < end; first += depth) {
      const count = Math.min(depth, end - first);
      const strip = { first, count };
      const scoreCost = holdCost + count * tileCost;
      for (const { from, size } of pieces(tiles, scoreCost, sweeps.room(scoring)))
        run(kernels.held, size * scoreCost, { ...strip, block: from }, size, 1, scoring);
      if (metGroups > 0) {
        run(this.strike, 4 * 64 * metGroups, { ...strip, block: 0 }, metGroups);
        run(this.mend, 32 * 64 * metGroups, { ...strip, block: 0 }, metGroups);
      }
      const pickCost = rankCost + count * lookCost;
      for (const { from, size } of pieces(tiles, pickCost, sweeps.room(picking)))
        run(this.pick, size * pickCost, { ...strip, block: 64 * from }, size, 1, picking);
    }
    sweeps.submit();
    return sweeps.total;
  }
}

/** Eights of components per vector. */
const octetsOf = ({ planes }: Tables) => Math.ceil(planes / 2);

const roomOf = (tables: Tables) => ROOMS.find((r) => r >= 2 * octetsOf(tables) * tables.dots);

const keyOf = ({ planes, dots, rule }: Tables) => `${planes} ${dots} ${combiningOf(rule)}`;
