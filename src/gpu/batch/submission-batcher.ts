import type { GpuDevice } from '../device.ts';
import { SLOT } from '../uniforms.ts';
import type { GpuClock, GpuStage } from './clock.ts';
import type { PassRecord, WorkKind } from './submission-record.ts';
import { spreadSpeed } from './throughput.ts';

/** A part of a buffer to read back. */
export interface Wanted {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  /** In bytes; default 0. */
  readonly offset?: number;
}

/** Bytes that are worth a copy of their own; queues copy fewer bytes as quickly themselves. */
const MIN_RING = 2 ** 16;
/** Uniforms that one step may put. */
const STEP_UNIFORMS = 4;

/**
 * Encodes commands in order and packs them into submissions of about `submissionMs`. Writes
 * and readbacks keep their place in the order: a small write becomes a copy, and before a large
 * one, which would overtake the commands encoded before it, the batcher submits by itself.
 */
export class SubmissionBatcher {
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #passes: PassRecord[] = [];
  #cost = 0;
  #ms = 0;
  #stage: GpuStage = 'embed';
  /** Cost of all steps so far, and the milliseconds that they are planned to take. */
  total = 0;
  planned = 0;
  /** Submissions so far that hold steps. */
  submitted = 0;

  constructor(
    readonly gpu: GpuDevice,
    readonly clock: GpuClock,
  ) {}

  /** Stage of the steps that follow. */
  enter(stage: GpuStage): void {
    this.#stage = stage;
  }

  /** Cost of this kind of work that fits one submission. */
  room(kind: WorkKind): number {
    return this.#rate(kind) * this.gpu.submissionMs;
  }

