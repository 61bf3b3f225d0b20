/** One command of the headless twin: `npm run -s lab -- <name> ...`. */
export interface Command {
  readonly name: string;
  /** One line of help. */
  readonly summary: string;
  /** Usage, printed on --help. */
  readonly usage: string;
  /**
   * Runs the command on its own arguments (without its name). Progress goes to stderr. The returned object is the result: printed
   * as one JSON object with --json, else as short readable lines by `print`. Throws LabError for anything the person can mend.
   */
  run(args: readonly string[]): Promise<Record<string, unknown>>;
  /** Readable form of the result. */
  print(result: Record<string, unknown>): string;
}
