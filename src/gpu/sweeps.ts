import type { GpuClock, GpuStage } from './clock.ts';
import type { GpuDevice } from './device.ts';
import { SUBMISSION_MS } from './pace.ts';
import type { Manner } from './pace.ts';
import { Readback } from './readback.ts';
import type { Wanted } from './readback.ts';

export { SUBMISSION_MS } from './pace.ts';

/** A sort of work whose speed is learned by name (see pace.ts). */
export interface Kind extends Manner {
  readonly name: string;
  /** Units of cost per millisecond until something is known; the sweeps' rate if not given. */
  readonly start?: number;
}

/** A compute pass of a submission. */
export interface PlannedPass {
  readonly kind: Kind | undefined;
  /** In the unit of the kind's rate, or of the sweeps'. */
  cost: number;
  /** Milliseconds that it should take. */
  ms: number;
  /** Milliseconds on the GPU's clock; undefined until they are read back, and where nothing is timed. */
  begin: number | undefined;
  end: number | undefined;
}

/** A submission, as planned. */
export interface Submission {
  readonly stage: GpuStage;
  /** Sum of the steps' costs. */
  readonly cost: number;
  /** Milliseconds that it should take. */
  readonly ms: number;
  readonly passes: readonly PlannedPass[];
}

/**
 * Steps over the rows of the tables, packed into submissions that stay short on this adapter. A step must put its own uniforms, since the
 * ring of uniforms starts anew with every submission.
 */
export class Sweeps {
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #passes: PlannedPass[] = [];
  #cost = 0;
  #ms = 0;
  /** Cost of all that was submitted. */
  total = 0;

  constructor(
    readonly gpu: GpuDevice,
    readonly clock: GpuClock,
    readonly stage: GpuStage,
    /** Work per millisecond, in the unit of the costs of steps of no kind. */
    readonly rate: number = gpu.sweep,
  ) {}

  /** Work of this kind that one submission has room for, in the unit of its costs. */
  room(kind: Kind): number {
    return this.#rateOf(kind) * SUBMISSION_MS;
  }

  /** Encodes one step. `cost`: rows gone over, all dispatches of the step together (or what the rate counts). */
  step(cost: number, encode: (pass: GPUComputePassEncoder) => void, kind?: Kind): void {
    const ms = cost / this.#rateOf(kind);
    const full = this.#ms > 0 && this.#ms + ms > SUBMISSION_MS;
    if (full || this.gpu.uniforms.room < 4) this.submit();
    encode(this.#passOf(kind, cost, ms));
    this.#cost += cost;
    this.#ms += ms;
  }

  /** Submits what was encoded so far. */
  submit(): void {
    this.#end();
    this.gpu.uniforms.flush();
    if (this.#encoder !== undefined) {
      this.gpu.device.queue.submit([this.#encoder.finish()]);
      const { stage } = this;
      if (this.#passes.length > 0)
        this.gpu.watch?.({ stage, cost: this.#cost, ms: this.#ms, passes: this.#passes });
    }
    this.total += this.#cost;
    this.#encoder = undefined;
    this.#passes = [];
    this.#cost = 0;
    this.#ms = 0;
  }

  /** Submits the rest and reads tables back, and with them the times of all passes since the last time. */
  async read(wanted: readonly Wanted[]): Promise<(name: string) => ArrayBuffer> {
    this.#end();
    this.#encoder ??= this.gpu.device.createCommandEncoder({ label: this.stage });
    const times = this.clock.collect();
    const readback = new Readback(this.gpu, this.#encoder, wanted, times.bytes, times.room);
    times.copy(this.#encoder, readback.staging, readback.extraAt);
    this.submit();
    const get = await readback.read();
    times.take(get('extra'));
    return get;
  }

  #rateOf(kind: Kind | undefined): number {
    return kind === undefined ? this.rate : this.gpu.pace.rate(kind.name, kind.start ?? this.rate);
  }

  /** A pass holds one kind of work only, so that its time tells of that. */
  #passOf(kind: Kind | undefined, cost: number, ms: number): GPUComputePassEncoder {
    const last = this.#passes.at(-1);
    if (this.#pass !== undefined && last?.kind?.name === kind?.name && last !== undefined) {
      last.cost += cost;
      last.ms += ms;
      return this.#pass;
    }
    this.#end();
    const made: PlannedPass = { kind, cost, ms, begin: undefined, end: undefined };
    const { pace } = this.gpu;
    this.#passes.push(made);
    this.#encoder ??= this.gpu.device.createCommandEncoder({ label: this.stage });
    this.#pass = this.#encoder.beginComputePass(
      this.clock.pass(this.stage, (begin, end) => {
        made.begin = begin;
        made.end = end;
        if (kind !== undefined) pace.learn(kind.name, made.cost, made.ms, end - begin, kind);
      }),
    );
    return this.#pass;
  }

  #end(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }
}

/** Cuts `count` equal steps into runs that cost at most `budget` each, but one step at least. */
export function* pieces(
  count: number,
  cost: number,
  budget: number,
): Generator<{ from: number; size: number }> {
  const most = Math.max(1, Math.min(Math.floor(budget / cost), 65_535));
  // All about as large: the last piece of a device of few threads is as good a load for them as the others.
  const size = Math.ceil(count / Math.ceil(count / most));
  for (let from = 0; from < count; from += size) yield { from, size: Math.min(size, count - from) };
}
