import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { UNDRAWN_SUBMISSION_MS } from '../gpu/batch/throughput.ts';
import { openBackend, type BackendName } from '../match/open-backend.ts';
import type { NamedMatcher } from '../match/own/own-matcher.ts';
import type { KernelTeam } from '../score/threads/team.ts';
import { embedTower } from '../model/serve/tower.ts';

/**
 * The backend of that name in Node, on Dawn.
 *
 * @param say gets one line where 'auto' takes the CPU.
 * @param team threads that help the CPU backend, which disposes of them.
 * @param own a matcher of the user, which runs on the CPU.
 */
export async function openNodeBackend(
  name: BackendName,
  say: (text: string) => void,
  team?: KernelTeam,
  own?: NamedMatcher,
): Promise<MatchBackend> {
  const { backend, note } = await openBackend(own === undefined ? name : 'cpu', {
    findGpu: async () => (await import('../gpu/node.ts')).openNodeGpu(),
    createCpu: () => createCpuBackend({ embed: embedTower, ...(team && { team }), ...(own && { own }) }),
    submissionMs: UNDRAWN_SUBMISSION_MS,
  });
  if (name === 'auto' && note !== '') say(note);
  return backend;
}
