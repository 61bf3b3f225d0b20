import type { GpuClock, GpuStage } from './clock.ts';
import type { GpuDevice } from './device.ts';
import { Readback } from './readback.ts';
import type { Wanted } from './readback.ts';

/** Milliseconds of GPU work in one submission, aimed at: the browser draws in between. */
export const SUBMISSION_MS = 40;

/**
 * Steps over the rows of the tables, packed into submissions that stay short on this adapter. A step must put its own uniforms, since the
 * ring of uniforms starts anew with every submission.
 */
export class Sweeps {
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #cost = 0;
  /** Cost of all that was submitted. */
  total = 0;

  constructor(
    readonly gpu: GpuDevice,
    readonly clock: GpuClock,
    readonly stage: GpuStage,
    /** Work per millisecond, in the unit of the steps' costs. */
    readonly rate: number = gpu.sweep,
  ) {}

  /** Encodes one step. `cost`: rows gone over, all dispatches of the step together (or what the rate counts). */
  step(cost: number, encode: (pass: GPUComputePassEncoder) => void): void {
    const full = this.#cost > 0 && this.#cost + cost > this.rate * SUBMISSION_MS;
    if (full || this.gpu.uniforms.room < 4) this.submit();
    this.#encoder ??= this.gpu.device.createCommandEncoder({ label: this.stage });
    this.#pass ??= this.#encoder.beginComputePass(this.clock.pass(this.stage));
    encode(this.#pass);
    this.#cost += cost;
  }

  /** Submits what was encoded so far. */
  submit(): void {
    this.#pass?.end();
    this.gpu.uniforms.flush();
    if (this.#encoder !== undefined) {
      this.gpu.device.queue.submit([this.#encoder.finish()]);
      this.gpu.watch?.({ stage: this.stage, cost: this.#cost });
    }
    this.total += this.#cost;
    this.#encoder = undefined;
    this.#pass = undefined;
    this.#cost = 0;
  }

  /** Submits the rest and reads tables back. */
  read(wanted: readonly Wanted[]): Promise<(name: string) => ArrayBuffer> {
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder ??= this.gpu.device.createCommandEncoder({ label: this.stage });
    const readback = new Readback(this.gpu, this.#encoder, wanted);
    this.submit();
    return readback.read();
  }
}
