import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { KernelTeam, THREADS_FROM } from '../../score/threads/team.ts';
import { integer } from '../cli/options.ts';

const THREAD = new URL('kernel-thread.mjs', import.meta.url);

export const threadsOption = integer(
  'N',
  `threads of the CPU backend, which change no result; default: as many as cores from ${THREADS_FROM} people on, else one`,
  { min: 1, max: 64 },
);

/**
 * Worker threads for the scoring kernel; undefined for one thread.
 *
 * @param threads the caller's included. Where given, they help with pools of any size.
 */
export function kernelTeam(threads?: number): KernelTeam | undefined {
  const helpers = (threads ?? availableParallelism()) - 1;
  if (helpers < 1) return undefined;
  return new KernelTeam(
    helpers,
    (data, ended) => {
      const worker = new Worker(THREAD, { workerData: data, execArgv: [] });
      // A thread that cannot start or is killed also ends.
      worker.on('error', () => undefined);
      worker.on('exit', ended);
      // Helpers sleep for ever: they do not keep the process alive.
      worker.unref();
      return { stop: () => void worker.terminate() };
    },
    threads === undefined ? THREADS_FROM : 0,
  );
}
