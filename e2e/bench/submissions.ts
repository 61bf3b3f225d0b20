import type { GpuDevice } from '../../src/gpu/device.ts';
import { Kernel } from '../../src/gpu/kernel.ts';
import type { SubmissionRecord } from '../../src/gpu/batch/submission-record.ts';
import type { Stolen } from './stolen.ts';

/** What no submission may take longer than, milliseconds: the browser draws in between. */
export const LIMIT_MS = 100;

export interface SubmissionTimes {
  readonly stage: string;
  readonly count: number;
  /** From the first pass to the end of the last, on the clock of the GPU: the host's own work is not in it, a busy machine is. */
  readonly longestMs: number;
  /** What it was planned to take. */
  readonly plannedMs: number;
  /** Which passes the longest was made of. */
  readonly passes: string;
  /** The same of the submission that is longest without what was stolen from the worst hit processor meanwhile. */
  readonly longestOwnMs: number;
  /** How many took longer than {@link LIMIT_MS}, without what was stolen too, and of what the first were made. */
  readonly over: number;
  readonly overOwn: number;
  readonly overPasses: Readonly<Record<string, number>>;
}

interface Seen {
  readonly submission: SubmissionRecord;
  readonly passes: string;
}

/**
 * Notes every submission of a device until `stop()`, which tells how long they took; call it after the times were read back, as at the end of
 * a tick. Where the adapter has no timestamps, it tells of none. What was `stolen` is known where timestamps are of the host's own clock.
 */
export function watchSubmissions(gpu: GpuDevice, stolen?: Stolen): { stop(): SubmissionTimes[] } {
  const seen: Seen[] = [];
  const passes = new Set<string>();
  const stopNaming = nameDispatches((pass) => passes.add(pass));
  gpu.watch = (submission) => {
    seen.push({ submission, passes: [...passes].join(' + ') });
    passes.clear();
  };
  return {
    stop: () => {
      gpu.watch = undefined;
      stopNaming();
      const stages = new Map<string, { ms: number; own: number; planned: number; passes: string }[]>();
      for (const { submission, passes: made } of seen) {
        const begin = submission.passes[0].begin;
        const end = submission.passes.at(-1)?.end;
        if (begin === undefined || end === undefined) continue;
        const all = stages.get(submission.stage) ?? [];
        const ms = end - begin;
        const lost = stolen?.during(begin, end) ?? NaN;
        all.push({ ms, own: ms - (Number.isNaN(lost) ? 0 : lost), planned: submission.ms, passes: made });
        stages.set(submission.stage, all);
      }
      return [...stages].map(([stage, all]) => {
        const longest = all.reduce((a, b) => (b.ms > a.ms ? b : a));
        const over = all.filter((s) => s.ms > LIMIT_MS);
        const overPasses: Record<string, number> = {};
        for (const { passes: made } of over) overPasses[made] = (overPasses[made] ?? 0) + 1;
        return {
          stage,
          count: all.length,
          longestMs: longest.ms,
          plannedMs: longest.planned,
          passes: longest.passes,
          longestOwnMs: Math.max(...all.map(({ own }) => own)),
          over: over.length,
          overOwn: all.filter(({ own }) => own > LIMIT_MS).length,
          overPasses,
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
      tell(this.name);
      dispatch.apply(this, args);
    },
  });
  return () => {
    Object.defineProperty(Kernel.prototype, 'dispatch', original);
  };
}
