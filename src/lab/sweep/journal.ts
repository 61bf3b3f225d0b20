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
 * Opens FILE.partial. `key` names the work: a journal of other work is refused, and so is any
 * journal unless `resume` is set, because it holds work of hours. @throws LabError.
 */
export function openJournal<R>(output: string, key: string, resume: boolean): Journal<R> {
  const path = `${output}.partial`;
  const head = `${JSON.stringify({ journal: key })}\n`;
  const finished = new Map<number, R>();
  let length = 0;
  if (existsSync(path)) {
    // The last line may be cut off where the process was killed.
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    length = Buffer.byteLength(whole);
    const lines = whole.split('\n').slice(1, -1);
    if (!resume && lines.length > 0)
      throw new LabError(
        `holds ${lines.length} finished evenings of an earlier run; --resume goes on from there; delete it to begin again`,
        path,
      );
    if (whole !== '' && !whole.startsWith(head) && lines.length > 0)
      throw new LabError(
        'was made by another sweep (or another version of the program); give the same options, or delete it to begin again',
        path,
      );
    for (const line of lines) {
      const { job, result } = JSON.parse(line) as { job: number; result: R };
      finished.set(job, result);
    }
    if (lines.length === 0) length = 0;
  }
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
    truncateSync(path, length);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  if (length === 0) write(head);
  return {
    path,
    finished,
    add: (job, result) => write(`${JSON.stringify({ job, result })}\n`),
    close: () => closeSync(file),
    remove() {
      closeSync(file);
      rmSync(path);
    },
  };
}
