import { createGpuBackend, type GpuBackend } from '../../src/match/gpu-backend.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import type { MatchBackend } from '../../src/match/backend.ts';
import { embedTower } from '../../src/model/serve/tower.ts';

export interface OpenBackend {
  readonly backend: MatchBackend;
  /** The device, for the sky; null on the CPU. */
  readonly gpu: GpuBackend | null;
  /** What a person should know: a software adapter, or why there is no GPU. */
  readonly note: string;
}

export const cpuBackend = (): MatchBackend => createCpuBackend({ embed: embedTower });

/** The best backend there is: WebGPU where the browser has an adapter, else the CPU with the reason. 'gpu' insists, and throws. */
export async function openBackend(
  wish: 'auto' | 'cpu' | 'gpu',
  onLost: (reason: string) => void,
): Promise<OpenBackend> {
  if (wish === 'cpu') return { backend: cpuBackend(), gpu: null, note: 'Runs on the CPU, as asked.' };
  const { gpu } = navigator as { gpu?: GPU };
  try {
    if (gpu === undefined) throw new Error('this browser has no WebGPU');
    const backend = await createGpuBackend({
      gpu,
      onLost,
      onError: (message) => console.error(message),
    });
    const note = backend.info.software
      ? 'A software adapter: right, but slow. Times on a real GPU are far shorter.'
      : '';
    return { backend, gpu: backend, note };
  } catch (error) {
    if (wish === 'gpu') throw error;
    const why = error instanceof Error ? error.message : String(error);
    return {
      backend: cpuBackend(),
      gpu: null,
      note: `No GPU here (${why}): runs on the CPU with a smaller pool.`,
    };
  }
}
