import type { GpuDevice } from '../../src/gpu/device.ts';
import { Kernel } from '../../src/gpu/kernel.ts';

/** What no submission may take longer than, milliseconds: the browser draws in between. */
export const LIMIT_MS = 100;

export interface SubmissionTimes {
  readonly stage: string;
  readonly count: number;
  readonly longestMs: number;
  /** Processor time of this process during the longest, all threads: of a software adapter, what it would take at most on a quiet machine. */
  readonly longestCpuMs: number;
  /** Which passes the longest was made of. */
  readonly passes: string;
  /** How many took longer than {@link LIMIT_MS}. */
  readonly over: number;
}

interface Seen {
  readonly ms: number;
  readonly cpuMs: number;
  readonly passes: string;
}

/**
 * Times every submission of a device until `stop()`: from its being handed over, or the end of the one before, to its end, as the queue says.
 * Passes are not slowed by it, but a busy machine is: the figure is an upper one.
 */
export function watchSubmissions(gpu: GpuDevice): { stop(): Promise<SubmissionTimes[]> } {
  const stages = new Map<string, Seen[]>();
  const pending: Promise<void>[] = [];
  const passes = new Set<string>();
  const stopNaming = nameDispatches((pass) => passes.add(pass));
  let ended = 0;
  let spent = process.cpuUsage();
  gpu.watch = ({ stage }) => {
    const handed = performance.now();
    const made = [...passes].join(' + ');
    passes.clear();
    pending.push(
      gpu.device.queue.onSubmittedWorkDone().then(() => {
        const now = performance.now();
        const { user, system } = process.cpuUsage(spent);
        spent = process.cpuUsage();
        const seen = stages.get(stage) ?? [];
        seen.push({ ms: now - Math.max(handed, ended), cpuMs: (user + system) / 1000, passes: made });
        stages.set(stage, seen);
        ended = now;
      }),
    );
  };
  return {
    stop: async () => {
      gpu.watch = undefined;
      stopNaming();
      await Promise.all(pending);
      return [...stages].map(([stage, all]) => {
        const longest = all.reduce((a, b) => (b.ms > a.ms ? b : a));
        return {
          stage,
          count: all.length,
          longestMs: longest.ms,
          longestCpuMs: longest.cpuMs,
          passes: longest.passes,
          over: all.filter((s) => s.ms > LIMIT_MS).length,
        };
      });
    },
  };
}

/** Tells of every dispatch, by the shader it runs, until the returned function is called. */
function nameDispatches(tell: (pass: string) => void): () => void {
  const original = Object.getOwnPropertyDescriptor(Kernel.prototype, 'dispatch') as PropertyDescriptor;
  const dispatch = original.value as (this: Kernel, ...args: unknown[]) => void;
  Object.defineProperty(Kernel.prototype, 'dispatch', {
    ...original,
    value(this: Kernel, ...args: unknown[]) {
      tell(this.entry === 'main' ? this.module : `${this.module}.${this.entry}`);
      dispatch.apply(this, args);
    },
  });
  return () => {
    Object.defineProperty(Kernel.prototype, 'dispatch', original);
  };
}
