import { beforeAll, describe, expect, test } from 'vitest';
import { toCsv } from '../../base/table.ts';
import { readCsv } from '../../base/text/csv.ts';
import { scenario } from '../../scenario/parse.ts';
import { createMarket } from '../../sim/market.ts';
import { recordEvents, type EventLog } from '../../sim/testing/event-log.ts';
import { quickBackend } from '../../sim/testing/quick-backend.ts';
import { visitsTable, waitsTable } from './visit-tables.ts';
import { chanceToReturn, countActions, trueEffects } from './visit-truth.ts';
import { recordVisits, type Visit } from './visits.ts';

const evening = scenario({
  seed: 50_000,
  population: { people: 1500, online: 400, arrivalsPerMinute: 120 },
  policy: { scorer: 'random' },
});
let visits: readonly Visit[];
let events: EventLog;
let ended: Visit[];
beforeAll(async () => {
  const market = createMarket({ scenario: evening, backend: quickBackend() });
  visits = recordVisits(market);
  events = recordEvents(market);
  for (let tick = 0; tick < 600; tick++) await market.tick();
  ended = visits.filter((visit) => visit.returns !== null);
});

const csv = (text: string) => readCsv(new TextEncoder().encode(text), 'log.csv');

describe('visits', () => {
  test('every arrival is a visit, every chat that is over is in two of them', () => {
    expect(visits).toHaveLength(events.arrivals.length);
    expect(ended).toHaveLength(events.leaves.length);
    const over = visits.flatMap(({ waits }) => waits.filter((wait) => wait.isOver));
    expect(over).toHaveLength(2 * events.chats.length);
    const seconds = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0);
    expect(seconds(over.map((wait) => wait.chat)) / 2).toBeCloseTo(
      seconds(events.chats.map((chat) => chat.duration)),
      6,
    );
    const waited = seconds(events.chats.map((chat) => chat.waitedA + chat.waitedB));
    expect(Math.abs(seconds(over.map((wait) => wait.seconds)) - waited)).toBeLessThan(0.01);
  });

  test('people who gave up did so in their last wait', () => {
    const gaveUp = ended.filter(({ waits }) => waits.at(-1)?.ended === 'gave up');
    expect(gaveUp).toHaveLength(events.leaves.filter((leave) => leave.impatient).length);
  });
});

describe('the truth', () => {
  test('the chance to return is that of the world: it predicts the returns', () => {
    const chances = ended.map((visit) =>
      chanceToReturn(
        evening,
        visit.waits
          .filter((wait) => wait.isOver)
          .map((wait) => ({ seconds: wait.chat, waited: wait.seconds / visit.patience })),
      ),
    );
    for (const half of [chances.map((p) => p < 0.45), chances.map((p) => p >= 0.45)]) {
      const chosen = ended.filter((_, k) => half[k]);
      expect(chosen.length).toBeGreaterThan(100);
      const expected = chances.filter((_, k) => half[k]).reduce((sum, p) => sum + p, 0);
      const returned = chosen.filter((visit) => visit.returns).length;
      expect(Math.abs(returned - expected)).toBeLessThan(3 * Math.sqrt(chosen.length / 4));
    }
  });

  test('long chats help, short ones hurt, friend requests and reports do nothing', () => {
    const effects = trueEffects(evening, ended);
    const mean = (name: string) => {
      const values = effects.get(`true effect of ${name}`) ?? new Float64Array();
      return values.reduce((sum, x) => sum + x, 0) / values.length;
    };
    expect(mean('long_chats >= 1')).toBeGreaterThan(0.05);
    expect(mean('long_chats >= 3')).toBeGreaterThan(mean('long_chats >= 1'));
    expect(mean('short_chats >= 1')).toBeLessThan(-0.05);
    expect(mean('chats >= 1')).toBeGreaterThan(0.1);
    expect([mean('friends >= 1'), mean('reports >= 2')]).toEqual([0, 0]);
  });
});

test('the tables: a row per wait, a row per visit that ended, with the names of the diagram', () => {
  const waits = csv(toCsv(waitsTable(visits, 300)));
  expect(waits.rows).toHaveLength(visits.reduce((sum, visit) => sum + visit.waits.length, 0));
  expect(waits.header).toEqual(
    expect.arrayContaining(['policy', 'wait', 'matched', 'chat', 'friend', 'gender']),
  );
  // A wait that goes on has lasted until now.
  const [begin, wait, how] = ['time', 'wait', 'ended'].map((name) => waits.header.indexOf(name));
  const going = waits.rows.filter((row) => row.cells[how] === 'waiting');
  expect(going.length).toBeGreaterThan(0);
  for (const { cells } of going) expect(Number(cells[begin]) + Number(cells[wait])).toBeCloseTo(300, 6);
  const people = csv(toCsv(visitsTable(evening, visits)));
  expect(people.rows).toHaveLength(ended.length);
  const friends = people.header.indexOf('friends');
  const counted = people.rows.reduce((sum, row) => sum + Number(row.cells[friends]), 0);
  expect(counted).toBe(ended.reduce((sum, visit) => sum + countActions(evening, visit).friends, 0));
  expect(visitsTable(evening, []).rows).toBe(0);
});
