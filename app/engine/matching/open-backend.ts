import { LabError } from '../../../src/base/errors.ts';
import type { MatchBackend } from '../../../src/match/backend.ts';
import { openBackend, type BackendName, type OpenBackend } from '../../../src/match/open-backend.ts';

/** The backend of that name in this browser. */
export function openPageBackend(
  name: BackendName,
  onLost: ((reason: string) => void) | undefined,
  createCpu: () => MatchBackend,
): Promise<OpenBackend> {
  return openBackend(name, { findGpu, createCpu, ...(onLost && { onLost }) });
}

function findGpu(): Promise<GPU> {
  const { gpu } = navigator as { gpu?: GPU };
  return gpu === undefined
    ? Promise.reject(new LabError('this browser has no WebGPU'))
    : Promise.resolve(gpu);
}
