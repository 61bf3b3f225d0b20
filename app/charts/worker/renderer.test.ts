import { expect, test } from 'vitest';
import { checkTables } from './check-tables.ts';
import { ChartRenderer, type ChartEvent, type ShowRequest } from './renderer.ts';
import { marketFixtures, slicesTable } from '../testing/fixtures.ts';
import { plainTheme } from '../theme.ts';

const request: ShowRequest = {
  view: 'slices-forest',
  tables: null,
  choice: null,
  width: 300,
  height: 160,
  devicePixelRatio: 2,
};

function start() {
  const events: ChartEvent[] = [];
  const frames: (() => void)[] = [];
  const renderer = new ChartRenderer(
    (event) => events.push(event),
    (draw) => frames.push(draw),
  );
  const canvas = new OffscreenCanvas(1, 1);
  renderer.attach('a', canvas);
  renderer.theme(plainTheme(true, 'sans-serif'));
  const draw = () => {
    const due = frames.splice(0);
    due.forEach((frame) => frame());
    return due.length;
  };
  return { renderer, events, canvas, draw };
}

const feed = (tables = marketFixtures()) => ({ kind: 'tables', tick: 1, tables });

test('draws once per frame however often it is asked, at the device’s resolution', () => {
  const { renderer, events, canvas, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  renderer.feed(feed());
  expect(draw()).toBe(1);
  expect([canvas.width, canvas.height]).toEqual([600, 320]);
  expect(events.map((e) => e.kind)).toEqual(['layout']);
  expect(draw()).toBe(0);
});

test('an equal layout is not sent again, a changed one is', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  draw();
  renderer.feed(feed());
  expect(draw()).toBe(1);
  expect(events).toHaveLength(1);
  const other = slicesTable();
  renderer.feed(feed([{ ...other, facts: { ...other.facts, explanation: 'Now otherwise.' } }]));
  draw();
  expect(events).toHaveLength(2);
});

test('tables of other views do not draw this one', () => {
  const { renderer, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  draw();
  renderer.feed(feed(marketFixtures().filter((t) => t.name !== 'slices')));
  expect(draw()).toBe(0);
});

test('hit, step and find agree on a mark', () => {
  const { renderer, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  expect(renderer.hit('a', 10, 10)).toBeNull();
  draw();
  const first = renderer.step('a', null, 'down');
  const second = renderer.step('a', first?.key ?? null, 'down');
  expect([first?.key, second?.key]).toEqual(['all all', 'country JP']);
  expect(renderer.hit('a', second?.x ?? 0, second?.y ?? 0)).toEqual(second);
  expect(renderer.find('a', 'country JP')).toEqual(second);
  expect(second?.reversed).toBe(true);
  expect(renderer.find('a', 'country XX')).toBeNull();
  expect(renderer.hit('nobody', 1, 1)).toBeNull();
});

test('a slot with tables of its own draws these, also after a clear', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', { ...request, tables: [slicesTable()] });
  draw();
  expect(renderer.find('a', 'country JP')).not.toBeNull();
  expect(events.map((e) => e.kind)).toEqual(['layout']);
  renderer.clear();
  draw();
  expect(renderer.find('a', 'country JP')).not.toBeNull();
});

test('clear empties the charts; a detached slot is drawn no more', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  draw();
  expect(renderer.tables('demand-matrix').map((t) => t.name)).toEqual(['pressure', 'segment-price']);
  renderer.clear();
  draw();
  const last = events.at(-1);
  expect(last?.kind === 'layout' && last.layout.empty).toMatch(/Compare two policies/);
  expect(renderer.tables('demand-matrix')).toEqual([]);
  renderer.detach('a');
  renderer.feed(feed());
  draw();
  expect(events.at(-1)).toBe(last);
});

test('a table that lacks a column fails that chart with its message, and the next good one draws again', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', request);
  const whole = slicesTable();
  renderer.feed(feed([{ ...whole, columns: whole.columns.filter((c) => c.name !== 'effect') }]));
  draw();
  expect(events.at(-1)).toMatchObject({ kind: 'failed', message: 'slices has no numeric column effect' });
  renderer.feed(feed());
  draw();
  expect(events.at(-1)?.kind).toBe('layout');
});

test('what is not a table is refused at the door, and nothing of the message is kept', () => {
  const { renderer, events } = start();
  const bad = { ...slicesTable(), rows: 12 };
  renderer.feed(feed([slicesTable(), bad]));
  expect(events.at(-1)).toEqual({
    kind: 'refused',
    message: 'slices: column dimension has 13 values, expected 12 as the table has rows',
  });
  expect(renderer.tables('slices-forest')).toEqual([]);
  for (const message of [null, 7, {}, { kind: 'tables' }, { kind: 'tables', tables: [{ name: 'x' }] }])
    expect(() => checkTables(message)).toThrow(/charts: expected/);
  const twice = slicesTable();
  expect(() => checkTables(feed([{ ...twice, columns: [twice.columns[0], twice.columns[0]] }]))).toThrow(
    /column dimension twice/,
  );
});

test('a picture is drawn at its own scale, as high as it needs', () => {
  const { renderer } = start();
  renderer.feed(feed());
  const { layout, bitmap } = renderer.render(
    { ...request, height: 40, devicePixelRatio: 3 },
    plainTheme(false, 'serif'),
  );
  expect(bitmap.width).toBe(900);
  expect(bitmap.height).toBe(Math.round(layout.minHeight * 3));
  bitmap.close();
});