  /**
   * Encodes one step: at most {@link STEP_UNIFORMS} uniforms, which `encode` must put itself.
   * @param cost of all dispatches of the step, in the unit of the kind's rate.
   * @param expected less where the cost is an upper bound: what is planned for a submission.
   */
  step(
    cost: number,
    kind: WorkKind,
    encode: (pass: GPUComputePassEncoder) => void,
    expected: number = cost,
  ): void {
    const rate = this.#rate(kind);
    const planned = expected / rate;
    const full = this.#ms > 0 && this.#ms + planned > this.gpu.submissionMs;
    if (full || this.gpu.uniforms.room < STEP_UNIFORMS) this.submit();
    encode(this.#passOf(kind, { cost, ms: cost / rate, planned }));
    this.#cost += cost;
    this.#ms += planned;
    this.total += cost;
    this.planned += planned;
  }

  /** Writes `data` after all commands encoded so far. `offset` in bytes. */
  write(buffer: GPUBuffer, data: ArrayBuffer | ArrayBufferView, offset = 0): void {
    const { uniforms } = this.gpu;
    if (this.#encoder === undefined || data.byteLength > SLOT) this.submit();
    else if (uniforms.room <= STEP_UNIFORMS) this.submit();
    if (this.#encoder === undefined) {
      this.load(buffer, data, offset);
      return;
    }
    const slot = uniforms.putBytes(bytesOf(data));
    this.#commands().copyBufferToBuffer(slot.buffer, slot.offset, buffer, offset, data.byteLength);
  }

  /** Writes `data` to a buffer that no command encoded so far uses. `offset` in bytes. */
  load(buffer: GPUBuffer, data: ArrayBuffer | ArrayBufferView, offset = 0): void {
    if (data.byteLength < MIN_RING) {
      // WebGPU also copies shared memory, which its types exclude.
      this.gpu.device.queue.writeBuffer(buffer, offset, data as GPUAllowSharedBufferSource);
      return;
    }
    this.gpu.uploads.put(bytesOf(data), (from, at, start, size) =>
      this.#commands().copyBufferToBuffer(from, at, buffer, offset + start, size),
    );
  }

  /** Fills the first `bytes` of a buffer with zeros, without a submission. `offset` in bytes. */
  clear(buffer: GPUBuffer, bytes: number, offset = 0): void {
    if (bytes > 0) this.#commands().clearBuffer(buffer, offset, bytes);
  }

  /** Copies the first `bytes` of a buffer. `offset` in bytes, in `to`. */
  copy(from: GPUBuffer, to: GPUBuffer, bytes: number, offset = 0): void {
    if (bytes > 0) this.#commands().copyBufferToBuffer(from, 0, to, offset, bytes);
  }

  /** Submits everything encoded so far. */
  submit(): void {
    this.#endPass();
    if (this.#encoder === undefined) return;
    this.gpu.uniforms.flush();
    this.gpu.uploads.close();
    this.gpu.device.queue.submit([this.#encoder.finish()]);
    this.gpu.uploads.recycle();
    if (this.#passes.length > 0) this.submitted++;
    if (this.#passes.length > 0) this.gpu.watch?.({ cost: this.#cost, ms: this.#ms, passes: this.#passes });
    this.#encoder = undefined;
    this.#passes = [];
    this.#cost = 0;
    this.#ms = 0;
  }

  /**
   * Submits everything encoded so far and reads buffers back, and with them the times of all passes
   * since the last call.
   */
  async read<W extends Readonly<Record<string, Wanted>>>(wanted: W): Promise<Record<keyof W, ArrayBuffer>> {
    const encoder = this.#commands();
    const parts = Object.entries(wanted);
    const offsets: number[] = [];
    let size = 0;
    for (const [, { bytes }] of parts) {
      offsets.push(size);
      size += Math.ceil(bytes / 8) * 8;
    }
    const timesAt = size;
    const times = this.clock.collect();
    const staging = this.gpu.staging.atLeast(size + times.maxBytes);
    parts.forEach(([, { buffer, bytes, offset = 0 }], k) => {
      if (bytes > 0)
        encoder.copyBufferToBuffer(buffer, offset, staging, offsets[k], Math.ceil(bytes / 4) * 4);
    });
    times.copy(encoder, staging, timesAt);
    size += times.bytes;
    this.submit();
    await this.gpu.alive(staging.mapAsync(GPUMapMode.READ, 0, size));
    const all = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    times.take(all.slice(timesAt));
    return Object.fromEntries(
      parts.map(([name, { bytes }], k) => [name, all.slice(offsets[k], offsets[k] + bytes)]),
    ) as Record<keyof W, ArrayBuffer>;
  }

  #rate(kind: WorkKind): number {
    const { throughput, scoringRate } = this.gpu;
    const speed = kind.spread === true ? spreadSpeed(scoringRate) : 1;
    return throughput.rate(kind.name, kind.initialRate * speed);
  }

  #commands(): GPUCommandEncoder {
    this.#endPass();
    return (this.#encoder ??= this.gpu.device.createCommandEncoder());
  }

  /** A pass holds one kind of work only, so that its time measures that kind. */
  #passOf(kind: WorkKind, step: { cost: number; ms: number; planned: number }): GPUComputePassEncoder {
    const last = this.#passes.at(-1);
    if (this.#pass !== undefined && last?.kind.name === kind.name && last.stage === this.#stage) {
      last.cost += step.cost;
      last.ms += step.ms;
      last.planned += step.planned;
      return this.#pass;
    }
    const record: PassRecord = { stage: this.#stage, kind, ...step, begin: undefined, end: undefined };
    const { throughput } = this.gpu;
    const descriptor = this.clock.pass(this.#stage, (begin, end) => {
      record.begin = begin;
      record.end = end;
      throughput.learn(kind.name, record.cost, record.ms, end - begin, kind);
    });
    this.#pass = this.#commands().beginComputePass(descriptor);
    this.#passes.push(record);
    return this.#pass;
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Maximum number of workgroups per dimension that WebGPU guarantees. */
const MAX_WORKGROUPS = 65_535;

/** Cuts `count` equal steps into runs that cost at most `budget` each, but at least one step. */
export function* pieces(
  count: number,
  cost: number,
  budget: number,
): Generator<{ from: number; size: number }> {
  const max = Math.max(1, Math.min(Math.floor(budget / cost), MAX_WORKGROUPS));
  // Runs of about equal size, so that the last one also fills the device.
  const size = Math.ceil(count / Math.ceil(count / max));
  for (let from = 0; from < count; from += size) yield { from, size: Math.min(size, count - from) };
}
