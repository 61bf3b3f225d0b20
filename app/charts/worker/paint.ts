import type { Anchor, Ctx, Frame, Layout, Painter, Scene, TableSet, Theme } from '../layout.ts';
import { textWidth } from '../scales.ts';

/** Height that the letters of a text take at most, CSS pixels. */
const INK = 9;
/** Space between neighbouring texts of an axis. */
const GAP = 4;

export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Draws a chart. An axis leaves out the texts that would overlap others; its lines stay. */
export function paintChart(
  painter: Painter,
  ctx: Ctx,
  tables: TableSet,
  frame: Frame,
  theme: Theme,
  choice: string | null,
): Scene {
  const { layout, ...scene } = painter(ctx, tables, frame, theme, choice);
  const bare = layout.axes.map((axis) => ({ ...axis, ticks: [] }));
  const taken = textBoxes(ctx, theme, { ...layout, axes: bare });
  const axes = layout.axes.map((axis) => ({
    ...axis,
    ticks: axis.ticks.map((tick) => {
      const box = tickBox(ctx, theme, axis, tick);
      if (taken.some((other) => overlaps(box, other, axis.along === 'x' ? GAP : 0)))
        return { ...tick, text: '' };
      taken.push(box);
      return tick;
    }),
  }));
  return { ...scene, layout: { ...layout, axes } };
}

/** The boxes of all texts of a layout. */
export function textBoxes(ctx: Ctx, theme: Theme, layout: Layout): TextBox[] {
  const ticks = layout.axes.flatMap((axis) => axis.ticks.map((tick) => tickBox(ctx, theme, axis, tick)));
  return [...labelBoxes(ctx, theme, layout), ...titleBoxes(ctx, theme, layout), ...ticks].filter(
    ({ text }) => text !== '',
  );
}

/** Whether two texts touch or come nearer than `gap` to each other in their line. */
export function overlaps(a: TextBox, b: TextBox, gap = 0): boolean {
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom && b.top < a.bottom;
}

function labelBoxes(ctx: Ctx, theme: Theme, { labels }: Layout): TextBox[] {
  return labels.map((l) => boxOf(ctx, theme, l.text, l.x, l.y, l.anchor, l.strong === true ? 650 : 400));
}

function titleBoxes(ctx: Ctx, theme: Theme, { axes }: Layout): TextBox[] {
  return axes.filter((a) => a.title !== '').map((a) => boxOf(ctx, theme, a.title, ...a.titleAt));
}

function tickBox(
  ctx: Ctx,
  theme: Theme,
  axis: Layout['axes'][number],
  { at, text }: { at: number; text: string },
) {
  return axis.along === 'x'
    ? boxOf(ctx, theme, text, at, axis.at + 11, 'middle')
    : boxOf(ctx, theme, text, axis.at, at, 'end');
}

function boxOf(
  ctx: Ctx,
  theme: Theme,
  text: string,
  x: number,
  y: number,
  anchor: Anchor,
  weight = 400,
): TextBox {
  const width = textWidth(ctx, theme, text, weight);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { text, left, right: left + width, top: y - INK / 2, bottom: y + INK / 2 };
}
