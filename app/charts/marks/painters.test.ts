import { describe, expect, test } from 'vitest';
import { numbers, texts, type Table } from '../../../src/base/table.ts';
import { effectMetrics } from '../../../src/experiment/effect-metrics.ts';
import type { Scene } from '../layout.ts';
import { NearestMark } from '../nearest.ts';
import { painters } from '../worker/painters.ts';
import { marketFixtures, slicesTable } from '../testing/fixtures.ts';
import { emptied, table } from '../testing/table.ts';
import { experimentFixtures } from '../testing/experiment-fixtures.ts';
import { trainingFixtures } from '../testing/training-fixtures.ts';
import { changed, firstRows, HEIGHT, paint, WIDTH } from '../testing/paint.ts';
import { marketTables, type ChartView, type RoomViewId } from '../views.ts';

const views = Object.keys(painters) as ChartView[];
const rooms = { ...trainingFixtures(), ...experimentFixtures() };
const tablesOf = (view: ChartView): readonly Table[] =>
  view in rooms ? rooms[view as RoomViewId] : marketFixtures();
function expectFinite(scene: Scene): void {
  const { layout, marks } = scene;
  const written = [
    ...marks.flatMap((m) => [m.x, m.y, m.rx, m.ry]),
    ...layout.labels.flatMap((l) => [l.x, l.y]),
    ...layout.rules.flatMap((r) => [r.x1, r.y1, r.x2, r.y2]),
    ...layout.axes.flatMap((a) => [a.at, ...a.grid, ...a.ticks.map((t) => t.at)]),
  ];
  expect(written.filter((n) => !Number.isFinite(n))).toEqual([]);
}

describe.each(views)('%s', (view) => {
  test('draws, and lays out inside its frame', () => {
    const scene = paint(view, tablesOf(view));
    expect(scene.pixels).toBeGreaterThan(200);
    expect(scene.layout.empty).toBe('');
    expect(scene.layout.caption).not.toBe('');
    expect(scene.layout.marks).toBe(scene.marks.length);
    expect(new Set(scene.marks.map((m) => m.key)).size).toBe(scene.marks.length);
    expectFinite(scene);
    const bottom = Math.max(HEIGHT, scene.layout.minHeight) + 1;
    for (const m of scene.marks) {
      expect(m.x).toBeGreaterThanOrEqual(0);
      expect(m.x).toBeLessThanOrEqual(WIDTH);
      expect(m.y).toBeLessThanOrEqual(bottom);
    }
    for (const axis of scene.layout.axes) {
      expect(axis.ticks.length).toBeGreaterThan(1);
      const at = axis.ticks.map((t) => t.at);
      expect(at).toEqual([...at].sort((a, b) => (axis.along === 'x' ? a - b : b - a)));
    }
  });

  test('a pointer on a mark finds it, and its tip has numbers', () => {
    const scene = paint(view, tablesOf(view));
    const nearest = new NearestMark(scene);
    const some = scene.marks.filter((_, i) => i % Math.ceil(scene.marks.length / 40) === 0);
    for (const m of some) {
      const found = scene.marks[nearest.find(m.x, m.y)];
      expect([found.x, found.y]).toEqual([m.x, m.y]);
    }
    const tip = scene.marks[scene.marks.length - 1].tip();
    expect(tip.head).not.toBe('');
    expect(tip.rows.some(([, value]) => /\d/.test(value))).toBe(true);
  });

  test('layout is plain data', () => {
    const { layout } = paint(view, tablesOf(view));
    expect(structuredClone(layout)).toEqual(layout);
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
  });

  test('without its tables, and with empty ones, it says why and draws nothing', () => {
    for (const tables of [[], tablesOf(view).map(emptied)]) {
      const scene = paint(view, tables);
      expect(scene.layout.empty).toMatch(/\.$/);
      expect(scene.pixels).toBe(0);
      expect(scene.marks).toEqual([]);
    }
  });

  test('its main table alone is enough', () => {
    const main = marketTables(view)[0] ?? tablesOf(view)[0].name;
    const alone = tablesOf(view).filter((t) => t.name === main);
    expect(paint(view, alone).pixels).toBeGreaterThan(100);
  });

  test('NaN and infinity are gaps, wherever they stand', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const holes = tablesOf(view).map((t) =>
        changed(t, (v, r, name) => ((r + name.length) % 3 === 0 ? bad : v)),
      );
      expectFinite(paint(view, holes));
      expectFinite(
        paint(
          view,
          tablesOf(view).map((t) => changed(t, () => bad)),
        ),
      );
    }
  });

  test('one row', () => {
    expectFinite(
      paint(
        view,
        tablesOf(view).map((t) => firstRows(t, 1)),
      ),
    );
  });

  test('nothing but zeros', () => {
    expectFinite(
      paint(
        view,
        tablesOf(view).map((t) => changed(t, () => 0)),
      ),
    );
  });

  test('a tiny and a large frame', () => {
    expectFinite(paint(view, tablesOf(view), null, 160, 60));
    expectFinite(paint(view, tablesOf(view), null, 1600, 380));
  });
});

