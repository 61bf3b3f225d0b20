import { parseCommandLine } from './parse.ts';
import type { OptionTable, OptionValues } from './options.ts';

/** Tells the person how the work goes, on standard error. */
export type Say = (line: string) => void;

/** What a command's file declares. */
interface CommandDefinition<O extends OptionTable, R extends object> {
  /** Names of the arguments, in their order; each must be given. */
  readonly arguments: readonly string[];
  /** Help between the usage line and the options; lines of at most 100 characters. */
  readonly about: string;
  readonly options: O;
  /** @throws LabError for an error of input, UsageError for a wrong combination of options. */
  run(given: Given<O>): Promise<R>;
  /** The result as short readable lines. With --json the result itself is printed. */
  print(result: NoInfer<R>): string;
}

export interface Given<O extends OptionTable> {
  readonly arguments: readonly string[];
  readonly options: OptionValues<O>;
  readonly say: Say;
}

/** A command that takes its arguments as text: `npm run -s lab -- <name> ...`. */
export interface Command<R extends object = object> {
  readonly arguments: readonly string[];
  readonly about: string;
  readonly options: OptionTable;
  run(args: readonly string[], say?: Say): Promise<R>;
  print(result: R): string;
}

/**
 * Commands by name, each with one line of help. A command's file loads only when the command is
 * called.
 */
export interface CommandGroup {
  readonly commands: ReadonlyMap<string, CommandEntry>;
}

interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command | CommandGroup }>;
}

export function defineCommand<O extends OptionTable, R extends object>(
  definition: CommandDefinition<O, R>,
): Command<R> {
  return {
    ...definition,
    async run(args, say = (line) => process.stderr.write(`${line}\n`)) {
      return definition.run({ ...parseCommandLine(args, definition.arguments, definition.options), say });
    },
  };
}

export function defineGroup(commands: Readonly<Record<string, CommandEntry>>): CommandGroup {
  return { commands: new Map(Object.entries(commands)) };
}
