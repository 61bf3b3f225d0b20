/**
 * An error a person can act on. Every message says what was wrong, the value, the limit, and what to do.
 *
 * `where` is a place in the input ("pool.csv:12:4", "scenario.policy.threshold"), when there is one.
 */
export class LabError extends Error {
  override readonly name = 'LabError';
  constructor(
    message: string,
    readonly where?: string,
  ) {
    super(where === undefined ? message : `${where}: ${message}`);
  }
}

/** Throws a {@link LabError} unless `condition` holds. */
export function must(condition: unknown, message: string, where?: string): asserts condition {
  if (!condition) throw new LabError(message, where);
}
