import { LabError } from '../base/errors.ts';
import { BufferPool, BufferRegistry } from './buffers.ts';
import { DeviceLostError } from './errors.ts';
import { Kernel } from './kernel.ts';
import { locate, moduleText } from './modules.ts';
import type { Combining, ShaderModuleName } from './modules.ts';
import { Pace } from './pace.ts';
import type { Submission } from './sweeps.ts';
import { UniformRing } from './uniforms.ts';

export interface DeviceOptions {
  /** Told once, when the device goes away without dispose(). */
  readonly onLost?: ((reason: string) => void) | undefined;
  /** Told about errors that no scope caught. Default: console.error. */
  readonly onError?: ((message: string) => void) | undefined;
  readonly powerPreference?: GPUPowerPreference | undefined;
  /** An adapter from {@link openAdapter}; requested here if absent. It gives one device only. */
  readonly adapter?: GPUAdapter | undefined;
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software adapter: right, but slow. */
  readonly isFallbackAdapter: boolean;
  /** Lanes of a subgroup, where the device can use them and every shader sees the same number; else 0. */
  readonly lanes: number;
}

/** Optional features, each with a way to do without. */
const wanted = ['timestamp-query', 'subgroups', 'shader-f16'] as const;
/** Limits that are raised to the adapter's; everything else stays at WebGPU's defaults. */
const raised = ['maxStorageBufferBindingSize', 'maxBufferSize'] as const;

/**
 * A device with what it takes to work with it: counted buffers, cached kernels, error scopes, and promises that reject with
 * {@link DeviceLostError} when it is lost.
 */
export class GpuDevice {
  readonly registry: BufferRegistry;
  readonly pool: BufferPool;
  readonly uniforms: UniformRing;
  /** Rejects when the device is lost or disposed of; never resolves. */
  readonly gone: Promise<never>;
  /** Multiply-adds of the scoring pass per millisecond, as last measured; submissions are cut by it. */
  rate = 2e5;
  /** Rows gone over per millisecond in the passes over lists, likewise: supposed, for a GPU and for one in software. */
  readonly sweep: number;
  /** Told of every submission of a stage right after it was made; for diagnosis. */
  watch: ((submission: Submission) => void) | undefined;
  /** How fast kinds of work were. */
  pace = new Pace();
  #kernels = new Map<string, Promise<Kernel>>();
  #modules = new Map<string, Promise<GPUShaderModule>>();
  #disposed = false;
  #fault: string | undefined;

  constructor(
    readonly device: GPUDevice,
    readonly facts: AdapterFacts,
    options: DeviceOptions,
    /** Held for as long as the device lives: Dawn frees the instance with this object. */
    readonly owner?: GPU,
  ) {
    this.sweep = facts.isFallbackAdapter ? 2e4 : 1e6;
    this.registry = new BufferRegistry(device);
    this.pool = new BufferPool(this.registry);
    this.uniforms = new UniformRing(this.registry);
    this.gone = device.lost.then((info) => {
      const reason = info.message === '' ? info.reason : `${info.reason}: ${info.message.split('\n')[0]}`;
      if (!this.#disposed) options.onLost?.(reason);
      throw new DeviceLostError(reason);
    });
    this.gone.catch(() => undefined);
    // Whatever no scope caught fails the call in progress, and is reported.
    const report = options.onError ?? ((message: string) => console.error(message));
    device.onuncapturederror = (event) => {
      if (this.#disposed) return;
      this.#fault ??= event.error.message;
      report(`GPU error: ${event.error.message}`);
    };
  }

  has(feature: GPUFeatureName): boolean {
    return this.device.features.has(feature);
  }

  /** @throws LabError with the first error that no scope caught since the last call. */
  throwFault(): void {
    const fault = this.#fault;
    this.#fault = undefined;
    if (fault !== undefined) throw new LabError(`the GPU refused a command: ${fault}`);
  }

  /** As a person reads it, e.g. "google swiftshader". */
  get name(): string {
    const { vendor, architecture, description } = this.facts;
    const name = [vendor, architecture].filter((s) => s !== '').join(' ');
    return name !== '' ? name : description !== '' ? description : 'unnamed GPU';
  }

  /** Waits, but no longer than the device lives. */
  alive<T>(promise: Promise<T>): Promise<T> {
    // Dawn may reject a pending map before `lost` resolves: let the loss speak first.
    const settled = promise.catch(async (error: unknown) => {
      await Promise.race([this.gone, new Promise((resolve) => setTimeout(resolve, 50))]);
      throw error;
    });
    return Promise.race([settled, this.gone]);
  }

  /**
   * Runs `fn` (synchronous: scopes are a stack, and others may use the device between two awaits) in error scopes.
   * @returns what `fn` returned and a promise that rejects with a LabError if the GPU objected.
   */
  validated<T>(label: string, fn: () => T): { value: T; valid: Promise<void> } {
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    try {
      const value = fn();
      const valid = this.#scopes(label);
      // Whoever awaits it hears of it; a loss in the meantime speaks through another promise.
      valid.catch(() => undefined);
      return { value, valid };
    } catch (error) {
      void this.#scopes(label).catch(() => undefined);
      throw error;
    }
  }

  async #scopes(label: string): Promise<void> {
    const errors = await this.alive(Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]));
    const error = errors.find((e) => e !== null);
    if (error !== undefined) throw new LabError(`${label}: ${error.message}`);
  }

  /** The compute kernel of a module's entry point with these override constants, for one way of combining scores or any; compiled once per device. */
  kernel(
    name: ShaderModuleName,
    entry: string,
    constants: Readonly<Record<string, number>> = {},
    combining?: Combining,
  ): Promise<Kernel> {
    const key = `${name}.${entry} ${combining ?? ''} ${JSON.stringify(constants)}`;
    let kernel = this.#kernels.get(key);
    if (kernel === undefined) {
      kernel = this.#compile(name, entry, constants, combining);
      this.#kernels.set(key, kernel);
    }
    return kernel;
  }

  async #compile(
    name: ShaderModuleName,
    entry: string,
    constants: Readonly<Record<string, number>>,
    combining: Combining | undefined,
  ): Promise<Kernel> {
    const module = await this.#module(name, combining);
    const pipeline = await this.alive(
      this.device.createComputePipelineAsync({
        label: `${name}.${entry}`,
        layout: 'auto',
        compute: { module, entryPoint: entry, constants },
      }),
    );
    return new Kernel(this.device, pipeline, name, entry);
  }

  #module(name: ShaderModuleName, combining: Combining | undefined): Promise<GPUShaderModule> {
    const key = `${name} ${combining ?? ''}`;
    let module = this.#modules.get(key);
    if (module === undefined) {
      module = compileModule(this, name, combining);
      this.#modules.set(key, module);
    }
    return module;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.registry.dispose();
    this.device.destroy();
  }
}

