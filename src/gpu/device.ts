import { LabError } from '../base/errors.ts';
import { openAdapter } from './adapter.ts';
import type { SubmissionRecord } from './batch/submission-record.ts';
import { SUBMISSION_MS, ThroughputModel } from './batch/throughput.ts';
import { BufferRegistry, GrowingBuffer } from './buffers.ts';
import { DeviceLostError } from './errors.ts';
import { Kernel } from './kernel.ts';
import type { Constants } from './kernel.ts';
import type { Shader } from './shader.ts';
import { isSoftwareAdapter } from './software.ts';
import { UniformRing } from './uniforms.ts';
import { UploadRing } from './batch/upload-ring.ts';

export interface DeviceOptions {
  /** Called once when the device goes away without dispose(). */
  readonly onLost?: ((reason: string) => void) | undefined;
  /** Called with errors that no error scope caught. Default: console.error. */
  readonly onError?: ((message: string) => void) | undefined;
  /** Planned milliseconds of one submission; by default so few that the browser can draw. */
  readonly submissionMs?: number | undefined;
  /** An adapter from `openAdapter`; requested here if absent. It gives one device only. */
  readonly adapter?: GPUAdapter | undefined;
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Shaders run on the CPU: correct, but slow. */
  readonly software: boolean;
}

/** Optional features. Everything works without them. */
const wanted = ['timestamp-query'] as const;
/** Limits that are raised to the adapter's. All others stay at WebGPU's defaults. */
const raised = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;
/**
 * How long a failed call of the browser waits for `lost` to say why. A busy machine may report the
 * loss much later than the calls that it ended.
 */
const LOSS_MS = 5000;

/**
 * A device and what every caller needs to work with it: counted buffers, cached kernels, error
 * scopes, and promises that reject with {@link DeviceLostError} when it is lost.
 */
export class GpuDevice {
  readonly registry: BufferRegistry;
  /** Buffer through which results are read back. */
  readonly staging: GrowingBuffer;
  readonly uniforms: UniformRing;
  readonly uploads: UploadRing;
  /** Planned milliseconds of one submission. */
  readonly submissionMs: number;
  /** Called after every submission, for diagnosis. */
  watch: ((submission: SubmissionRecord) => void) | undefined;
  /** Measured speed of each kind of work. */
  throughput = new ThroughputModel();
  /**
   * Multiply-adds per millisecond of the scoring pass by the wall clock: the initial rate of kinds
   * of work that are counted in multiply-adds. Until it is measured, that of a small integrated
   * GPU.
   */
  scoringRate = 1e7;
  /** By shader, so that the kernels of one that is not used any more can be freed. */
  #kernels = new WeakMap<Shader, Map<string, Promise<Kernel>>>();
  #modules = new WeakMap<Shader, Promise<GPUShaderModule>>();
  #disposed = false;
  #fault: string | undefined;
  /** Set when the device is lost or disposed of. */
  #lost: DeviceLostError | undefined;
  /** Reject the calls that {@link alive} has not settled. */
  readonly #pending = new Set<(reason: DeviceLostError) => void>();

