import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command } from './aha.ts';

const folder = mkdtempSync(join(tmpdir(), 'aha-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function aha(text: string, ...args: string[]) {
  const file = join(folder, 'log.csv');
  writeFileSync(file, text);
  const result = await command.run([file, '--outcome', 'retained', ...args]);
  return { result, text: command.print(result) };
}

/** The motive makes people send photos and stay; long chats make them stay. */
const cells = [0, 1]
  .flatMap((motive) =>
    [0, 1, 2].flatMap((long) =>
      [0, 1].flatMap((photo) => {
        const n = 1000 * [0.5, 0.3, 0.2][long] * [0.9, 0.1][motive === photo ? 0 : 1];
        const stay = 0.1 + 0.5 * motive + 0.1 * long;
        return [
          [motive, long, photo, 1, Math.round(n * stay)],
          [motive, long, photo, 0, n - Math.round(n * stay)],
        ];
      }),
    ),
  )
  .map((row) => row.join(','));
const counts = `motive,long,photo,retained,n\n${cells.join('\n')}\n`;

test('the action that tells best causes nothing once the motive is known', async () => {
  const args = ['--action', 'long,photo', '--count', 'n'];
  const { result, text } = await aha(counts, ...args, '--confounder', 'motive');
  expect(result.points.map((p) => p.name)).toEqual(['long >= 1', 'long >= 2', 'photo >= 1']);
  expect(result.bestF1).toBe('photo >= 1');
  const photo = result.points.find((p) => p.name === 'photo >= 1');
  expect(photo?.crude.value).toBeGreaterThan(0.35);
  expect(photo?.adjusted.value).toBeCloseTo(0, 12);
  expect(photo?.flagged).toBe(false);
  expect(result.bestEffect).toMatch(/long >= 2/);
  expect(result.combinations.map((p) => p.name)).toContain('long >= 1 and photo >= 1');
  expect(result.funnel.map((stage) => stage.n)).toEqual([2000, 1000, 500]);
  expect(text).toContain('Adjusted for motive.');
  const plain = await aha(counts, ...args);
  expect(plain.result.points[2].adjusted.value).toBe(plain.result.points[2].crude.value);
  expect(plain.text).toContain('No confounder is named');
});

test('a log of events: actions are counted per person, the outcome is an event', async () => {
  const events = Array.from({ length: 60 }, (_, p) => [
    `p${p},open`,
    ...(p % 2 === 0 ? [`p${p},chat`, `p${p},chat`] : []),
    ...(p % 3 === 0 ? [`p${p},retained`] : []),
  ]);
  const log = `who,what\n${events.flat().join('\n')}\n`;
  const { result } = await aha(log, '--person', 'who', '--event', 'what', '--action', 'chat', '--least', '5');
  expect(result).toMatchObject({ people: 60, retained: 20, actions: ['chat'] });
  expect(result.points.map(({ name, n }) => [name, n])).toEqual([
    ['chat >= 1', 30],
    ['chat >= 2', 30],
  ]);
});

test('rows of a person are added up, and the true effect stands beside the estimate', async () => {
  const rows = Array.from({ length: 80 }, (_, p) => `${p},${p % 2},${p % 4 < 2 ? 1 : 0},0\n${p},1,0,0`);
  const { result, text } = await aha(
    `id,chat,retained,true effect of chat >= 2\n${rows.join('\n')}\n`,
    ...['--person', 'id', '--action', 'chat', '--funnel', 'chat >= 1, chat >= 2'],
  );
  expect(result.points.map(({ name, n, truth }) => [name, n, truth])).toEqual([['chat >= 2', 40, 0]]);
  expect(result.misleading).toEqual([]);
  expect(text).toMatch(/condition .* truth/);
  expect(result.funnel.map((stage) => stage.n)).toEqual([80, 80, 40]);
});

test('people without an outcome are refused, or left out and counted', async () => {
  const log = `chat,retained\n${'1,1\n0,0\n'.repeat(30)}1,\n`;
  await expect(aha(log, '--action', 'chat')).rejects.toThrow(
    '1 of 61 people have no retained; leave them out',
  );
  const { result } = await aha(log, '--action', 'chat', '--missing', 'skip');
  expect([result.people, result.skipped]).toEqual([60, 1]);
});

test.each([
  [['--action', 'long', '--event', 'motive'], '--event needs --person'],
  [[], 'no action is named; expected --action COLUMN'],
  [['--action', 'longs'], 'there is no column "longs"'],
  [['--action', 'long', '--funnel', 'long'], '--funnel: "long" is no stage; write "action >= 2"'],
  [['--action', 'long', '--funnel', 'photo >= 1'], 'there is no action "photo"; there are long'],
  [
    ['--action', 'long', '--person', 'photo', '--confounder', 'motive'],
    'a confounder has one value per person',
  ],
  [['--action', 'long', '--outcome', 'n'], '--outcome: is given 2 times'],
])('%j is refused', async (args, message) => {
  await expect(aha(counts, ...args)).rejects.toThrow(message);
});
