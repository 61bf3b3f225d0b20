import { describe, expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { header, meetings, people, problems, read, linesText } from '../testing/small-files.ts';
import type { ProblemKind } from './report.ts';

describe('sound files in many forms', () => {
  test('the plain one', async () => {
    const found = await read(linesText(people), linesText(meetings));
    expect(found.mapping).toMatchObject({
      id: 'id',
      side: 'gender',
      acrossOnly: true,
      age: 'age',
      person: 'person',
      partner: 'partner',
      decision: 'decision',
      partnerDecision: 'partner_decision',
    });
    expect(found.reports.people).toMatchObject({ rows: 12, kept: 12, skipped: 0, problems: [] });
    expect(found.reports.meetings).toMatchObject({ rows: 36, kept: 36, skipped: 0, problems: [] });
    expect(found.meetings.count).toBe(36);
  });

  const forms: [string, (t: string) => string | Uint8Array][] = [
    ['semicolons', (t) => t.replaceAll(',', ';')],
    ['tabs', (t) => t.replaceAll(',', '\t')],
    ['bars', (t) => t.replaceAll(',', '|')],
    ['CRLF', (t) => t.replaceAll('\n', '\r\n')],
    ['CR', (t) => t.replaceAll('\n', '\r')],
    ['a byte order mark', (t) => `\uFEFF${t}`],
    ['quotes', (t) => t.replaceAll(/[^,\n]+/g, '"$&"')],
    ['blank lines', (t) => t.replaceAll('\n', '\n\n')],
    ['no line end at the end', (t) => t.trimEnd()],
    ['blanks around', (t) => t.replaceAll(',', ' , ')],
  ];
  test.each(forms)('with %s', async (_, form) => {
    const plain = await read(linesText(people), linesText(meetings));
    const found = await read(form(linesText(people)), form(linesText(meetings)));
    expect(found.reports.meetings).toMatchObject({ rows: 36, kept: 36, skipped: 0 });
    expect(found.world).toEqual(plain.world);
  });

  test('the files in the other order', async () => {
    const plain = await read(linesText(people), linesText(meetings));
    const turned = await read(linesText(meetings), linesText(people));
    expect(turned.world.cast.taste).toEqual(plain.world.cast.taste);
    expect(turned.reports.people.rows).toBe(12);
  });

  test('the other side of a meeting is the same meeting', async () => {
    const mirrored = meetings.slice(1).map((line) => {
      const [a, b, x, y] = line.split(',');
      return `${b},${a},${y},${x}`;
    });
    const found = await read(linesText(people), linesText([...meetings, ...mirrored]));
    expect(found.meetings.count).toBe(36);
    expect(found.reports.meetings).toMatchObject({ rows: 72, kept: 72, skipped: 0 });
    expect(found.reports.meetings.notes[0]).toContain('36 rows tell a meeting from its other side');
  });

  test('another outcome from the other side contradicts a file of both sides; elsewhere it is another meeting', async () => {
    const second = 'u6,u0,1,1';
    const one = await read(linesText(people), linesText([...meetings, second]));
    expect(one.meetings.count).toBe(37);
    expect(one.reports.meetings).toMatchObject({ rows: 37, kept: 37, skipped: 0, problems: [] });
    expect(one.reports.meetings.notes).toContain('1 meetings are of two people who met before');
    const mirrored = meetings.slice(2).map((line) => {
      const [a, b, x, y] = line.split(',');
      return `${b},${a},${y},${x}`;
    });
    const both = await read(linesText(people), linesText([...meetings, second, ...mirrored]));
    expect(both.meetings.count).toBe(36);
    expect(problems(both)).toEqual({ 'contradiction row': 1 });
    const [{ examples }] = both.reports.meetings.problems;
    expect(examples).toEqual([{ line: 38, column: 1, text: '"u6" tells another outcome than "u0" did' }]);
    // At one moment two people have one meeting.
    const timed = [...meetings, second].map((line, k) => `${line},${k === 0 ? 'time' : k === 37 ? 1 : k}`);
    const found = await read(linesText(people), linesText(timed));
    expect(problems(found)).toEqual({ 'contradiction row': 1 });
  });

  test('durations as 1:30, in minutes, with decimal commas', async () => {
    const lines = (of: (k: number) => string, name: string) =>
      linesText([
        `person;partner;${name}`,
        ...meetings.slice(1).map((l, k) => `${l.split(',', 2).join(';')};${of(k)}`),
      ]);
    const clock = await read(
      linesText(people),
      lines((k) => `1:${10 + k}`, 'duration'),
    );
    expect(Array.from(clock.meetings.duration.subarray(0, 2))).toEqual([70, 71]);
    const minutes = await read(
      linesText(people),
      lines((k) => `${k},5`, 'duration_minutes'),
    );
    expect(minutes.mapping.durationUnit).toBe('min');
    expect(Array.from(minutes.meetings.duration.subarray(0, 2))).toEqual([30, 90]);
  });
});

describe('what is wrong is counted, with its place', () => {
  const worse = (...more: string[]) => read(linesText(people), linesText([...meetings, ...more]));
  test.each<[ProblemKind, 'row' | 'cell', string, string]>([
    ['unknown', 'row', 'u0,nobody,1,1', '"nobody" is not in p.csv'],
    ['nearId', 'row', 'U0,u6,1,1', '"u0" differs only in upper and lower case'],
    ['unknown', 'row', ',u6,1,1', 'person is empty'],
    ['self', 'row', 'u0,u0,1,1', '"u0" meets themselves'],
    ['repeated', 'row', meetings[5], 'with the same outcome before'],
    ['noOutcome', 'row', 'u0,u6,,', 'no decision'],
    ['cells', 'row', 'u0,u6,1', '3 cells; the header has 4'],
    ['cells', 'row', 'u0,u6,1,1,1', '5 cells; the header has 4'],
    ['quotes', 'row', '"u0"x,u6,1,1', 'text stands after a closing quote'],
    ['quotes', 'row', 'u0,u6,"1,1', 'this quote is never closed'],
    ['yesNo', 'cell', 'u0,u6,maybe,1', 'decision is "maybe"; yes or no was expected'],
  ])('%s, %s: %s', async (kind, lost, line, example) => {
    const found = await worse(line);
    expect(problems(found)).toEqual({ [`${kind} ${lost}`]: 1 });
    const [problem] = found.reports.meetings.problems;
    expect(problem.examples[0].text).toContain(example);
    expect(problem.examples[0].line).toBe(38);
    expect(problem.todo).not.toBe('');
    expect(found.reports.meetings.skipped).toBe(lost === 'row' ? 1 : 0);
    expect(found.reports.meetings.rows).toBe(37);
  });

  test('an open quote loses its own line, not the file', async () => {
    const broken = [...meetings.slice(0, 10), 'u0,u6,"1,1', ...meetings.slice(10)];
    const found = await read(linesText(people), linesText(broken));
    expect(problems(found)).toEqual({ 'quotes row': 1 });
    expect(found.meetings.count).toBe(36);
  });

  test('people without an id, listed twice, without a side or an age', async () => {
    const found = await read(
      linesText([...people, ',f,30', 'u3,f,30', 'x,?,30', 'y,f,old', 'z,f,400']),
      linesText(meetings),
    );
    expect(problems(found, 'people')).toEqual({
      'noId row': 1,
      'repeatedId row': 1,
      'range row': 1,
      'number cell': 1,
      'range cell': 1,
    });
    expect(found.people.count).toBe(14);
  });

  test('the decimal sign is decided per column, and cells with the other one are counted', async () => {
    const lines = meetings
      .slice(1)
      .map((l, k) => `${l.split(',', 2).join(';')};${k + 10}${k % 9 === 3 ? '.5' : ',5'}`);
    const found = await read(linesText(people), linesText(['person;partner;seconds', ...lines]));
    expect(problems(found)).toEqual({ 'decimal cell': 4, 'noOutcome row': 4 });
    expect(found.meetings.duration[0]).toBe(10.5);
    expect(found.reports.meetings.problems.find((p) => p.kind === 'decimal')?.examples[0]).toMatchObject({
      line: 5,
      text: 'seconds is "13.5"; most of the column has the decimal sign ","',
    });
  });

  test('durations out of range, matches against the decisions, who left', async () => {
    const lines = meetings.slice(1).map((l) => `${l},30,${l.split(',')[0]},0`);
    const found = await read(
      linesText(people),
      linesText([
        `${header},duration,left_by,match`,
        ...lines.map((l) => l.replace(/0$/, l.includes(',1,1,') ? '1' : '0')),
        'u0,u7,1,0,-5,u0,0',
        'u0,u8,1,0,999999,u0,0',
        'u0,u9,1,1,30,u9,0',
        'u1,u9,1,1,30,u5,1',
      ]),
    );
    expect(problems(found)).toEqual({ 'range cell': 2, 'match cell': 1, 'leaver cell': 1 });
  });
});

describe('files that cannot be used give one clear message', () => {
  const good = linesText(meetings);
  test.each<[string, string | Uint8Array, string | Uint8Array, RegExp]>([
    ['empty', '', good, /p\.csv:1:1: the file is empty/],
    ['blank', '\n\n  \n', good, /p\.csv:1:1: the file is empty/],
    ['both the same people', linesText(people), linesText(people), /no column says how a meeting went/],
    ['a NUL byte', Uint8Array.from([97, 44, 98, 10, 0, 1, 2]), good, /p\.csv:2:1: a NUL character/],
    [
      'binary',
      Uint8Array.from({ length: 5000 }, (_, k) => 1 + ((k * 167) % 255)),
      good,
      /p\.csv:\d+:\d+: the bytes here are not UTF-8/,
    ],
    ['UTF-16', Uint8Array.from([0xff, 0xfe, 97, 0, 44, 0]), good, /p\.csv:1:1: the file is UTF-16/],
    [
      'Latin-1',
      Uint8Array.from([...new TextEncoder().encode('id,name\n1,'), 0xfc, 10]),
      good,
      /p\.csv:2:3: .*UTF-8/,
    ],
    ['a line without end', 'x'.repeat(600_000), good, /p\.csv:1:1: no line ends/],
    ['a header alone', 'id,gender\n', good, /p\.csv/],
    [
      'strangers',
      linesText(people.map((l) => l.replace('u', 'v'))),
      good,
      /m\.csv: 0 meetings of 36 rows.*every row.*not in p\.csv/,
    ],
    [
      'no outcome',
      linesText(people),
      linesText(meetings.map((l) => l.split(',', 2).concat('x').join(','))),
      /no column says how a meeting went/,
    ],
    [
      'two columns',
      linesText(people),
      linesText(meetings.map((l) => l.split(',', 2).join(','))),
      /at least three columns/,
    ],
    ['a quote open in the header', '"id,gender\n1,2\n', good, /quote is never closed in the header/],
  ])('%s', async (_, one, other, message) => {
    const error = await read(one, other).then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toMatch(message);
    expect((error as LabError).message.split('\n')).toHaveLength(1);
  });

  test.each([
    ['id=nope', 'p.csv:1:1: there is no column "nope"; there are id, gender, age'],
    ['nope=id', '--map: there is no part "nope"'],
    ['durationUnit=years', 'must be one of s, ms, min'],
    ['decision=person', 'was chosen for both'],
    ['person=none', 'no column was chosen for "Person"'],
    ['side=age,age=none', '12 different values'],
  ])('--map %s', async (settings, message) => {
    await expect(read(linesText(people), linesText(meetings), settings)).rejects.toThrow(message);
  });
});
