import { afterAll } from 'vitest';
import { createGpuBackend } from '../../match/gpu-backend.ts';
import type { GpuBackend } from '../../match/gpu-backend.ts';

let backend: Promise<GpuBackend> | undefined;
const errors: string[] = [];

/**
 * One backend for all test files of a process: a software adapter compiles its pipelines for
 * seconds. Fails where there is no adapter. GPU errors that no error scope caught fail the file.
 */
export function sharedBackend(): () => Promise<GpuBackend> {
  afterAll(async () => {
    await (await backend)?.gpu.device.queue.onSubmittedWorkDone();
    if (errors.length > 0) throw new Error(errors.splice(0).join('\n'));
  });
  return () => (backend ??= createGpuBackend({ gpu: navigator.gpu, onError: (e) => errors.push(e) }));
}
