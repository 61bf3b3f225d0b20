import { expect, test } from 'vitest';
import { checkFeed } from './feed.ts';
import { ChartStage, type ChartEvent, type ShowRequest } from './stage.ts';
import { allTables, slicesTable } from '../testing/fixtures.ts';
import { plainTheme } from '../theme.ts';

const request: ShowRequest = {
  view: 'slices-forest',
  choice: null,
  width: 300,
  height: 160,
  devicePixelRatio: 2,
};

function start() {
  const events: ChartEvent[] = [];
  const frames: (() => void)[] = [];
  const stage = new ChartStage(
    (event) => events.push(event),
    (draw) => frames.push(draw),
  );
  const canvas = new OffscreenCanvas(1, 1);
  stage.attach('a', canvas);
  stage.theme(plainTheme(true, 'sans-serif'));
  const draw = () => {
    const due = frames.splice(0);
    due.forEach((frame) => frame());
    return due.length;
  };
  return { stage, events, canvas, draw };
}

const feed = (tables = allTables()) => ({ kind: 'tables', tick: 1, tables });

test('draws once per frame however often it is asked, at the device’s resolution', () => {
  const { stage, events, canvas, draw } = start();
  stage.show('a', request);
  stage.feed(feed());
  stage.feed(feed());
  expect(draw()).toBe(1);
  expect([canvas.width, canvas.height]).toEqual([600, 320]);
  expect(events.map((e) => e.kind)).toEqual(['layout']);
  expect(draw()).toBe(0);
});

test('an equal layout is not sent again, a changed one is', () => {
  const { stage, events, draw } = start();
  stage.show('a', request);
  stage.feed(feed());
  draw();
  stage.feed(feed());
  expect(draw()).toBe(1);
  expect(events).toHaveLength(1);
  const other = slicesTable();
  stage.feed(feed([{ ...other, facts: { ...other.facts, explanation: 'Now otherwise.' } }]));
  draw();
  expect(events).toHaveLength(2);
});

test('tables of other views do not draw this one', () => {
  const { stage, draw } = start();
  stage.show('a', request);
  stage.feed(feed());
  draw();
  stage.feed(feed(allTables().filter((t) => t.name !== 'slices')));
  expect(draw()).toBe(0);
});

test('hit, step and find agree on a mark', () => {
  const { stage, draw } = start();
  stage.show('a', request);
  stage.feed(feed());
  expect(stage.hit('a', 10, 10)).toBeNull();
  draw();
  const first = stage.step('a', null, 'down');
  const second = stage.step('a', first?.key ?? null, 'down');
  expect([first?.key, second?.key]).toEqual(['all all', 'country JP']);
  expect(stage.hit('a', second?.x ?? 0, second?.y ?? 0)).toEqual(second);
  expect(stage.find('a', 'country JP')).toEqual(second);
  expect(second?.reversed).toBe(true);
  expect(stage.find('a', 'country XX')).toBeNull();
  expect(stage.hit('nobody', 1, 1)).toBeNull();
});

test('clear empties the charts; a detached slot is drawn no more', () => {
  const { stage, events, draw } = start();
  stage.show('a', request);
  stage.feed(feed());
  draw();
  expect(stage.tables('demand-matrix').map((t) => t.name)).toEqual(['pressure', 'segment-price']);
  stage.clear();
  draw();
  const last = events.at(-1);
  expect(last?.kind === 'layout' && last.layout.empty).toMatch(/Compare two policies/);
  expect(stage.tables('demand-matrix')).toEqual([]);
  stage.detach('a');
  stage.feed(feed());
  draw();
  expect(events.at(-1)).toBe(last);
});

test('a table that lacks a column fails that chart with its message, and the next good one draws again', () => {
  const { stage, events, draw } = start();
  stage.show('a', request);
  const whole = slicesTable();
  stage.feed(feed([{ ...whole, columns: whole.columns.filter((c) => c.name !== 'effect') }]));
  draw();
  expect(events.at(-1)).toMatchObject({ kind: 'failed', message: 'slices has no numeric column effect' });
  stage.feed(feed());
  draw();
  expect(events.at(-1)?.kind).toBe('layout');
});

test('what is not a table is refused at the door, and nothing of the message is kept', () => {
  const { stage, events } = start();
  const bad = { ...slicesTable(), rows: 12 };
  stage.feed(feed([slicesTable(), bad]));
  expect(events.at(-1)).toEqual({
    kind: 'refused',
    message: 'slices: column dimension has 13 values, expected 12 as the table has rows',
  });
  expect(stage.tables('slices-forest')).toEqual([]);
  for (const message of [null, 7, {}, { kind: 'tables' }, { kind: 'tables', tables: [{ name: 'x' }] }])
    expect(() => checkFeed(message)).toThrow(/charts: expected/);
  const twice = slicesTable();
  expect(() => checkFeed(feed([{ ...twice, columns: [twice.columns[0], twice.columns[0]] }]))).toThrow(
    /column dimension twice/,
  );
});

test('a picture is drawn at its own scale, as high as it needs', () => {
  const { stage } = start();
  stage.feed(feed());
  const { layout, bitmap } = stage.render(
    { ...request, height: 40, devicePixelRatio: 3 },
    plainTheme(false, 'serif'),
  );
  expect(bitmap.width).toBe(900);
  expect(bitmap.height).toBe(Math.round(layout.minHeight * 3));
  bitmap.close();
});