/** Compiles a module; a LabError names file, line, column and the line itself. */
export async function compileModule(
  gpu: { device: GPUDevice; alive<T>(p: Promise<T>): Promise<T> },
  name: ShaderModuleName,
  combining?: Combining,
  text = moduleText(name, combining),
): Promise<GPUShaderModule> {
  gpu.device.pushErrorScope('validation');
  const module = gpu.device.createShaderModule({ label: name, code: text });
  const scope = gpu.device.popErrorScope();
  const info = await gpu.alive(module.getCompilationInfo());
  const error = await gpu.alive(scope);
  const first = info.messages.find((m) => m.type === 'error');
  if (first !== undefined) {
    const at = text === moduleText(name, combining) ? locate(name, first.lineNum, combining) : undefined;
    const line = at?.text ?? text.split('\n')[first.lineNum - 1] ?? '';
    throw new LabError(
      `${first.message}\n  ${line.trim()}`,
      `${at?.file ?? name}:${at?.line ?? first.lineNum}:${first.linePos}`,
    );
  }
  if (error !== null) throw new LabError(error.message, name);
  return module;
}

/**
 * The adapter that the browser offers. Look at its `info` (see `isSoftwareAdapter`) before a device is opened.
 * @throws LabError where there is no adapter.
 */
export async function openAdapter(
  gpu: GPU,
  powerPreference: GPUPowerPreference = 'high-performance',
): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference });
  if (adapter === null)
    throw new LabError(
      'no WebGPU adapter was found; use a browser and driver with WebGPU, or choose the CPU backend',
    );
  return adapter;
}

/**
 * Opens a device with the features and limits that the adapter has.
 * @throws LabError where there is no adapter.
 */
export async function openDevice(gpu: GPU, options: DeviceOptions = {}): Promise<GpuDevice> {
  const adapter = options.adapter ?? (await openAdapter(gpu, options.powerPreference));
  const requiredLimits: Record<string, number> = {};
  for (const limit of raised) requiredLimits[limit] = adapter.limits[limit];
  const device = await adapter.requestDevice({
    label: 'halfsecond',
    requiredFeatures: wanted.filter((f) => adapter.features.has(f)),
    requiredLimits,
  });
  // Some browsers have no `info`, or not all of it.
  const info = adapter.info as Partial<GPUAdapterInfo> | undefined;
  const facts: AdapterFacts = {
    vendor: info?.vendor ?? '',
    architecture: info?.architecture ?? '',
    description: info?.description ?? '',
    isFallbackAdapter: info?.isFallbackAdapter ?? false,
    lanes:
      device.features.has('subgroups') && info?.subgroupMinSize === info?.subgroupMaxSize
        ? (info?.subgroupMaxSize ?? 0)
        : 0,
  };
  return new GpuDevice(device, facts, options, gpu);
}
