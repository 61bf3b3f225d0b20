import { parseArgs } from 'node:util';
import { shown } from '../../base/errors.ts';
import { suggestion } from '../../base/nearest.ts';
import { UsageError, type OptionTable, type OptionValues } from './options.ts';

/** Arguments and option values of a command line. @throws UsageError. */
export function parseCommandLine<O extends OptionTable>(
  args: readonly string[],
  names: readonly string[],
  options: O,
): { arguments: readonly string[]; options: OptionValues<O> } {
  const table = new Map(Object.entries(options));
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      [...table].map(([name, { value }]) => [name, { type: value === '' ? 'boolean' : 'string' }]),
    ),
    // Not strict: parseArgs then takes "-1" as a value, and the messages are ours.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const found: string[] = [];
  const texts = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') found.push(token.value);
    if (token.kind !== 'option') continue;
    const option = table.get(token.name);
    if (option === undefined || !token.rawName.startsWith('--'))
      throw new UsageError(`there is no option ${token.rawName}${known(token.name, [...table.keys()])}`);
    const text = option.value === '' ? switchText(token) : valueText(token, option.value);
    texts.set(token.name, [...(texts.get(token.name) ?? []), text]);
  }
  if (found.length > names.length)
    throw new UsageError(
      `unexpected argument ${shown(found[names.length])}; expected ${names.length === 0 ? 'only options' : `only ${names.join(' ')}`}`,
    );
  if (found.length < names.length)
    throw new UsageError(`${names[found.length]} is missing; expected ${names.join(' ')}`);
  if (found.filter((path) => path === '-').length > 1)
    throw new UsageError('standard input can be only one of the files');
  const values = [...table].map(([name, option]) => [name, option.read(texts.get(name) ?? [], `--${name}`)]);
  return { arguments: found, options: Object.fromEntries(values) as OptionValues<O> };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function switchText({ rawName, value = 'true' }: OptionToken): string {
  if (value !== 'true' && value !== 'false')
    throw new UsageError(
      `is a switch: expected ${rawName}=true or ${rawName}=false, not ${shown(value)}`,
      rawName,
    );
  return value;
}

function valueText({ rawName, value, inlineValue }: OptionToken, placeholder: string): string {
  if (value === undefined || value === '' || (inlineValue === false && value.startsWith('--')))
    throw new UsageError(`needs a value: ${rawName} ${placeholder}`, rawName);
  return value;
}

function known(name: string, names: readonly string[]): string {
  const similar = suggestion(
    `--${name}`,
    names.map((n) => `--${n}`),
  );
  if (similar !== '') return similar;
  return names.length === 0 ? '' : `; there are ${names.map((n) => `--${n}`).join(', ')}`;
}
