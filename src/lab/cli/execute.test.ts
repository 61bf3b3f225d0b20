import { expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { defineCommand, defineGroup } from './command.ts';
import { execute } from './execute.ts';
import { choice, choices, flag, integer, integerList, number, repeated, text } from './options.ts';

const echo = defineCommand({
  arguments: ['FILE'],
  about: 'About echo.',
  options: {
    n: integer('N', 'a whole number', { min: -5, max: 5, fallback: 1 }),
    x: number('X', 'a number', { above: 0 }),
    word: text('W', 'a word'),
    kind: choice(['red', 'green'], 'a colour', 'red'),
    kinds: choices('A;B', 'colours', ['red', 'green'], ['red']),
    list: integerList('N,N', 'numbers', { least: 2, min: 0, fallback: [1, 2] }),
    many: repeated('M', 'words'),
    loud: flag('says it'),
  },
  run({ arguments: [file], options, say }) {
    if (options.loud) say('hello');
    if (file === 'broken.csv') throw new LabError('a number was expected', 'broken.csv:3:4');
    if (file === 'bug') throw new TypeError('x is undefined\n    at somewhere (file:///secret.ts:1:1)');
    return Promise.resolve({ file, ...options });
  },
  print: (result) => `file ${result.file}`,
});

const group = defineGroup({
  echo: { summary: 'repeats what it is given', load: () => Promise.resolve({ command: echo }) },
  more: {
    summary: 'has commands of its own',
    load: () =>
      Promise.resolve({
        command: defineGroup({ echo: { summary: 'again', load: () => Promise.resolve({ command: echo }) } }),
      }),
  },
});

async function lab(...argv: string[]) {
  let out = '';
  const said: string[] = [];
  const write = (written: string) => {
    out += written;
    return Promise.resolve();
  };
  const code = await execute(group, argv, { write, say: (line) => said.push(line) });
  return { code, out, err: said.join('\n') };
}

test('a result is text, or one JSON object wherever --json stands', async () => {
  expect(await lab('echo', 'a.csv')).toEqual({ code: 0, out: 'file a.csv\n', err: '' });
  for (const args of [
    ['--json', 'echo', 'a.csv'],
    ['echo', '--json', 'a.csv'],
    ['echo', 'a.csv', '--json=true'],
  ]) {
    const { code, out } = await lab(...args);
    expect([code, JSON.parse(out)]).toMatchObject([0, { file: 'a.csv', n: 1, list: [1, 2] }]);
  }
  expect((await lab('echo', 'a.csv', '--json', '--json=false')).out).toBe('file a.csv\n');
});

test('values may be negative, follow an equals sign, or repeat where the option allows it', async () => {
  const args = [
    '--n',
    '-3',
    '--x=.5e1',
    '--word=--json',
    '--kind',
    'green',
    '--list',
    '3, 4',
    '--kinds=red; green',
  ];
  const { out } = await lab('echo', '-', ...args, '--many', 'a', '--many=b', '--loud=true', '--json');
  expect(JSON.parse(out)).toEqual({
    ...{ file: '-', n: -3, x: 5, word: '--json', kind: 'green' },
    ...{ kinds: ['red', 'green'], list: [3, 4], many: ['a', 'b'], loud: true },
  });
  expect((await lab('echo', '--', '--json')).out).toBe('file --json\n');
});

test.each([
  [['echo'], 'FILE is missing; expected FILE (see lab echo --help)'],
  [['echo', 'a', 'b'], 'unexpected argument "b"; expected only FILE'],
  [['echo', 'a', '--n', '1.5'], '--n: must be a whole number from -5 to 5; it is "1.5"'],
  [['echo', 'a', '--n', '0x1'], '--n: must be a whole number from -5 to 5; it is "0x1"'],
  [['echo', 'a', '--n', '1', '--n', '2'], '--n: is given 2 times; give it once'],
  [['echo', 'a', '--n'], '--n: needs a value: --n N'],
  [['echo', 'a', '--word='], '--word: needs a value: --word W'],
  [['echo', 'a', '--word', '--loud'], '--word: needs a value: --word W'],
  [['echo', 'a', '--x', '0'], '--x: must be a number above 0; it is "0"'],
  [['echo', 'a', '--x', 'NaN'], '--x: must be a number above 0; it is "NaN"'],
  [['echo', 'a', '--x', '1e999'], '--x: must be a number above 0; it is "1e999"'],
  [['echo', 'a', '--kind', 'gren'], '--kind: must be one of red, green; it is "gren"; did you mean "green"?'],
  [['echo', 'a', '--kinds', 'red;'], '--kinds: must list some of red, green; it is ""'],
  [['echo', 'a', '--list', '3'], '--list: must list at least 2 whole numbers; it is "3"'],
  [['echo', 'a', '--loud=yes'], '--loud: is a switch: expected --loud=true or --loud=false, not "yes"'],
  [['echo', 'a', '--lod'], 'there is no option --lod; did you mean "--loud"?'],
  [['echo', 'a', '-x'], 'there is no option -x'],
  [['echo', 'a', '--__proto__=1'], 'there is no option --__proto__'],
  [['echo', 'a', '--constructor', 'x'], 'there is no option --constructor'],
  [['ecko'], 'lab has no command "ecko"; did you mean "echo"?'],
  [['toString'], 'lab has no command "toString"; there are echo, more'],
  [['__proto__'], 'lab has no command "__proto__"; there are echo, more'],
  [['more'], 'lab more needs a command: echo'],
  [['more', 'constructor'], 'lab more has no command "constructor"; there are echo'],
  [['help', 'nothing'], 'lab has no command "nothing"'],
  [['--what'], 'there is no option --what'],
])('%j is wrong usage: %s', async (args, message) => {
  const plain = await lab(...args);
  expect(plain).toMatchObject({ code: 2, out: '' });
  expect(plain.err).toContain(message);
  const json = await lab('--json', ...args);
  expect(json.code).toBe(2);
  expect(JSON.parse(json.out)).toMatchObject({ error: json.err, exitCode: 2 });
});

test('--json takes only true and false', async () => {
  const { code, out } = await lab('echo', 'a', '--json=1');
  expect([code, JSON.parse(out)]).toMatchObject([
    2,
    { error: expect.stringContaining('it is "--json=1"') as string },
  ]);
});

test('an error of input has exit code 1, its place, and JSON under --json', async () => {
  const { code, out, err } = await lab('echo', 'broken.csv', '--json');
  expect([code, err]).toEqual([1, 'broken.csv:3:4: a number was expected']);
  expect(JSON.parse(out)).toEqual({ error: err, where: 'broken.csv:3:4', exitCode: 1 });
});

test('a fault of the program is one line without a stack', async () => {
  const { code, err } = await lab('echo', 'bug');
  expect(code).toBe(1);
  expect(err).toContain('This is a fault of the program, not of your input (TypeError, x is undefined');
  expect(err).not.toContain('\n');
});

test('a failed write has exit code 1; a closed pipe is not mentioned', async () => {
  for (const [error, told] of [
    [new LabError('cannot be written: no space is left on the device', 'standard output'), 1],
    [Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), 0],
  ] as const) {
    const said: string[] = [];
    const write = () => Promise.reject(error);
    expect(await execute(group, ['echo', 'a', '--json'], { write, say: (line) => said.push(line) })).toBe(1);
    expect(said).toHaveLength(told);
  }
});

test.each([[['--help']], [['-h']], [['help']], [[]]])('%j prints the commands', async (args) => {
  const { code, out } = await lab(...args);
  expect(code).toBe(0);
  expect(out).toMatch(/^lab COMMAND \[options\]\n/);
  expect(out).toContain('  echo        repeats what it is given\n');
});

test.each([[['help', 'echo']], [['echo', '--help']], [['echo', 'a', '-h']], [['echo', '--nonsense', '-h']]])(
  '%j explains the command',
  async (args) => {
    const { code, out } = await lab(...args);
    expect(code).toBe(0);
    expect(out).toContain('lab echo FILE [options]\n\nRepeats what it is given.\n\nAbout echo.\n');
    expect(out).toContain('  --n N             a whole number; default 1\n');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  },
);

test('help reaches commands of a group, and the version prints', async () => {
  expect((await lab('help', 'more', 'echo')).out).toContain('lab more echo FILE [options]');
  expect((await lab('more', '--help')).out).toContain('"lab help more COMMAND" explains a command.');
  expect((await lab('--version')).out).toMatch(/^halfsecond \d+\.\d+\.\d+\n$/);
  expect(JSON.parse((await lab('help', 'echo', '--json')).out)).toHaveProperty('help');
});
