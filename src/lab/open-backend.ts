import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { openBackend, type BackendName } from '../match/open-backend.ts';
import type { KernelTeam } from '../score/threads/team.ts';
import { embedTower } from '../model/serve/tower.ts';

/**
 * The backend of that name in Node, on Dawn.
 *
 * @param say gets one line where 'auto' takes the CPU.
 * @param team threads that help the CPU backend, which disposes of them.
 */
export async function openNodeBackend(
  name: BackendName,
  say: (text: string) => void,
  team?: KernelTeam,
): Promise<MatchBackend> {
  const { backend, note } = await openBackend(name, {
    findGpu: async () => (await import('../gpu/node.ts')).openNodeGpu(),
    createCpu: () => createCpuBackend({ embed: embedTower, ...(team && { team }) }),
  });
  if (name === 'auto' && note !== '') say(note);
  return backend;
}
