import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { Stage } from '../../src/import/import-data.ts';
import type { Mapping } from '../../src/import/read/mapping.ts';
import { Cancelled } from '../exact/client.ts';
import type { Files, ImportApi, Look, Reading } from './worker.ts';

/** A job of the import worker on its way. */
export interface Job<T> {
  /** Rejects with the reason when the files cannot be used, the worker dies, or the job was cancelled. */
  readonly done: Promise<T>;
  /** Ends the worker at once, whatever it does. */
  cancel(): void;
}

function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'import' });
}

/** Runs one job in a worker of its own, which ends with it. */
function inWorker<T>(work: (remote: Remote<ImportApi>) => Promise<T>): Job<T> {
  const worker = startWorker();
  const remote = wrap<ImportApi>(worker);
  let settled = false;
  let fail: (error: Error) => void = () => undefined;
  const close = () => {
    settled = true;
    remote[releaseProxy]();
    worker.terminate();
  };
  const done = new Promise<T>((resolve, reject) => {
    fail = (error) => {
      if (settled) return;
      close();
      reject(error);
    };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      fail(new Error(`Reading stopped: ${event.message || 'its worker could not be loaded'}.`));
    });
    worker.addEventListener('messageerror', () => fail(new Error('What was read could not be passed on.')));
    work(remote).then(
      (value) => {
        if (settled) return;
        close();
        resolve(value);
      },
      (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
    );
  });
  return { done, cancel: () => fail(new Cancelled()) };
}

export const lookAt = (one: File, other: File): Job<Look> => inWorker((remote) => remote.inspect(one, other));

export const lookAtAs = (files: Files): Job<Look> => inWorker((remote) => remote.inspectAs(files));

export function readFiles(
  files: Files,
  mapping: Mapping,
  tell: (stage: Stage, share: number) => void,
): Job<Reading> {
  return inWorker((remote) => remote.read(files, mapping, proxy(tell)));
}
