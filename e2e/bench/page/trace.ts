/** Categories of the browser's trace: the tasks of every thread, and what tells whose they are. */
export const TRACED = ['toplevel', 'devtools.timeline'];

/** The Long Tasks API of the W3C reports tasks above this. */
export const LONG_TASK_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Duration by the wall clock and by the processor's, microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * The tasks of the page's thread in a trace, in milliseconds. A new browser has a page of its own,
 * in another process: only a process whose events name `origin` counts.
 */
export function tasksOf(trace: Buffer, origin: string): { dur: number; tdur: number }[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const own = new Set(
    traceEvents.filter(({ args }) => JSON.stringify(args)?.includes(origin)).map(({ pid }) => pid),
  );
  const threads = new Set(
    traceEvents
      .filter(
        ({ name, args, pid }) => own.has(pid) && name === 'thread_name' && args.name === 'CrRendererMain',
      )
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(
      ({ name, ph, pid, tid }) => name.endsWith('RunTask') && ph === 'X' && threads.has(`${pid} ${tid}`),
    )
    .map(({ dur = 0, tdur = 0 }) => ({ dur: dur / 1000, tdur: tdur / 1000 }));
}
