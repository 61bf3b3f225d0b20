import { openAdapter } from '../gpu/adapter.ts';
import type { AdapterIdentity } from '../gpu/software.ts';
import { isSoftwareAdapter } from '../gpu/software.ts';
import type { MatchBackend } from './backend.ts';
import type { GpuBackend } from './gpu-backend.ts';

export const backendNames = ['auto', 'cpu', 'gpu'] as const;
/**
 * 'auto' is the GPU where there is a real one, else the CPU. 'gpu' insists, on a software adapter
 * too.
 */
export type BackendName = (typeof backendNames)[number];

export interface OpenOptions {
  /** WebGPU of this browser, or Dawn in Node. Rejects where there is none. */
  readonly findGpu: () => Promise<GPU>;
  readonly createCpu: () => MatchBackend;
  /** Called once when the device goes away without `dispose`. */
  readonly onLost?: (reason: string) => void;
  /** See `DeviceOptions`. */
  readonly submissionMs?: number;
}

export interface OpenBackend {
  readonly backend: MatchBackend;
  /** The same backend where it computes on a GPU; null on the CPU. */
  readonly gpu: GpuBackend | null;
  /** One sentence that explains the choice; '' for a real GPU. */
  readonly note: string;
}

/**
 * Opens the backend of that name. The choice is made before any shader is compiled.
 * @throws LabError where 'gpu' is asked for and no device can be opened.
 */
export async function openBackend(name: BackendName, options: OpenOptions): Promise<OpenBackend> {
  const onCpu = (note: string): OpenBackend => ({ backend: options.createCpu(), gpu: null, note });
  if (name === 'cpu') return onCpu('Computes on the CPU, as asked.');
  try {
    const gpu = await options.findGpu();
    const adapter = await openAdapter(gpu);
    // Older browsers have no `info`.
    const info = (adapter.info as AdapterIdentity | undefined) ?? {};
    const software = isSoftwareAdapter(info);
    if (name === 'auto' && software)
      return onCpu(`Computes on the CPU: the GPU adapter here is software (${nameOf(info)}).`);
    const { createGpuBackend } = await import('./gpu-backend.ts');
    const backend = await createGpuBackend({
      ...{ gpu, adapter },
      ...{ onLost: options.onLost, submissionMs: options.submissionMs },
    });
    // The first submissions then have the size that suits the device. On a software adapter a
    // calibration takes longer than the first ticks.
    if (!software) await backend.calibrate();
    return { backend, gpu: backend, note: software ? 'A software adapter: correct, but slow.' : '' };
  } catch (error) {
    if (name === 'gpu') throw error;
    // After the semicolon the message advises people who insist on the GPU.
    const [why] = (error instanceof Error ? error.message : String(error)).split('; ');
    return onCpu(`Computes on the CPU: ${why}.`);
  }
}

function nameOf({ vendor = '', architecture = '', description = '' }: AdapterIdentity): string {
  return [vendor, architecture].filter((part) => part !== '').join(' ') || description || 'unnamed';
}
