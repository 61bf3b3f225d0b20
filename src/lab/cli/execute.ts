import { LabError, shown } from '../../base/errors.ts';
import { suggestion } from '../../base/nearest.ts';
import type { Command, CommandGroup, Say } from './command.ts';
import { commandHelp, groupHelp } from './help.ts';
import { UsageError } from './options.ts';
import { isClosedPipe } from './files.ts';
import { version } from '../../../package.json';

interface Streams {
  /** Writes to standard output. @throws LabError where that fails. */
  readonly write: (text: string) => Promise<void>;
  readonly say: Say;
}

const SUMMARY = 'Halfsecond on the command line: everything the page computes, on the same engine';

/**
 * Runs a command line. Resolves to the exit code: 0, 1 for an error of input, 2 for wrong usage.
 */
export async function execute(
  group: CommandGroup,
  argv: readonly string[],
  { write, say }: Streams,
): Promise<number> {
  let json = false;
  try {
    const args = takeJson(argv, (value) => (json = value));
    const { result, text } = await answer(group, args, say);
    await write(`${json ? JSON.stringify(result) : text()}\n`);
    return 0;
  } catch (error) {
    if (isClosedPipe(error)) return 1;
    const exitCode = error instanceof UsageError ? 2 : 1;
    const message = messageOf(error);
    say(message);
    const where = error instanceof LabError ? error.where : undefined;
    if (json) await write(`${JSON.stringify({ error: message, where, exitCode })}\n`).catch(() => undefined);
    return exitCode;
  }
}

interface Answer {
  readonly result: object;
  readonly text: () => string;
}

async function answer(root: CommandGroup, args: readonly string[], say: Say): Promise<Answer> {
  if (args[0] === '--version') {
    return { result: { version }, text: () => `halfsecond ${version}` };
  }
  const asksHelp = args.length === 0 || args[0] === 'help';
  const { command, path, summary, rest } = await resolve(root, asksHelp ? args.slice(1) : args);
  const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (asksHelp || options.includes('--help') || options.includes('-h')) {
    const help = 'run' in command ? commandHelp(path, summary, command) : groupHelp(path, summary, command);
    return { result: { help }, text: () => help };
  }
  if (!('run' in command)) {
    const names = [...command.commands.keys()].join(', ');
    throw new UsageError(
      rest.length === 0 ? `${path} needs a command: ${names}` : `there is no option ${rest[0]}`,
    );
  }
  try {
    const result = await command.run(rest, say);
    return { result, text: () => command.print(result) };
  } catch (error) {
    if (error instanceof UsageError) error.see = path;
    throw error;
  }
}

async function resolve(root: CommandGroup, args: readonly string[]) {
  let command: Command | CommandGroup = root;
  let summary = SUMMARY;
  const path = ['lab'];
  let rest = args;
  while ('commands' in command && rest.length > 0 && !rest[0].startsWith('-')) {
    const names: readonly string[] = [...command.commands.keys()];
    const entry = command.commands.get(rest[0]);
    if (entry === undefined) {
      const hint = suggestion(rest[0], names) || `; there are ${names.join(', ')}`;
      throw new UsageError(`${path.join(' ')} has no command ${shown(rest[0])}${hint}`);
    }
    path.push(rest[0]);
    summary = entry.summary;
    rest = rest.slice(1);
    ({ command } = await entry.load());
  }
  return { command, path: path.join(' '), summary, rest };
}

/** The arguments without --json, which may stand anywhere before "--". @throws UsageError. */
function takeJson(argv: readonly string[], set: (value: boolean) => void): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.filter((arg, i) => {
    if (i >= end || (arg !== '--json' && !arg.startsWith('--json='))) return true;
    set(arg !== '--json=false');
    if (!['--json', '--json=true', '--json=false'].includes(arg))
      throw new UsageError(`expected --json=true or --json=false; it is ${shown(arg)}`, '--json');
    return false;
  });
}

/**
 * One line for a person. Text of libraries and of Node is shown only for a fault of the program.
 */
function messageOf(error: unknown): string {
  if (error instanceof UsageError && error.see !== undefined)
    return oneLine(`${error.message} (see ${error.see} --help)`);
  if (error instanceof LabError) return oneLine(error.message);
  if (process.env['LAB_STACK'] && error instanceof Error && error.stack !== undefined) return error.stack;
  const what = error instanceof Error ? `${error.name}, ${error.message}` : String(error);
  return oneLine(
    `This is a fault of the program, not of your input (${what}). LAB_STACK=1 shows where it happened.`,
  );
}

/** Names from files may hold line breaks and control characters. */
function oneLine(message: string): string {
  return message
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD')
    .trim();
}
