import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { LabError } from '../base/errors.ts';
import { suggestion } from '../base/nearest.ts';
import { csvColumn, csvNumber, type CsvFile } from '../base/text/csv.ts';
import { decodeText } from '../base/text/decode.ts';
import type { DataFile } from '../experiment/compute/data-file.ts';
import type { Kind } from '../experiment/compute/kind.ts';
import { kinds as experimentKinds } from '../experiment/compute/kinds.ts';
import { defineCommand } from './cli/command.ts';
import { fileName, readInput, readTableFile } from './cli/files.ts';
import { parseJson } from './cli/json-text.ts';
import { contentKinds } from './content/kinds.ts';

/** Every formula, by its name. */
const kinds: ReadonlyMap<string, Kind> = new Map(
  [...experimentKinds, ...contentKinds].sort(([a], [b]) => (a < b ? -1 : 1)),
);

const nameWidth = Math.max(...[...kinds.keys()].map((name) => name.length));

export const command = defineCommand({
  arguments: ['KIND', 'FILE.json'],
  about: `Computes a published formula on your own numbers. FILE.json holds the input, or "-" for standard
input; a CSV or Parquet file that it names is read from the current folder, or else from the folder of
FILE.json. KIND is one of:

${[...kinds].map(([name, { what }]) => `  ${name.padEnd(nameWidth)}  ${what}`).join('\n')}`,
  options: {},
  async run({ arguments: [name, path] }) {
    const kind = kinds.get(name);
    if (kind === undefined)
      throw new LabError(
        `there is no formula "${name}"${suggestion(name, [...kinds.keys()])}; \`lab compute --help\` lists them`,
      );
    const file = fileName(path);
    const json = parseJson(decodeText(await readInput(path), file), file);
    if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value))
      throw new LabError('expected an object { } with the input of the formula', json.place([]));
    const checked = v.safeParse(kind.input, json.value);
    if (!checked.success) {
      const [issue] = checked.issues;
      const keys = (issue.path ?? []).map((item) => item.key as string | number);
      const where = keys.length === 0 ? 'the input' : keys.join('.');
      throw new LabError(`${where} ${issueText(issue)}`, json.place(keys));
    }
    const table = await tableOf(json.value, path);
    return kind.compute(json.value, { open: () => table() }) as object;
  },
  print: (result) => JSON.stringify(result, null, 2),
});

/** What is wrong with a value, without the wording of the validation library. */
function issueText({ type, message, expected, received }: v.BaseIssue<unknown>): string {
  // The library's own messages begin with this word.
  if (!message.startsWith('Invalid ')) return `is not accepted: ${message}`;
  if (received === 'undefined') return 'is missing';
  if (type === 'integer') return `is ${received}; expected a whole number`;
  const bound = /^([<>]=?)(.+)$/.exec(expected ?? '');
  if (type.endsWith('_length') && bound)
    return `has ${received} entries; expected ${bounds.get(bound[1])} ${bound[2]}`;
  const wanted = bound ? `${bounds.get(bound[1])} ${bound[2]}` : (expected ?? 'another value');
  return `is ${received}; expected ${shapes.get(wanted) ?? wanted}`;
}

const bounds = new Map([
  ['>=', 'at least'],
  ['<=', 'at most'],
  ['>', 'more than'],
  ['<', 'less than'],
]);
const shapes = new Map([
  ['Object', 'an object { }'],
  ['Array', 'a list [ ]'],
  ['number', 'a number'],
  ['string', 'a text in double quotes'],
  ['boolean', 'true or false'],
]);

/** Members of an input that name a CSV or Parquet file. */
const FILE_MEMBERS = ['file', 'stream', 'log'];

/** Reads the table that the input names, if it names one. */
async function tableOf(input: unknown, inputPath: string): Promise<() => DataFile> {
  const members = input as Readonly<Record<string, unknown>>;
  const name = FILE_MEMBERS.map((member) => members[member]).find((value) => typeof value === 'string');
  if (name === undefined) return () => never('the formula reads no file');
  const beside = inputPath === '-' ? name : resolve(dirname(inputPath), name);
  const csv = await readTableFile(!existsSync(name) && existsSync(beside) ? beside : name);
  return () => dataFile(csv);
}

const never = (message: string): never => {
  throw new Error(message);
};

function dataFile(csv: CsvFile): DataFile {
  const column = (name: string) => csvColumn(csv, name);
  return {
    rows: csv.rows.length,
    columns: csv.header,
    numbers: (name) => csv.rows.map((row) => csvNumber(row, column(name), name)),
    texts: (name) => csv.rows.map((row) => row.cells[column(name)]),
  };
}
