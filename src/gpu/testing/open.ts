import { afterAll } from 'vitest';
import { createGpuBackend } from '../../match/gpu-backend.ts';
import type { GpuBackend } from '../../match/gpu-backend.ts';

/**
 * One backend per test file, disposed of at its end. Fails where there is no adapter. GPU errors
 * that no error scope caught fail the file.
 */
export function sharedBackend(): () => Promise<GpuBackend> {
  let backend: Promise<GpuBackend> | undefined;
  const errors: string[] = [];
  afterAll(async () => {
    (await backend)?.dispose();
    if (errors.length > 0) throw new Error(errors.join('\n'));
  });
  return () => (backend ??= createGpuBackend({ gpu: navigator.gpu, onError: (e) => errors.push(e) }));
}
