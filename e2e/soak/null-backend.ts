import { openNullGpu } from '../../src/gpu/node.ts';
import type { GreedyProgress } from '../../src/gpu/passes/match/greedy.ts';
import { createGpuBackend, type GpuBackend } from '../../src/match/gpu-backend.ts';

/** What greedy reports on a random pool of 10,000. */
const PLAYED: GreedyProgress = {
  rounds: 13,
  unfinished: false,
  lost: 0,
  left: 0,
  done: true,
  refills: 1,
  scans: 0,
};

/**
 * A backend on Dawn's null backend: the host does all its work, and the device computes nothing.
 * Greedy ends after its first batch of rounds.
 */
export async function createNullBackend(): Promise<GpuBackend> {
  const backend = await createGpuBackend({ gpu: await openNullGpu() });
  const { device } = backend;
  const create = device.createBuffer.bind(device);
  // Commands do not run, so what is read back is what a new buffer holds; it would be anything.
  device.createBuffer = (descriptor) => {
    const buffer = create({ ...descriptor, mappedAtCreation: true });
    new Uint8Array(buffer.getMappedRange()).fill(0);
    buffer.unmap();
    return buffer;
  };
  // Nothing is computed, so greedy would wait for ever.
  Object.assign(backend.passes.greedy, { played: () => PLAYED });
  return backend;
}
