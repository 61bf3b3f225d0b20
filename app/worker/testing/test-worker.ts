import { expose } from 'comlink';

/** A worker for tests: it answers, fails, stays silent, calls back, and takes a port. */
const api = {
  ping: () => true,
  double: (x: number) => 2 * x,
  fail(): never {
    const error = new Error('no such person');
    error.name = 'LabError';
    throw error;
  },
  silent: () => new Promise<void>(() => undefined),
  /** Blocks the worker's thread. */
  block(ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end);
  },
  async count(to: number, tell: (n: number) => Promise<void>): Promise<number> {
    for (let n = 1; n <= to; n++) await tell(n);
    return to;
  },
  connect(port: MessagePort): void {
    port.postMessage('hello');
  },
};

export type TestApi = typeof api;

expose(api);
