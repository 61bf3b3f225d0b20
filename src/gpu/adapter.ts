import { LabError } from '../base/errors.ts';

/**
 * The adapter that the browser offers. Look at its `info` (see `isSoftwareAdapter`) before a device
 * is opened.
 * @throws LabError where there is no adapter.
 */
export async function openAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null)
    throw new LabError(
      'no WebGPU adapter was found; use a browser and driver with WebGPU, or choose the CPU backend',
    );
  return adapter;
}
