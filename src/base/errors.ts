/**
 * An error that the user can act on. Every message says what was wrong, the value, the limit, and
 * what to do.
 *
 * `where` is a place in the input ("pool.csv:12:4", "scenario.policy.threshold"), when there is
 * one.
 */
export class LabError extends Error {
  override readonly name = 'LabError';
  constructor(
    /** The message without its place. */
    readonly problem: string,
    readonly where?: string,
  ) {
    super(where === undefined ? problem : `${where}: ${problem}`);
  }
}

/**
 * Throws a {@link LabError} unless `condition` holds. Where this is checked thousands of times a
 * tick, `message` is a function, because a text with numbers takes longer than the check.
 */
export function must(
  condition: unknown,
  message: string | (() => string),
  where?: string,
): asserts condition {
  if (!condition) throw new LabError(typeof message === 'string' ? message : message(), where);
}

/** Input text as a message shows it: quoted, short, with invisible characters escaped. */
export function shown(text: string | number): string {
  const plain = String(text);
  const short = plain.length > 40 ? `${plain.slice(0, 40)}...` : plain;
  return JSON.stringify(short).replaceAll(
    /[\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
