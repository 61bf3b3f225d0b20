import { LabError } from '../base/errors.ts';
import type { Command } from './command.ts';

/** Each command loads only when it is called, so that `lab --help` answers at once and needs no GPU. */
const commands: Record<string, () => Promise<Command>> = {
  match: async () => (await import('./match.ts')).command,
  run: async () => (await import('./run/run.ts')).command,
  slices: async () => (await import('./slices.ts')).command,
  train: async () => (await import('./train/train.ts')).command,
  evaluate: async () => (await import('./evaluate/evaluate.ts')).command,
  import: async () => (await import('./import.ts')).command,
};

async function main(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === 'help') {
    const all = await Promise.all(Object.values(commands).map((load) => load()));
    process.stdout.write(
      `lab <command> [--json] ...\n\n${all.map((c) => `  ${c.name.padEnd(10)}${c.summary}`).join('\n')}\n\nlab <command> --help tells more.\n`,
    );
    return;
  }
  const load = commands[name];
  if (load === undefined)
    throw new LabError(`unknown command ${name}; there are ${Object.keys(commands).join(', ')}`);
  const command = await load();
  if (rest.includes('--help')) {
    process.stdout.write(`${command.usage}\n`);
    return;
  }
  const json = rest.includes('--json');
  const result = await command.run(rest.filter((a) => a !== '--json'));
  process.stdout.write(`${json ? JSON.stringify(result) : command.print(result)}\n`);
}

main(process.argv.slice(2)).then(
  // Dawn keeps the event loop alive for as long as a device exists: leave when the output is flushed.
  () => process.stdout.write('', () => process.exit(0)),
  (error: unknown) => {
    const text =
      error instanceof LabError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    process.stderr.write(`${text.trimEnd()}\n`, () => process.exit(1));
  },
);
