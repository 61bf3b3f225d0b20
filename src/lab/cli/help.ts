import type { Command, CommandGroup } from './command.ts';

const WIDTH = 100;
const common: readonly (readonly [string, string])[] = [
  ['--json', 'print one JSON object on standard output, also for an error'],
  ['-h, --help', 'print this help'],
];

const version = ['--version', 'print the version'] as const;

export function commandHelp(path: string, summary: string, command: Command): string {
  const own = Object.entries(command.options).map(
    ([name, { value, help }]) => [value === '' ? `--${name}` : `--${name} ${value}`, help] as const,
  );
  const usage = [path, ...command.arguments, '[options]'].join(' ');
  return [usage, sentence(summary), command.about, twoColumns([...own, ...common])]
    .filter((part) => part !== '')
    .join('\n\n');
}

export function groupHelp(path: string, summary: string, group: CommandGroup): string {
  const commands = [...group.commands].map(([name, entry]) => [name, entry.summary] as const);
  const more = `"lab help ${[...path.split(' ').slice(1), 'COMMAND'].join(' ')}" explains a command.`;
  return [
    `${path} COMMAND [options]`,
    sentence(summary),
    twoColumns([...commands, ...common, ...(path === 'lab' ? [version] : [])]),
    more,
  ].join('\n\n');
}

const sentence = (summary: string) => `${summary[0].toUpperCase()}${summary.slice(1)}.`;

/** Names, and beside them their texts, wrapped. */
function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(24, Math.max(...rows.map(([name]) => name.length)));
  const indent = left + 4;
  return rows
    .flatMap(([name, help]) => {
      const [first, ...rest] = wrap(help, WIDTH - indent);
      const head =
        name.length > left
          ? [`  ${name}`, `${' '.repeat(indent)}${first}`]
          : [`  ${name.padEnd(left)}  ${first}`];
      return [...head, ...rest.map((line) => `${' '.repeat(indent)}${line}`)];
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
