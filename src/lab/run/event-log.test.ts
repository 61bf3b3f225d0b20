import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logColumns, type LogRow } from '../../experiment/log/event-log.ts';
import { openLog } from '../../experiment/log/log-file.ts';
import { command } from './run.ts';

type Result = Awaited<ReturnType<typeof command.run>>;
type Row = Required<LogRow>;

let folder: string;
let result: Result;
let rows: Row[];
let metadata: Awaited<ReturnType<typeof parquetMetadataAsync>>;
const link = '#population.size=0.1&policy.scorer=rules&vs.scorer=random&run.tick=600';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-log-'));
  const path = join(folder, 'log.parquet');
  result = await command.run([link, '--backend', 'cpu', '--log', path]);
  const file = await asyncBufferFromFile(path);
  metadata = await parquetMetadataAsync(file);
  rows = (await parquetReadObjects({ file })) as Row[];
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const of = (event: string) => rows.filter((row) => row.event === event);

test('the log says which run it is', () => {
  const told = Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
  expect(told).toMatchObject({ backend: 'cpu', tick: '600', digest: result.digest, policy: 'A' });
  expect(told['link']).toBe('#population.size=0.1&policy.scorer=rules&vs.scorer=random');
  expect(Object.keys(rows[0])).toEqual(Object.keys(logColumns));
});

test('nobody is lost in the log: at every tick, arrivals are waiting, in a chat, or gone', () => {
  let [arrived, left, chatting] = [0, 0, 0];
  for (const { event, waiting } of rows) {
    if (event === 'arrival') arrived++;
    else if (event === 'departure') left++;
    else if (event === 'pair') chatting += 2;
    else if (event === 'chat') chatting -= 2;
    else expect(waiting).toBe(arrived - left - chatting);
  }
  expect(result.totals).toMatchObject({ arrivals: arrived, left, inChat: chatting });
});

test('figures of the page follow from the log: chats, pairs, outcomes', () => {
  const chats = of('chat');
  const sum = (list: readonly Row[], column: keyof Row) =>
    list.reduce((s, row) => s + Number(row[column]), 0);
  expect(chats.length).toBe(result.durations.count);
  expect(sum(chats, 'seconds') / chats.length).toBeCloseTo(result.durations.mean!, 9);
  expect(of('pair').length).toBe(result.totals['pairs']);
  expect(sum(of('tick'), 'pairs')).toBe(result.totals['pairs']);
  expect(sum(chats, 'report') + sum(chats, 'partner_report')).toBe(result.totals['reports']);
  expect(sum(chats, 'friend') + sum(chats, 'partner_friend')).toBe(result.totals['friendRequests']);
  for (const tick of of('tick')) {
    const own = of('pair').filter((pair) => pair.tick === tick.tick);
    expect(sum(own, 'weight')).toBeCloseTo(Number(tick.weight), 3);
    expect(Number(tick.bound)).toBeGreaterThanOrEqual(Number(tick.weight) - 1e-3);
  }
});

test('supply and demand of the last tick follow from who waits and whom their filters admit', () => {
  const profile = new Map<string, Row>();
  const waiting = new Set<string>();
  const last = rows.findLastIndex((row) => row.event === 'tick');
  for (const row of rows.slice(0, last)) {
    const [one, other] = [String(row.person), String(row.partner)];
    if (row.event === 'arrival') profile.set(one, row);
    if (row.event === 'arrival') waiting.add(one);
    else if (row.event === 'chat') [one, other].forEach((p) => waiting.add(p));
    else if (row.event === 'pair') [one, other].forEach((p) => waiting.delete(p));
    else if (row.event === 'departure') waiting.delete(one);
  }
  const people = [...waiting].map((person) => profile.get(person)!);
  const words = (row: Row) => String(row.speaks).split(' ');
  // The rules also match only people whose devices have the same language.
  const admits = (i: Row, j: Row) =>
    i !== j &&
    (i.filter === 'none' || i.filter === j.gender) &&
    (i.own_country === '0' || i.country === j.country) &&
    i.language === j.language &&
    words(i).some((language) => words(j).includes(language));
  expect(people.length).toBeGreaterThan(5);
  for (const dimension of ['country', 'gender'] as const)
    for (const segment of result.segments.filter((s) => s['dimension'] === dimension)) {
      const members = people.filter((p) => p[dimension] === segment['segment']);
      expect(segment['supply'], String(segment['segment'])).toBe(members.length);
      if (members.length > 0)
        expect(segment['demand']).toBe(people.filter((i) => members.some((j) => admits(i, j))).length);
    }
});

test('policy B of the link has a log and a digest of its own; the link may state the digest of A', async () => {
  const path = join(folder, 'log.csv');
  const args = ['--backend', 'cpu', '--ticks', '40'];
  const a = await command.run([link, ...args]);
  const b = await command.run([link, ...args, '--versus', '--log', path]);
  expect(b.digest).not.toBe(a.digest);
  const text = readFileSync(path, 'utf8').split('\n');
  expect(text.slice(0, 3)).toContain('# policy: B');
  expect(text.at(-2)).toBe(`# digest: ${b.digest}`);
  for (const [stated, agrees] of [
    [a.digest, true],
    ['0123456789abcdef', false],
  ] as const) {
    const run = await command.run([`${link.replace('600', '40')}&run.digest=${stated}`, ...args]);
    expect(run).toMatchObject({ expectedDigest: stated, digestAgrees: agrees });
    expect(command.print(run)).toContain(agrees ? 'the digest agrees' : 'differs is one of the first 40');
  }
  // A change of policy at tick 20 (10 s): the trail of the link names the first tick after it.
  const early = `${link.replace('600', '40')}&stages.0.atSeconds=10&stages.0.policy.threshold=40`;
  const stated = `&run.digest=${a.digest}&run.trail=${a.digestTrail}`;
  const changed = await command.run([`${early}${stated}`, ...args]);
  expect(changed).toMatchObject({ digestAgrees: false, parting: { agree: 20, differ: 21 } });
  expect(command.print(changed)).toContain(`the link says ${a.digest}: the first tick that differs is 21`);
  await expect(command.run([`${link}&run.trail=0123`])).rejects.toThrow('148 digits were expected');
  await expect(command.run(['default-evening', '--versus'])).rejects.toThrow('there is no policy B');
  await expect(command.run([`${link}&run.digest=x`])).rejects.toThrow('link.run.digest: a digest');
});

test.each(['csv', 'parquet'] as const)('%s is written in pieces of bounded size', async (format) => {
  let [largest, pieces, bytes] = [0, 0, 0];
  const log = await openLog(format, {}, (piece) => {
    largest = Math.max(largest, piece.byteLength);
    bytes += piece.byteLength;
    pieces++;
  });
  for (let k = 0; k < 100_000; k++) {
    log.add({
      event: 'pair',
      time_s: k / 7,
      tick: k >> 7,
      person: `${k}-0`,
      partner: `${k + 1}-0`,
      weight: 1 / k,
    });
    if (k % 500 === 0) await log.drain();
  }
  await log.finish({});
  expect(pieces).toBeGreaterThanOrEqual(5);
  expect(largest).toBeLessThan(bytes / 3);
});
