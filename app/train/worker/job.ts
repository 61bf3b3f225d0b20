/** The work was cancelled: no failure. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

/** How a cancelled piece of work ended. */
export interface CancelReport {
  /** From the call until nothing computed any more, milliseconds. */
  readonly ms: number;
  /** Between two steps, or with the whole worker, in the middle of a step. */
  readonly how: 'between steps' | 'in the middle of a step';
}

export interface Job<T> {
  /** Rejects with {@link Cancelled}, or with the reason of a failure. */
  readonly done: Promise<T>;
  /** `done` rejects at once; resolves when nothing computes any more. */
  cancel(): Promise<CancelReport>;
}

export interface Promised {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** A promise and what resolves it. */
export function promised(): Promised {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