  constructor(
    readonly device: GPUDevice,
    readonly facts: AdapterFacts,
    options: DeviceOptions,
    /** Kept for the life of the device: Dawn frees its instance with this object. */
    readonly owner?: GPU,
  ) {
    this.submissionMs = options.submissionMs ?? SUBMISSION_MS;
    this.registry = new BufferRegistry(device);
    this.staging = new GrowingBuffer(this.registry, 'staging', 'staging');
    this.uniforms = new UniformRing(this.registry);
    this.uploads = new UploadRing(this.registry);
    void device.lost.then((info) => {
      const reason = info.message === '' ? info.reason : `${info.reason}: ${info.message.split('\n')[0]}`;
      if (!this.#disposed) options.onLost?.(reason);
      this.#lost = new DeviceLostError(reason);
      for (const reject of this.#pending) reject(this.#lost);
      this.#pending.clear();
    });
    const report = options.onError ?? ((message: string) => console.error(message));
    device.onuncapturederror = (event) => {
      if (this.#disposed) return;
      this.#fault ??= event.error.message;
      report(`GPU error: ${event.error.message}`);
    };
  }

  /** @throws LabError with the first error since the last call that no error scope caught. */
  throwFault(): void {
    const fault = this.#fault;
    this.#fault = undefined;
    if (fault !== undefined) throw new LabError(`the GPU refused a command: ${fault}`);
  }

  /** Name for people, e.g. "google swiftshader". */
  get name(): string {
    const { vendor, architecture, description } = this.facts;
    const name = [vendor, architecture].filter((s) => s !== '').join(' ');
    return name !== '' ? name : description !== '' ? description : 'unnamed GPU';
  }

  /** Settles with `promise`, or rejects with {@link DeviceLostError} when the device is lost. */
  alive<T>(promise: Promise<T>): Promise<T> {
    // A race against `device.lost` would keep every result for as long as the device lives.
    return new Promise((resolve, reject) => {
      if (this.#lost === undefined) this.#pending.add(reject);
      else reject(this.#lost);
      promise.then(
        (value) => {
          this.#pending.delete(reject);
          resolve(value);
        },
        (error: Error) => {
          const fail = () => {
            this.#pending.delete(reject);
            reject(error);
          };
          // Dawn may reject a pending map before `lost` resolves: report the cause.
          if (error instanceof LabError) fail();
          else setTimeout(fail, LOSS_MS);
        },
      );
    });
  }

  /**
   * Runs `fn` in error scopes. It must be synchronous: scopes are a stack, and other callers may
   * use the device between two awaits.
   *
   * @returns the value of `fn`, and a promise that rejects with a LabError if the GPU reported an
   * error.
   */
  validated<T>(label: string, fn: () => T): { value: T; valid: Promise<void> } {
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    try {
      const value = fn();
      const valid = this.#popScopes(label);
      // Avoid an unhandled rejection. `alive` reports device loss.
      valid.catch(() => undefined);
      return { value, valid };
    } catch (error) {
      void this.#popScopes(label).catch(() => undefined);
      throw error;
    }
  }

  async #popScopes(label: string): Promise<void> {
    const errors = await this.alive(Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]));
    const error = errors.find((e) => e !== null);
    if (error !== undefined) throw new LabError(`${label}: ${error.message}`);
  }

  /** The kernels of these entry points of a shader. Each is compiled once per device. */
  async kernels<E extends string>(
    shader: Shader,
    entries: readonly E[],
    constants: Constants = {},
  ): Promise<Record<E, Kernel>> {
    const compiled = await Promise.all(entries.map((entry) => this.#kernel(shader, entry, constants)));
    return Object.fromEntries(compiled.map((kernel) => [kernel.entry, kernel])) as Record<E, Kernel>;
  }

  #kernel(shader: Shader, entry: string, constants: Constants): Promise<Kernel> {
    let known = this.#kernels.get(shader);
    if (known === undefined) this.#kernels.set(shader, (known = new Map<string, Promise<Kernel>>()));
    const key = `${entry} ${JSON.stringify(constants)}`;
    let kernel = known.get(key);
    if (kernel === undefined) known.set(key, (kernel = this.#compile(shader, entry, constants)));
    return kernel;
  }

  async #compile(shader: Shader, entry: string, constants: Constants): Promise<Kernel> {
    let module = this.#modules.get(shader);
    if (module === undefined) {
      module = compileModule(this, shader);
      this.#modules.set(shader, module);
    }
    return this.alive(Kernel.compile(this.device, await module, shader, entry, constants));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.registry.dispose();
    this.device.destroy();
  }
}

/** Compiles a module. @throws LabError with file, line, column and the text of the line. */
export async function compileModule(
  gpu: { device: GPUDevice; alive<T>(p: Promise<T>): Promise<T> },
  { file, text, lines }: Shader,
): Promise<GPUShaderModule> {
  gpu.device.pushErrorScope('validation');
  const module = gpu.device.createShaderModule({ label: file, code: text });
  const scope = gpu.device.popErrorScope();
  const info = await gpu.alive(module.getCompilationInfo());
  const error = await gpu.alive(scope);
  const first = info.messages.find((m) => m.type === 'error');
  if (first !== undefined) {
    const at = lines[first.lineNum - 1] ?? { file, line: first.lineNum, text: '' };
    throw new LabError(
      `${first.message}\n  ${at.text.trim()}`,
      `shaders/${at.file}:${at.line}:${first.linePos}`,
    );
  }
  if (error !== null) throw new LabError(error.message, `shaders/${file}`);
  return module;
}

/**
 * Opens a device with the features and limits that the adapter has.
 * @throws LabError where there is no adapter.
 */
export async function openDevice(gpu: GPU, options: DeviceOptions = {}): Promise<GpuDevice> {
  const adapter = options.adapter ?? (await openAdapter(gpu));
  const requiredLimits: Record<string, number> = {};
  for (const limit of raised) requiredLimits[limit] = adapter.limits[limit];
  const device = await adapter.requestDevice({
    label: 'halfsecond',
    requiredFeatures: wanted.filter((f) => adapter.features.has(f)),
    requiredLimits,
  });
  // Some browsers have no `info`, or only a part of it.
  const info = (adapter.info as Partial<GPUAdapterInfo> | undefined) ?? {};
  const { vendor = '', architecture = '', description = '' } = info;
  const facts = { vendor, architecture, description, software: isSoftwareAdapter(info) };
  return new GpuDevice(device, facts, options, gpu);
}
