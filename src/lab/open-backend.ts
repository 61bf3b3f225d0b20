import { LabError } from '../base/errors.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { embedTower } from '../model/serve/tower.ts';

export const backendNames = ['auto', 'cpu', 'gpu'] as const;
export type BackendName = (typeof backendNames)[number];

/**
 * The backend of that name. 'auto' takes the GPU where there is a real one: a software adapter is slower than plain typed arrays.
 * `say` gets one line about the choice.
 */
export async function openBackend(name: BackendName, say: (text: string) => void): Promise<MatchBackend> {
  if (name === 'cpu') return createCpuBackend({ embed: embedTower });
  try {
    const { openNodeGpu } = await import('../gpu/node.ts');
    const { createGpuBackend } = await import('../match/gpu-backend.ts');
    const backend = await createGpuBackend({ gpu: await openNodeGpu() });
    if (name === 'gpu' || !backend.info.software) return backend;
    say(`${backend.adapter} computes in software; using the CPU backend (--backend gpu insists)`);
    backend.dispose();
  } catch (error) {
    if (name === 'gpu' || !(error instanceof LabError)) throw error;
    say(`no GPU here, using the CPU backend: ${error.message}`);
  }
  return createCpuBackend({ embed: embedTower });
}
