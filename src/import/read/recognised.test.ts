import { describe, expect, test } from 'vitest';
import { header, meetings, people, problems, read, linesText } from '../testing/small-files.ts';
import type { ProblemKind } from './report.ts';

describe('a recognised column is understood, or its cells are reported', () => {
  const withColumn = (name: string, of: (k: number) => string, outcome = true) =>
    read(
      linesText(people),
      linesText([
        outcome ? `${header},${name}` : `person,partner,${name}`,
        ...meetings.slice(1).map((line, k) => `${outcome ? line : line.split(',', 2).join(',')},"${of(k)}"`),
      ]),
    );

  test.each<[string, string, (k: number) => string, ProblemKind, string]>([
    ['thousands separators', 'duration', (k) => `1,${100 + k}.5`, 'number', '2:11 duration is "1,100.5"'],
    [
      'commas that may be either',
      'duration',
      (k) => `1,${100 + k}`,
      'number',
      'without thousands separators',
    ],
    ['units', 'duration', (k) => `${30 + k} s`, 'number', 'write the number without a unit'],
    ['American dates', 'date', (k) => `${1 + (k % 12)}/13/2024`, 'time', '2:11 date is "1/13/2024"'],
    ['other words', 'match', (k) => (k % 2 === 0 ? 'accepted' : 'declined'), 'yesNo', 'match is "accepted"'],
  ])('%s', async (_, name, of, kind, example) => {
    const found = await withColumn(name, of);
    const [problem] = found.reports.meetings.problems;
    expect(problem).toMatchObject({ kind, lost: 'cell', count: 36 });
    const [{ line, column, text: said }] = problem.examples;
    expect(`${line}:${column} ${said}`).toContain(example);
  });

  test('+ and - are yes and no where a column has nothing else', async () => {
    const found = await withColumn('accept', (k) => (k % 2 === 0 ? '+' : '-'), false);
    expect(found.mapping.decision).toBe('accept');
    expect(found.reports.meetings.problems).toEqual([]);
    expect(Array.from(found.meetings.decisionA.subarray(0, 3))).toEqual([1, 0, 1]);
  });

  test('- among yes and no is a missing answer, as NA is a missing number', async () => {
    const found = await withColumn('accept', (k) => ['yes', 'no', '-'][k % 3], false);
    expect(problems(found)).toEqual({ 'noOutcome row': 12 });
    const lengths = await withColumn('duration', (k) => (k % 6 === 0 ? 'NA' : String(30 + k)));
    expect(problems(lengths)).toEqual({});
    expect(Array.from(lengths.meetings.duration.subarray(0, 2))).toEqual([NaN, 31]);
  });

  test('ages that are no numbers', async () => {
    const found = await read(
      linesText(people.map((line, p) => (p === 0 ? line : `${line.slice(0, -2)}${20 + p} years`))),
      linesText(meetings),
    );
    expect(problems(found, 'people')).toEqual({ 'number cell': 12 });
  });
});

describe('ids that are almost the same get a hint', () => {
  test.each<[string, (id: string) => string, string]>([
    ['case', (id) => id.toUpperCase(), 'upper and lower case'],
    ['white space', (id) => `"${id}\u00a0"`, 'white space'],
    ['zero width', (id) => `${id}\u200b`, 'invisible characters'],
    ['Unicode forms', (id) => id.replace('u', 'u\u0308'), 'composed or decomposed letters'],
  ])('%s', async (_, change, hint) => {
    const named = people.map((line) => (hint.startsWith('composed') ? line.replace('u', 'ü') : line));
    const changed = meetings.map((line, k) =>
      k === 0 ? line : line.replaceAll(/u\d+/g, (id) => change(id)),
    );
    const mixed = [...meetings, ...changed.slice(1, 5)];
    if (!hint.startsWith('composed')) {
      const found = await read(linesText(named), linesText(mixed));
      expect(problems(found)).toEqual({ 'nearId row': 4 });
      expect(found.reports.meetings.problems[0].examples[0].text).toContain(hint);
    }
    await expect(read(linesText(named), linesText(changed))).rejects.toThrow(hint);
  });

  test('leading zeros', async () => {
    const numbered = (lines: readonly string[], zeros: string) =>
      linesText(lines.map((line) => line.replaceAll(/u(\d+)/g, (_, n: string) => `${zeros}${n}`)));
    await expect(read(numbered(people, '00'), numbered(meetings, ''))).rejects.toThrow(
      'person "0" is not in p.csv; "000" differs only in leading zeros',
    );
  });
});

test('what the reader forgave is in the report', async () => {
  const found = await read(
    linesText(['# from today', ...people.map((line, p) => (p === 0 ? line : `${line},`))]),
    `sep=,\n${linesText(meetings.flatMap((line, k) => (k === 3 ? ['', line] : [line])))}`,
  );
  expect(found.reports.people.notes).toEqual([
    'Lines that begin with # are skipped as comments: 1 (first: line 1)',
    'Empty cells beyond the columns of the header are ignored: every row (first: line 3, the row has 4 cells; the header has 3)',
  ]);
  expect(found.reports.meetings.notes).toEqual([
    'Line 1 names the separator and is skipped',
    'Blank lines are skipped: 1 (first: line 5)',
  ]);
});

test('columns whose names hold commas and plus signs can be chosen', async () => {
  const named = linesText(people).replace('gender', '"sex, legal"').replace('age', 'a+b');
  const found = await read(
    named,
    linesText(meetings),
    '"side=sex, legal","attributes=""a+b""",age=none,decision=none',
  );
  expect(found.reports.meetings.notes).toEqual(['Columns that are not used: decision']);
  expect(found.reports.people.notes).toEqual([]);
  expect(found.mapping).toMatchObject({ side: 'sex, legal', attributes: ['a+b'], age: null });
});
