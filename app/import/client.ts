import type { ImportStage } from '../../src/import/import-data.ts';
import type { Mapping } from '../../src/import/read/mapping.ts';
import { startWorker } from '../worker/start-worker.ts';
import { runInWorker, type Calls, type WorkerJob } from '../worker/worker-client.ts';
import type { Files, ImportApi, ImportPreview, Reading } from './worker.ts';

const inWorker = <T>(work: (calls: Calls<ImportApi>) => Promise<T>): WorkerJob<T> =>
  runInWorker('The import', () => startWorker('import'), work);

export const lookAt = (one: File, other: File): WorkerJob<ImportPreview> =>
  inWorker((calls) => calls.inspect(one, other));

export const lookAtAs = (files: Files): WorkerJob<ImportPreview> =>
  inWorker((calls) => calls.inspectAs(files));

export function readFiles(
  files: Files,
  mapping: Mapping,
  tell: (stage: ImportStage, share: number) => void,
): WorkerJob<Reading> {
  return inWorker((calls) => calls.read(files, mapping, tell));
}
