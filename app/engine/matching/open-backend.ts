import { LabError } from '../../../src/base/errors.ts';
import type { MatchBackend } from '../../../src/match/backend.ts';
import { openBackend, type BackendName, type OpenBackend } from '../../../src/match/open-backend.ts';
import { createWorkerBackend } from './worker-backend.ts';

/**
 * The backend of that name in this browser. `createCpu` makes the CPU backend; by default it
 * matches in workers of its own, so that the calling thread stays free.
 */
export function openPageBackend(
  name: BackendName,
  onLost?: (reason: string) => void,
  createCpu: () => MatchBackend = createWorkerBackend,
): Promise<OpenBackend> {
  return openBackend(name, { findGpu, createCpu, ...(onLost && { onLost }) });
}

function findGpu(): Promise<GPU> {
  const { gpu } = navigator as { gpu?: GPU };
  return gpu === undefined
    ? Promise.reject(new LabError('this browser has no WebGPU'))
    : Promise.resolve(gpu);
}
