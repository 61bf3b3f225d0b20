import type { GpuDevice } from '../../src/gpu/device.ts';
import type { SubmissionRecord } from '../../src/gpu/batch/submission-record.ts';

/** WebGPU calls of the host. */
export interface CallCounts {
  submissions: number;
  passes: number;
  dispatches: number;
  bindGroups: number;
  writes: number;
  writtenBytes: number;
  readBytes: number;
  /** Number of waits for the device: mapped buffers and `onSubmittedWorkDone`. */
  waits: number;
  errorScopes: number;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Counts WebGPU calls until `stop()`. Counting costs time: do not use it in a timed section. */
export function countCalls(): { stop(): CallCounts } {
  const calls: CallCounts = {
    submissions: 0,
    passes: 0,
    dispatches: 0,
    bindGroups: 0,
    writes: 0,
    writtenBytes: 0,
    readBytes: 0,
    waits: 0,
    errorScopes: 0,
  };
  const restore: (() => void)[] = [];
  const count = (owner: { prototype: object }, name: string, record: (args: unknown[]) => void) => {
    const { prototype } = owner;
    const original = Object.getOwnPropertyDescriptor(prototype, name);
    if (original === undefined) return;
    const method = original.value as Method;
    Object.defineProperty(prototype, name, {
      ...original,
      value(this: unknown, ...args: unknown[]) {
        record(args);
        return method.apply(this, args);
      },
    });
    restore.push(() => void Object.defineProperty(prototype, name, original));
  };
  count(GPUQueue, 'submit', () => calls.submissions++);
  count(GPUQueue, 'writeBuffer', ([, , data, , size]) => {
    calls.writes++;
    const { byteLength } = data as ArrayBufferView;
    const width = (data as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    calls.writtenBytes += typeof size === 'number' ? size * width : byteLength;
  });
  count(GPUQueue, 'onSubmittedWorkDone', () => calls.waits++);
  count(GPUBuffer, 'mapAsync', ([mode, , size]) => {
    // Buffers for uploads are mapped while nobody waits.
    if (mode !== GPUMapMode.READ) return;
    calls.waits++;
    calls.readBytes += typeof size === 'number' ? size : 0;
  });
  count(GPUDevice, 'createBindGroup', () => calls.bindGroups++);
  count(GPUDevice, 'popErrorScope', () => calls.errorScopes++);
  count(GPUCommandEncoder, 'beginComputePass', () => calls.passes++);
  count(GPUComputePassEncoder, 'dispatchWorkgroups', () => calls.dispatches++);
  return {
    stop() {
      for (const undo of restore) undo();
      return calls;
    },
  };
}

/** Times on the GPU clock, in milliseconds. */
export interface PassTimes {
  /** Sum over all passes. */
  readonly sumMs: number;
  /** From the begin of the first pass to the end of the last. */
  readonly spanMs: number;
  readonly byKind: Readonly<Record<string, { passes: number; ms: number }>>;
}

/**
 * Records all passes of a device until `stop()`. Call `stop()` after the timestamps are read back.
 * All times are 0 on a device without timestamps.
 */
export function watchPasses(gpu: GpuDevice): { stop(): PassTimes } {
  const seen: SubmissionRecord[] = [];
  gpu.watch = (submission) => void seen.push(submission);
  return {
    stop() {
      gpu.watch = undefined;
      const byKind: Record<string, { passes: number; ms: number }> = {};
      let sumMs = 0;
      let first = Infinity;
      let last = -Infinity;
      for (const { passes } of seen)
        for (const { stage, kind, begin, end } of passes) {
          if (begin === undefined || end === undefined) continue;
          const entry = (byKind[kind.name ?? `${stage}, other`] ??= { passes: 0, ms: 0 });
          entry.passes++;
          entry.ms += end - begin;
          sumMs += end - begin;
          first = Math.min(first, begin);
          last = Math.max(last, end);
        }
      return { sumMs, spanMs: Math.max(0, last - first), byKind };
    },
  };
}
