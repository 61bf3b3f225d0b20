import { openNullGpu } from '../../src/gpu/node.ts';
import { SUBMISSION_MS } from '../../src/gpu/batch/throughput.ts';
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
  visits: 30_000,
  batches: 2,
  extents: [
    { rows: 0, columns: 0 },
    { rows: 0.08, columns: 0.09 },
  ],
};

/**
 * A backend on Dawn's null backend: the host does all its work, and the device computes nothing.
 * @param played what greedy reports, by how many batches of rounds were encoded in the tick; by
 *   default it ends after the first.
 * @param submissionMs planned milliseconds of one submission.
 */
export async function createNullBackend(
  played: (batches: number) => GreedyProgress = () => PLAYED,
  submissionMs = SUBMISSION_MS,
): Promise<GpuBackend> {
  const backend = await createGpuBackend({ gpu: await openNullGpu(), submissionMs });
  const { device } = backend;
  const create = device.createBuffer.bind(device);
  // Commands do not run, so what is read back is what a new buffer holds; it would be anything.
  device.createBuffer = (descriptor) => {
    if ((descriptor.usage & GPUBufferUsage.MAP_READ) === 0) return create(descriptor);
    const buffer = create({ ...descriptor, mappedAtCreation: true });
    new Uint8Array(buffer.getMappedRange()).fill(0);
    buffer.unmap();
    return buffer;
  };
  // Nothing is computed, so greedy would wait for ever.
  const { greedy } = backend.passes;
  const { tail } = greedy.kernels;
  const [begin, dispatch] = [greedy.begin.bind(greedy), tail.dispatch.bind(tail)];
  let batches = 0;
  greedy.begin = (...args) => {
    batches = 0;
    begin(...args);
  };
  tail.dispatch = (...args) => {
    batches++;
    dispatch(...args);
  };
  greedy.played = () => played(batches);
  return backend;
}
