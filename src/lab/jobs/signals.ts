const names = ['SIGINT', 'SIGTERM'] as const;

/**
 * Gives the work an AbortSignal that Ctrl-C and SIGTERM abort. When the work has cleaned up, the
 * process ends by the signal that it got, so that a shell sees 130 or 143. A second Ctrl-C ends it
 * at once.
 */
export async function untilSignal<T>(work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals) => {
    received = name;
    cancel.abort(new Error(`cancelled by ${name}`));
  };
  for (const name of names) process.once(name, stop);
  try {
    return await work(cancel.signal);
  } finally {
    for (const name of names) process.off(name, stop);
    // Without a handler the signal ends the process.
    if (received !== undefined) process.kill(process.pid, received);
  }
}
