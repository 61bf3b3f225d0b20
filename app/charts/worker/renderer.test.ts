import { expect, test, vi } from 'vitest';
import { numbers } from '../../../src/base/table.ts';
import { checkTables } from './check-tables.ts';
import { ChartRenderer, type ChartEvent, type ShowRequest } from './renderer.ts';
import { experimentFixtures } from '../testing/experiment-fixtures.ts';
import { marketFixtures, slicesTable } from '../testing/fixtures.ts';
import { changed } from '../testing/paint.ts';
import { trainingFixtures } from '../testing/training-fixtures.ts';
import { plainTheme } from '../theme.ts';
import type { ChartView, RoomViewId } from '../views.ts';
import { painters } from './painters.ts';

const request: ShowRequest = {
  view: 'slices-forest',
  tables: null,
  choice: null,
  pair: null,
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
  renderer.theme(plainTheme(true, 'sans-serif'));
  const draw = () => {
    const due = frames.splice(0);
    due.forEach((frame) => frame());
    return due.length;
  };
  const sizes = () => events.flatMap((e) => (e.kind === 'drawn' ? [[e.bitmap.width, e.bitmap.height]] : []));
  return { renderer, events, sizes, draw };
}

const feed = (tables = marketFixtures()) => ({ kind: 'tables', tick: 1, tables });

test('draws once per frame however often it is asked, at the device’s resolution', () => {
  const { renderer, events, sizes, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  renderer.feed(feed());
  expect(draw()).toBe(1);
  expect(sizes()).toEqual([[600, 320]]);
  expect(events.map((e) => e.kind)).toEqual(['drawn']);
  expect(draw()).toBe(0);
});

test('marks and layout come together; an equal layout is not sent again, a changed one is', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  draw();
  renderer.feed(feed());
  expect(draw()).toBe(1);
  const layouts = () =>
    events.map((e) => (e.kind === 'drawn' && e.layout !== null ? e.layout.sentence : null));
  expect(layouts()).toEqual([expect.stringContaining('Test data'), null]);
  const other = slicesTable();
  renderer.feed(feed([{ ...other, facts: { ...other.facts, explanation: 'Now otherwise.' } }]));
  draw();
  expect(layouts()[2]).toBe('Now otherwise.');
});

test('a view with which the page does not open is drawn once its code has arrived', async () => {
  const { renderer, events, draw } = start();
  renderer.feed(feed());
  renderer.show('a', { ...request, view: 'demand-series' });
  draw();
  expect(events).toEqual([]);
  await vi.waitUntil(() => draw() > 0);
  expect(events).toMatchObject([{ kind: 'drawn', view: 'demand-series' }]);
});

test('tables of other views do not draw this one', () => {
  const { renderer, draw } = start();
  const others = marketFixtures().filter((t) => t.name !== 'slices');
  renderer.show('a', request);
  renderer.feed(feed(others));
  draw();
  renderer.feed(feed(others));
  expect(draw()).toBe(0);
});

test('a table that is sent no more is gone: the comparison has ended', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  draw();
  renderer.feed(feed(marketFixtures().filter((t) => t.name !== 'slices')));
  draw();
  const last = events.at(-1);
  expect(last?.kind === 'drawn' && last.layout?.empty).toMatch(/Press Compare/);
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
  expect(events.map((e) => e.kind)).toEqual(['drawn']);
  renderer.clear();
  draw();
  expect(renderer.find('a', 'country JP')).not.toBeNull();
});

test('clear empties the charts; a detached slot is drawn no more', () => {
  const { renderer, events, draw } = start();
  renderer.show('a', request);
  renderer.feed(feed());
  draw();
  expect(renderer.tables('a').tables.map((t) => t.name)).toEqual(['slices']);
  renderer.clear();
  draw();
  const last = events.at(-1);
  expect(last?.kind === 'drawn' && last.layout?.empty).toMatch(/Press Compare/);
  expect(renderer.tables('a').tables).toEqual([]);
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
  expect(events.at(-1)?.kind).toBe('drawn');
});

test('what is not a table is refused at the door, and nothing of the message is kept', () => {
  const { renderer, events } = start();
  const bad = { ...slicesTable(), rows: 12 };
  renderer.feed(feed([slicesTable(), bad]));
  expect(events.at(-1)).toEqual({
    kind: 'refused',
    message: 'slices: column dimension has 13 values, expected 12 as the table has rows',
  });
  expect(renderer.tables('a').tables).toEqual([]);
  for (const message of [null, 7, {}, { kind: 'tables' }, { kind: 'tables', tables: [{ name: 'x' }] }])
    expect(() => checkTables(message)).toThrow(/charts: expected/);
  const twice = slicesTable();
  expect(() => checkTables(feed([{ ...twice, columns: [twice.columns[0], twice.columns[0]] }]))).toThrow(
    /column dimension twice/,
  );
});

test('the numbers and the picture are of the tick that is drawn, not of a later one', async () => {
  const { renderer, draw } = start();
  renderer.show('a', request);
  renderer.feed({ ...feed(), tick: 7 });
  draw();
  const later = slicesTable();
  renderer.feed({ ...feed([{ ...later, facts: { ...later.facts, explanation: 'Of tick 8.' } }]), tick: 8 });
  const file = () => renderer.picture('a', 'Title', 'svg', plainTheme(false, 'serif'));
  expect(renderer.tables('a').tick).toBe(7);
  expect(await (await file()).text()).not.toContain('Of tick 8.');
  draw();
  expect(renderer.tables('a').tick).toBe(8);
  expect(await (await file()).text()).toContain('Of tick 8.');
});