test('a slice that goes against the whole has its mark flagged, its own shape in the legend, and says so in words', () => {
  const { layout, marks } = paint('slices-forest', [slicesTable()]);
  const table = slicesTable();
  const keys = texts(table, 'dimension').map((d, r) => `${d} ${texts(table, 'slice')[r]}`);
  const shown = new Set(marks.slice(1).map((m) => m.key));
  const having = (column: string) =>
    keys.filter((key, r) => shown.has(key) && numbers(table, column)[r] === 1);
  expect(marks.filter((m) => m.reversed === true).map((m) => m.key)).toEqual(having('reversed'));
  // What may be chance is not flagged as reversed, and carries a question mark.
  const unsure = having('may_be_chance').length;
  expect(unsure).toBeGreaterThan(0);
  expect(layout.labels.filter((l) => l.text === 'chance?')).toHaveLength(unsure);
  expect(layout.labels.filter((l) => l.text === 'reversed')).toHaveLength(8 - unsure);
  expect(layout.labels.some((l) => l.text === 'against all')).toBe(true);
  expect(layout.sentence).toContain('in every country');
  const calm = changed(slicesTable(), (v, _, name) => (/reversed|chance/.test(name) ? 0 : v));
  const quiet = paint('slices-forest', [{ ...calm, facts: { ...calm.facts, verdict: 'none' } }]);
  expect(quiet.marks.some((m) => m.reversed === true)).toBe(false);
  expect(quiet.layout.labels.some((l) => /reversed|against|chance/.test(l.text))).toBe(false);
});

test('the dimension of the slices can be chosen; all stays on top', () => {
  const { layout, marks } = paint('slices-forest', [slicesTable()], 'gender');
  expect(layout.choice?.value).toBe('gender');
  expect(layout.choice?.options.map((o) => o.value)).toEqual(['country', 'gender', 'newcomer', 'everything']);
  expect(marks.map((m) => m.key)).toEqual(['all all', 'gender women', 'gender men']);
  expect(paint('slices-forest', [slicesTable()], 'everything').marks).toHaveLength(13);
  expect(paint('slices-forest', [slicesTable()], 'no such').layout.choice?.value).toBe('country');
});

test('effects stand left and right of zero by their sign', () => {
  const { layout, marks } = paint('slices-forest', [slicesTable()]);
  const zero = layout.rules[0].x1;
  expect(marks[0].x).toBeLessThan(zero);
  for (const m of marks.slice(1)) expect(m.x).toBeGreaterThan(zero);
});

test('an interval far wider than the effects does not squeeze them', () => {
  const wide = changed(slicesTable(), (v, r, name) => (r === 3 && name === 'high' ? 1e6 : v));
  const { layout } = paint('slices-forest', [wide]);
  for (const tick of layout.axes[0].ticks)
    expect(Math.abs(Number(tick.text.replace('\u2212', '-')))).toBeLessThan(200);
});

test('the heat map has a cell per pair of countries, rows ask for columns', () => {
  const { marks, layout } = paint('demand-matrix', marketFixtures());
  const cells = marks.filter((m) => m.key.includes('>'));
  expect(cells).toHaveLength(64);
  const at = (key: string) => cells.find((m) => m.key === key);
  expect(at('JP>KR')?.y).toBe(at('JP>FR')?.y);
  expect(at('JP>KR')?.x).toBe(at('FR>KR')?.x);
  expect(at('JP>KR')?.tip().head).toBe('Japan \u2192 Korea');
  expect(layout.labels.filter((l) => l.text === 'JP')).toHaveLength(2);
});

test('a cell without supply is hatched and named in the legend', () => {
  const none = marketFixtures().map((t) =>
    t.name === 'pressure' ? changed(t, (v, r, name) => (r === 5 && name === 'pressure' ? NaN : v)) : t,
  );
  expect(paint('demand-matrix', none).layout.legend.some((e) => e.text === 'nobody there')).toBe(true);
  expect(paint('demand-matrix', marketFixtures()).layout.legend.some((e) => e.text === 'nobody there')).toBe(
    false,
  );
});

