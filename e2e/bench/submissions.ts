import type { GpuDevice } from '../../src/gpu/device.ts';

export interface SubmissionTimes {
  readonly stage: string;
  readonly count: number;
  readonly longestMs: number;
}

/**
 * Times every submission of a device until `stop()`: from its being handed over, or the end of the one before, to its end, as the queue says.
 * Passes are not slowed by it, but a busy machine is: the figure is an upper one.
 */
export function watchSubmissions(gpu: GpuDevice): { stop(): Promise<SubmissionTimes[]> } {
  const stages = new Map<string, number[]>();
  const pending: Promise<void>[] = [];
  let ended = 0;
  gpu.watch = ({ stage }) => {
    const handed = performance.now();
    pending.push(
      gpu.device.queue.onSubmittedWorkDone().then(() => {
        const now = performance.now();
        const times = stages.get(stage) ?? [];
        times.push(now - Math.max(handed, ended));
        stages.set(stage, times);
        ended = now;
      }),
    );
  };
  return {
    stop: async () => {
      gpu.watch = undefined;
      await Promise.all(pending);
      return [...stages].map(([stage, times]) => ({
        stage,
        count: times.length,
        longestMs: Math.max(...times),
      }));
    },
  };
}
