import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { listKnobs } from '../../scenario/knobs.ts';
import { UsageError } from '../cli/options.ts';
import { openScenario } from './open-scenario.ts';

let file = '';
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), 'lab-json-')), 'scenario.json');
});
afterAll(() => rmSync(join(file, '..'), { recursive: true }));

/**
 * The message with which a file is refused, without the folder. It is one line and not a library's.
 */
async function refusal(content: string | Uint8Array): Promise<string> {
  writeFileSync(file, content);
  const error: unknown = await openScenario(file).then(
    () => 'accepted',
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(LabError);
  expect(error).not.toBeInstanceOf(UsageError);
  const message = (error as LabError).message.replace(file, 'F');
  expect(message).not.toMatch(/\n|Invalid|Expected|received|\[object|JSON at position|ENOENT/);
  return message;
}

/** JSON in which the member at `path` lies on line 2, two blanks in; `value` is JSON text. */
function nested(path: string, value: string): string {
  const keys = path.split('.');
  const last = keys.pop()!;
  const open = keys.map((key) => `{ ${JSON.stringify(key)}: `).join('');
  return `${open}{\n  ${JSON.stringify(last)}: ${value}\n}${keys.map(() => '}').join('')}`;
}

const knobs = listKnobs();
const wrongKinds = ['null', 'true', '"a word"', '""', '[]', '[1]', '{}', '{ "x": 1 }'];
const numbers = knobs.filter((k) => k.info.options === undefined);
const shapes = [
  ...numbers.flatMap(({ path, info }) => [
    ...wrongKinds.map((value) => ({ path, value, says: info.label })),
    ...[info.min! - 1, info.max! * 2 + 1].map((value) => ({
      path,
      value: String(value),
      says: `${info.label} must lie between ${info.min} and ${info.max}`,
    })),
    { path, value: '"1"', says: `it is "1"` },
    { path, value: '1e400', says: 'too large' },
  ]),
  ...knobs
    .filter((k) => k.info.options !== undefined)
    .flatMap(({ path, info }) =>
      [...wrongKinds, '3', '"RULES"'].map((value) => ({
        path,
        value,
        says: `${info.label} must be one of `,
      })),
    ),
  ...[
    'population',
    'population.countries',
    'population.ages',
    'behaviour',
    'behaviour.talkOf',
    'policy',
    'shock',
  ].flatMap((path) => [
    ...['null', 'true', '3', '"x"', '[]', '[{}]'].map((value) => ({
      path,
      value,
      says: 'a group of knobs in { } was',
    })),
    ...['moon', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''].map((name) => ({
      path: `${path}.${name}`,
      value: '1',
      says: 'there is no knob of this name',
    })),
  ]),
  ...['null', '3', '"x"', '{}'].map((value) => ({
    path: 'stages',
    value,
    says: 'a list in [ ] was expected',
  })),
  ...['null', '3', '[]', '{}'].map((value) => ({ path: 'name', value, says: 'The name must be text' })),
  ...['null', '3', '"people"', '"people-xyz"'].map((value) => ({
    path: 'cast',
    value,
    says: 'cast must be',
  })),
];

describe('a scenario file', () => {
  test.each(shapes)('$path: $value is refused at its line and column', async ({ path, value, says }) => {
    const message = await refusal(nested(path, value));
    // A number that is too large is a fault of the JSON itself, at the number.
    const column = value === '1e400' ? 3 + JSON.stringify(path.split('.').pop()).length + 2 : 3;
    expect(message).toMatch(new RegExp(`^F:2:${column}: `));
    expect(message).toContain(says);
    if (value !== '1e400') expect(message).toContain(`scenario.${path}`);
  });

  test('has at least 318 wrong shapes', () => {
    expect(shapes.length).toBeGreaterThanOrEqual(318);
  });

  test.each<[string, string, string]>([
    ['an empty file', '', 'F:1:1: the file is empty'],
    ['only a byte order mark', '\uFEFF', 'F:1:1: the file is empty'],
    ['only blanks', ' \n ', 'F:1:1: the file is empty'],
    ['a list', '[]', 'F:1:1: scenario: a group of knobs in { } was expected; it is []'],
    ['a number', '3', 'F:1:1: scenario: a group of knobs'],
    ['a text', ' "evening"', 'F:1:2: scenario: a group of knobs'],
    ['null', 'null', 'F:1:1: scenario: a group of knobs'],
    ['text after the end', '{} x', 'F:1:4: expected JSON;'],
    ['two documents', '{}\n{}', 'F:2:1: expected JSON; the end of the file was expected; found "{"'],
    [
      'a trailing comma',
      '{ "seed": 3, }',
      'F:1:14: expected JSON; a name in double quotes was expected; found "}"',
    ],
    ['a comma too many', '{ "seed": 3,, "name": "x" }', 'F:1:13: expected JSON;'],
    ['a line comment', '{ "seed": 3 // x\n}', 'F:1:13: expected JSON; comments are not allowed'],
    ['a block comment', '{ /* x */ "seed": 3 }', 'F:1:3: expected JSON; comments are not allowed'],
    ['NaN', '{ "seed": NaN }', 'F:1:11: expected JSON; names and texts stand in double quotes'],
    ['Infinity', '{ "seed": -Infinity }', 'F:1:11: expected JSON;'],
    ['undefined', '{ "seed": undefined }', 'F:1:11: expected JSON;'],
    ['a name without quotes', '{ seed: 3 }', 'F:1:3: expected JSON; names and texts stand in double quotes'],
    ['single quotes', "{ 'seed': 3 }", 'F:1:3: expected JSON; names and texts stand in double quotes'],
    ['a missing colon', '{ "seed" 3 }', 'F:1:10: expected JSON; a colon was expected; found "3"'],
    ['a missing comma', '{ "seed": 3\n  "name": "x" }', 'F:2:3: expected JSON; a comma was expected'],
    ['a missing value', '{ "seed": }', 'F:1:11: expected JSON; a value was expected; found "}"'],
    ['a leading zero', '{ "seed": 03 }', 'F:1:12: expected JSON;'],
    ['a plus sign', '{ "seed": +3 }', 'F:1:11: expected JSON;'],
    ['a bare point', '{ "seed": .5 }', 'F:1:11: expected JSON;'],
    ['a hexadecimal number', '{ "seed": 0x3 }', 'F:1:12: expected JSON;'],
    ['an open object', '{ "seed": 3', 'F:1:12: expected JSON; "}" was expected; the file ends too soon'],
    ['an open list', '{ "stages": [', 'F:1:14: expected JSON;'],
    ['an open text', '{ "name": "x', 'F:1:11: expected JSON; this text has no closing quote'],
    ['a line break in a text', '{ "name": "x\n" }', 'F:1:11: expected JSON;'],
    ['a tab in a text', '{ "name": "x\ty" }', 'F:1:11: expected JSON; this text holds a control character'],
    ['an unknown escape', '{ "name": "\\x" }', 'F:1:11: expected JSON; this text holds an unknown \\ escape'],
    [
      'a name used twice',
      '{ "seed": 3,\n  "seed": 4 }',
      'F:2:3: the name "seed" is used twice in this object',
    ],
    [
      'a nested name used twice',
      '{"policy":{"tickMs":500,"tickMs":500}}',
      'F:1:25: the name "tickMs" is used twice',
    ],
    ['__proto__ used twice', '{"__proto__":1,"__proto__":1}', 'F:1:16: the name "__proto__" is used twice'],
    [
      '__proto__',
      '{\n "__proto__": { "seed": 3 } }',
      'F:2:2: scenario.__proto__: there is no knob of this name',
    ],
    ['deep nesting', '['.repeat(100_000), 'F:1:65: this is nested deeper than 64 levels'],
    ['a huge number', '{ "seed": 1e400 }', 'F:1:11: this number is too large for a 64-bit float'],
    [
      'a long number',
      '{ "seed": 123456789012345678901234567890 }',
      'F:1:3: scenario.seed: Seed must lie between',
    ],
    [
      'a name of 81 characters',
      `{ "name": "${'x'.repeat(81)}" }`,
      'F:1:3: scenario.name: The name must have at most 80',
    ],
    ['a stage that is no group', '{ "stages": [3] }', 'F:1:14: scenario.stages.0: a group of knobs'],
    [
      'a stage without its time',
      '{ "stages": [{}] }',
      'F:1:14: scenario.stages.0.atSeconds: this knob is missing',
    ],
    ['a stage with an unknown knob', '{"stages":[{"atSeconds":1,"polcy":{}}]}', 'did you mean "policy"?'],
    [
      '201 stages',
      `{"stages":[${Array(201).fill('{"atSeconds":1}').join()}]}`,
      'F:1:2: scenario.stages: there may be at most 200',
    ],
    [
      'a misspelt knob',
      '{ "policy": { "scorers": 1 } }',
      'F:1:15: scenario.policy.scorers: there is no knob of this name; did you mean "scorer"?',
    ],
    ['columns after wide characters', '{"name":"😀é","seed":-1}', 'F:1:14: scenario.seed: '],
    ['lines of Windows', '{\r\n  "seed": -1\r\n}', 'F:2:3: scenario.seed: '],
    [
      'a value deep in the second stage',
      '{\n "stages":[\n  {"atSeconds":1,"policy":{"threshold":5}},\n  {"atSeconds":2,"policy":{"threshold":-5}}\n ]\n}\n',
      'F:4:28: scenario.stages.1.policy.threshold: Quality threshold must lie between 0 and 2000',
    ],
    ['a world of another format', '{ "format": "x" }', 'F: this is not a fitted world'],
    ['a world without people', '{ "format": "halfsecond-world", "version": 1 }', 'F: the cast is missing'],
  ])('%s is refused with its place', async (_, content, message) => {
    expect(await refusal(content)).toContain(message);
  });

  test.each<[string, Uint8Array, string]>([
    [
      'UTF-16',
      new Uint8Array(Buffer.from('\uFEFF{"seed":3}', 'utf16le')),
      'the file is UTF-16; save it as UTF-8',
    ],
    ['Latin-1', Buffer.from('{"name":\n"é"}', 'latin1'), 'F:2:'],
  ])('%s is refused by name', async (_, bytes, message) => {
    expect(await refusal(bytes)).toContain(message);
  });

  test('may begin with a byte order mark and have any order', async () => {
    writeFileSync(file, '\uFEFF{"stages":[],"seed":3}');
    expect((await openScenario(file)).scenario.seed).toBe(3);
  });
});
