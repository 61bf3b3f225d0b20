import address from './entry.ts?worker&url';
import type { WorkerPart } from './entry.ts';

/** Starts a worker from the page. The fragment names it in figures of memory. */
export function startWorker(part: WorkerPart): Worker {
  return new Worker(`${address}#${part}`, { type: 'module', name: part });
}
