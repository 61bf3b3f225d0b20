/** How a cancelled job ended. */
export interface CancelReport {
  /** From the call until all computation stopped, milliseconds. */
  readonly ms: number;
  /** Between two steps, or together with its worker in the middle of a step. */
  readonly how: 'between steps' | 'in the middle of a step';
}

export interface RunningJob<T> {
  /** Rejects with `Cancelled` after a cancel, or with the reason of a failure. */
  readonly done: Promise<T>;
  /** `done` rejects at once. Resolves when all computation has stopped. */
  cancel(): Promise<CancelReport>;
}
