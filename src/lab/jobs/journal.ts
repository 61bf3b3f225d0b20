import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { LabError } from '../../base/errors.ts';
import { cannotWrite } from '../cli/files.ts';

/**
 * Finished jobs beside the file that they are for, one JSON line each, written as soon as a job is
 * done. If the process is killed, the journal stays, and a later run continues from it.
 */
export interface Journal<R> {
  readonly path: string;
  /** What an earlier run has finished, by number of the job. */
  readonly finished: ReadonlyMap<number, R>;
  add(job: number, result: R): void;
  /** Keeps the file for a later run. */
  close(): void;
  /** Removes the file: its results are in the output now. */
  remove(): void;
}

/**
 * Opens FILE.partial. `key` names the work. A journal that an earlier run has left is refused
 * unless `resume` is set, because it may hold the work of hours. @throws LabError.
 */
export function openJournal<R>(output: string, key: string, resume: boolean): Journal<R> {
  const path = `${output}.partial`;
  const head = `${JSON.stringify({ journal: key })}\n`;
  const kept = existsSync(path) ? wholeLines(readFileSync(path, 'utf8')) : '';
  const lines = kept.split('\n').slice(1, -1);
  if (kept !== '' && !kept.startsWith('{"journal":'))
    throw new LabError('is needed for finished evenings, but holds something else; move it away', path);
  if (lines.length > 0 && !resume)
    throw new LabError(
      `holds ${lines.length} finished evenings of an earlier run; --resume goes on from there; delete it to begin again`,
      path,
    );
  if (lines.length > 0 && !kept.startsWith(head))
    throw new LabError(
      'was made by another sweep (or another version of the program); give the same options, or delete it to begin again',
      path,
    );
  const finished = lines.map((line) => JSON.parse(line) as { job: number; result: R });
  let file: number;
  const write = (text: string) => {
    try {
      writeSync(file, text);
    } catch (error) {
      throw cannotWrite(path, error);
    }
  };
  try {
    file = openSync(path, 'a');
    truncateSync(path, lines.length === 0 ? 0 : Buffer.byteLength(kept));
  } catch (error) {
    throw cannotWrite(path, error);
  }
  if (lines.length === 0) write(head);
  return {
    path,
    finished: new Map(finished.map(({ job, result }) => [job, result])),
    add: (job, result) => write(`${JSON.stringify({ job, result })}\n`),
    close: () => closeSync(file),
    remove() {
      closeSync(file);
      rmSync(path);
    },
  };
}

/** The last line may be cut off where the process was killed. A foreign file may have only one. */
function wholeLines(text: string): string {
  return text.startsWith('{"journal":') ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
}
