import { LabError } from '../base/errors.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { embedTower } from '../model/serve/tower.ts';

export const backendNames = ['auto', 'cpu', 'gpu'] as const;
export type BackendName = (typeof backendNames)[number];

/**
 * Opens a backend by name. 'auto' takes a real GPU if there is one, because a software adapter is
 * slower than the CPU backend. `say` gets one line about the choice.
 */
export async function openBackend(name: BackendName, say: (text: string) => void): Promise<MatchBackend> {
  if (name === 'cpu') return createCpuBackend({ embed: embedTower });
  try {
    const { openNodeGpu } = await import('../gpu/node.ts');
    const { createGpuBackend } = await import('../match/gpu-backend.ts');
    const backend = await createGpuBackend({ gpu: await openNodeGpu() });
    if (name === 'gpu' || !backend.info.software) return backend;
    say(`${backend.adapter} is a software adapter; using the CPU backend (--backend gpu uses it anyway)`);
    backend.dispose();
  } catch (error) {
    if (name === 'gpu' || !(error instanceof LabError)) throw error;
    say(`no GPU is available, using the CPU backend: ${error.message}`);
  }
  return createCpuBackend({ embed: embedTower });
}
