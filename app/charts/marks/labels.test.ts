import { expect, test } from 'vitest';
import type { Table } from '../../../src/base/table.ts';
import { experimentFixtures } from '../testing/experiment-fixtures.ts';
import { marketFixtures } from '../testing/fixtures.ts';
import { changed, paint } from '../testing/paint.ts';
import { trainingFixtures } from '../testing/training-fixtures.ts';
import { plainTheme } from '../theme.ts';
import type { ChartView, RoomViewId } from '../views.ts';
import { overlaps, textBoxes } from '../worker/paint.ts';
import { painters } from '../worker/painters.ts';

const rooms = { ...trainingFixtures(), ...experimentFixtures() };

/** Widths of a plot beside the sky at 1024, 1280, 1440 and 1920 pixels, on a phone, enlarged. */
const widths = [286, 350, 358, 398, 542, 640, 1000];
/** As low as the plot may be, and two that windows have. */
const heights = [0, 130, 420];

/** Figures of another size: an outage, points, and a crowd. */
const figures: readonly (readonly [name: string, change: (value: number, column: string) => number])[] = [
  ['as usual', (v) => v],
  ['tiny prices, slow ticks', (v, column) => (/price/.test(column) ? 0 : /_ms$/.test(column) ? 40 * v : v)],
  ['large', (v, column) => (/price|supply|demand|waiting|count|n_[ab]|people/.test(column) ? 97 * v : v)],
];

test.each(Object.keys(painters) as ChartView[])(
  '%s: no text overlaps another or leaves the plot, at any size',
  (view) => {
    const theme = plainTheme(true, 'sans-serif');
    const ruler = new OffscreenCanvas(1, 1).getContext('2d')!;
    const faults = new Set<string>();
    for (const [name, change] of figures)
      for (const width of widths)
        for (const height of heights) {
          const tables: readonly Table[] = (view in rooms ? rooms[view as RoomViewId] : marketFixtures()).map(
            (t) => changed(t, (v, _, column) => change(v, column)),
          );
          const { layout } = paint(view, tables, null, width, height);
          const bottom = Math.max(height, layout.minHeight);
          const boxes = textBoxes(ruler, theme, layout);
          boxes.forEach((box, i) => {
            const where = `${name}, ${width} x ${bottom}`;
            if (box.left < -1 || box.right > width + 1 || box.top < -2 || box.bottom > bottom + 1)
              faults.add(`"${box.text}" leaves the plot (${where})`);
            for (const other of boxes.slice(i + 1))
              if (overlaps(box, other)) faults.add(`"${box.text}" overlaps "${other.text}" (${where})`);
          });
        }
    expect([...faults]).toEqual([]);
  },
);