test('lines are labelled at their ends without overlap, and skip gaps', () => {
  const { layout, marks } = paint('demand-series', marketFixtures());
  const y = layout.labels.map((l) => l.y).sort((a, b) => a - b);
  expect(y).toHaveLength(8);
  for (let i = 1; i < y.length; i++) expect(y[i] - y[i - 1]).toBeGreaterThan(11.9);
  expect(marks).toHaveLength(8 * 240);
  const gaps = marketFixtures().map((t) =>
    changed(t, (v, r, name) => (name === 'waiting_KR' && r % 2 === 0 ? NaN : v)),
  );
  expect(paint('demand-series', gaps).marks).toHaveLength(8 * 240 - 120);
});

test('a calibrated point lies on the diagonal', () => {
  const one = table('calibration', '', {
    predicted: ['s', [30]],
    real_s: ['s', [30]],
    low: ['s', [25]],
    high: ['s', [36]],
    count: ['', [50]],
    off: ['', [0]],
  });
  const { layout, marks } = paint('quality-calibration', [one]);
  const { x1, y1, x2, y2 } = layout.rules[0];
  const share = (marks[0].x - x1) / (x2 - x1);
  expect(marks[0].y).toBeCloseTo(y1 + share * (y2 - y1), 6);
});

test('the Lorenz curve goes from corner to corner and names the Gini coefficient', () => {
  const { layout, marks } = paint('quality-exposure', marketFixtures());
  const { x1, y1, x2, y2 } = layout.rules[0];
  expect([marks[0].x, marks[0].y]).toEqual([x1, y1]);
  expect([marks.at(-1)?.x, marks.at(-1)?.y]).toEqual([x2, y2]);
  expect(layout.labels[0].text).toBe('Gini 0.35');
});

test('points are no seconds: no perfect line, and their own unit; a scorer that predicts nothing says so', () => {
  const inUnitOf = (unit: string) =>
    marketFixtures().map((t) =>
      t.name === 'calibration'
        ? { ...t, columns: t.columns.map((c) => (c.name === 'predicted' ? { ...c, unit } : c)) }
        : t,
    );
  const points = paint('quality-calibration', inUnitOf('points'));
  expect(points.layout.axes[0].title).toBe('predicted, points');
  expect(points.layout.rules).toEqual([]);
  expect(points.layout.legend.map((e) => e.text)).toEqual(['tenth of the chats']);
  expect(points.marks[0].tip().rows[0]).toEqual(['predicted', '9.00 points']);
  expect(paint('quality-calibration', inUnitOf('1')).layout.empty).toMatch(/predicts nothing/);
  expect(paint('quality-calibration', inUnitOf('s')).layout.legend.map((e) => e.text)).toContain('perfect');
});

test('the scale of the heat map stays when its largest value changes', () => {
  const scale = (factor: number) =>
    paint(
      'demand-matrix',
      marketFixtures().map((t) => changed(t, (v, _, name) => (name === 'pressure' ? factor * v : v))),
    ).layout.legend;
  expect(scale(3)).toEqual(scale(1));
});

test('a group without a price has no unit either', () => {
  const none = marketFixtures().map((t) =>
    changed(t, (v, r, name) => (/price/.test(name) && r < 2 ? NaN : v)),
  );
  expect(paint('demand-matrix', none).layout.labels.filter((l) => l.text === '\u2013')).toHaveLength(2);
});

test('the sentence speaks of the groups that are shown, in both views of them', () => {
  const sentence = (view: ChartView, choice: string | null, facts = {}) =>
    paint(view, [{ ...slicesTable(), facts: { ...slicesTable().facts, ...facts } }], choice).layout.sentence;
  for (const view of ['slices-forest', 'slices-mix'] as const) {
    expect(sentence(view, null)).toContain('in every country');
    expect(sentence(view, 'gender')).toBe(
      'Test data: chats become longer for women and for men, yet shorter overall.',
    );
    expect(sentence(view, 'gender', { dimension: 'country' })).toMatch(
      /Grouped by country, there is more to tell\.$/,
    );
  }
  expect(sentence('slices-forest', 'everything')).toContain('in every country');
});

test('the chart of the feed says what each stage does to the tail, and which changes are chance', () => {
  const { labels, sentence } = paint('demand-feed', marketFixtures()).layout;
  expect(sentence).toBe('Test data: no stage loses tail creators beyond chance.');
  expect(labels.map(({ text }) => text).join('; ')).toMatch(/; 89.0.% \(\u22121.0, by chance ±2.0\);/);
});

test('every metric of the engine can be chosen', () => {
  const { metric } = paint('slices-forest', [slicesTable()]).layout;
  expect(metric?.options.map((o) => o.value)).toEqual(Object.keys(effectMetrics));
});
