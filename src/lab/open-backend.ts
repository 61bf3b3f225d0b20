import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { openBackend, type BackendName } from '../match/open-backend.ts';
import { embedTower } from '../model/serve/tower.ts';

/** The backend of that name in Node, on Dawn. `say` gets one line where 'auto' takes the CPU. */
export async function openNodeBackend(name: BackendName, say: (text: string) => void): Promise<MatchBackend> {
  const { backend, note } = await openBackend(name, {
    findGpu: async () => (await import('../gpu/node.ts')).openNodeGpu(),
    createCpu: () => createCpuBackend({ embed: embedTower }),
  });
  if (name === 'auto' && note !== '') say(note);
  return backend;
}