test('a picture of one dimension has the sentence of that dimension', async () => {
  const { renderer, draw } = start();
  renderer.show('a', { ...request, choice: 'gender' });
  renderer.feed(feed());
  draw();
  const svg = await (await renderer.picture('a', 'Title', 'svg', plainTheme(false, 'serif'))).text();
  expect(svg).toContain('for women and for men');
  expect(svg).not.toContain('every country');
});

test('a picture is as high as its rows need, on the colours of its mode', async () => {
  const { renderer, draw } = start();
  renderer.show('a', { ...request, height: 40 });
  renderer.feed(feed());
  draw();
  for (const dark of [false, true]) {
    const theme = plainTheme(dark, 'serif');
    const image = await createImageBitmap(await renderer.picture('a', 'Title', 'png', theme));
    expect(image.width).toBe(2 * (300 + 2 * 18));
    expect(image.height).toBeGreaterThan(2 * 9 * 11.6);
    const canvas = new OffscreenCanvas(image.width, image.height);
    const ctx = canvas.getContext('2d')!;
    ctx.drawImage(image, 0, 0);
    const { data } = ctx.getImageData(0, 0, image.width, image.height);
    const colors = new Set<string>();
    for (let i = 0; i < data.length; i += 4) colors.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
    for (const color of [theme.bg, theme.fg, theme.loss])
      expect(colors).toContain([1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)).join());
  }
});

const rooms = { ...trainingFixtures(), ...experimentFixtures() };
test.each(Object.keys(painters) as ChartView[])(
  '%s is written as SVG that shows what the PNG shows',
  async (view) => {
    const { renderer, draw } = start();
    await renderer.prepare();
    const tables = view in rooms ? rooms[view as RoomViewId] : null;
    renderer.show('a', { ...request, view, tables, width: 400 });
    // A cell without people is hatched.
    const hatched = (v: number, row: number, name: string) => (name === 'pressure' && row === 3 ? NaN : v);
    renderer.feed(feed(marketFixtures().map((t) => changed(t, hatched))));
    draw();
    const theme = plainTheme(false, 'sans-serif');
    const [png, svg] = await Promise.all(
      (['png', 'svg'] as const).map((format) => renderer.picture('a', 'Who & what?', format, theme)),
    );
    const root = new DOMParser().parseFromString(await svg.text(), 'image/svg+xml').documentElement;
    expect(root.querySelector('parsererror')).toBeNull();
    expect(root.querySelector('title')?.textContent).toBe('Who & what?');
    const [drawn, written] = await Promise.all([smallPixels(png), smallPixels(svg)]);
    expect(written.length).toBe(drawn.length);
    const unlike = drawn.filter((v, i) => Math.abs(v - written[i]) > 32).length;
    expect(unlike / drawn.length).toBeLessThan(0.003);
  },
);

/** The picture in blocks of 6 CSS pixels, in which the smoothing of edges does not show. */
async function smallPixels(blob: Blob): Promise<Uint8ClampedArray> {
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  const block = blob.type === 'image/png' ? 12 : 6;
  const [w, h] = [Math.round(image.naturalWidth / block), Math.round(image.naturalHeight / block)];
  const ctx = new OffscreenCanvas(12 * w, 12 * h).getContext('2d')!;
  ctx.drawImage(image, 0, 0, 12 * w, 12 * h);
  const small = new OffscreenCanvas(w, h).getContext('2d')!;
  small.imageSmoothingQuality = 'high';
  small.drawImage(ctx.canvas, 0, 0, w, h);
  return small.getImageData(0, 0, w, h).data;
}

test('two policies side by side have the same scales, and each its own numbers', async () => {
  const { renderer, events, draw } = start();
  await renderer.prepare();
  const longer = marketFixtures().map((t) =>
    t.name === 'supply-series' ? changed(t, (v, _, name) => (name === 'time_s' ? v : 40 * v)) : t,
  );
  const series = { ...request, view: 'demand-series', width: 400 } as const;
  renderer.show('alone', series);
  renderer.show('a', { ...series, pair: 'a' });
  renderer.show('b', { ...series, pair: 'b' });
  renderer.feed(feed());
  renderer.feed({ ...feed(longer), beside: true });
  draw();
  const axisOf = (slot: string) =>
    events.flatMap((e) => (e.kind === 'drawn' && e.slot === slot ? [e.layout?.axes[0].ticks] : [])).at(-1);
  expect(axisOf('a')).toEqual(axisOf('b'));
  expect(axisOf('a')).not.toEqual(axisOf('alone'));
  const last = (slot: string) => {
    const [table] = renderer.tables(slot).tables;
    return numbers(table, 'waiting_all').at(-1) ?? NaN;
  };
  expect(last('b')).toBeCloseTo(40 * last('a'));
  renderer.clear();
  expect(renderer.tables('b').tables).not.toEqual([]);
  draw();
  expect(renderer.tables('b').tables).toEqual([]);
});
