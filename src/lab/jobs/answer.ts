import { LabError } from '../../base/errors.ts';
import { perform, type Job } from '../../experiment/jobs/perform.ts';
import { nodeContext } from './node-context.ts';

/**
 * What a thread or another machine replies to a job, as JSON. An error is a reply too: only a
 * thread that dies gives none.
 */
export type Answer =
  | { readonly result: object }
  /** An error of input. */
  | { readonly refused: string; readonly where?: string | undefined }
  /** A fault of the program: its stack. */
  | { readonly fault: string };

const context = nodeContext();

/** Does a job in this thread. */
export async function answer(job: Job): Promise<Answer> {
  try {
    return { result: await perform(job, context) };
  } catch (error) {
    if (error instanceof LabError) return { refused: error.problem, where: error.where };
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The result of an answer. @throws LabError if the job was refused. */
export function resultIn<R extends object>(given: Answer): R {
  if ('result' in given) return given.result as R;
  if ('refused' in given) throw new LabError(given.refused, given.where);
  throw new Error(given.fault);
}
