import { segmentColors, segmentDashes, segmentShapes, type Shape } from '../../palette.ts';
import type { Axis, Ctx, Frame, LegendEntry, Theme } from '../../layout.ts';
import { widest, bottomAxis, leftAxis } from '../../scales.ts';

/** What tells a series apart, never its colour alone. */
interface SeriesStyle {
  readonly color: string;
  readonly shape: Shape;
  readonly dash: readonly number[];
}

/** The style of series k. When the colours repeat, the shapes and dashes do not. */
export function seriesStyle(theme: Theme, k: number): SeriesStyle {
  const colors = segmentColors(theme.dark);
  const shifted = k + 3 * Math.floor(k / colors.length);
  return {
    color: colors[k % colors.length],
    shape: segmentShapes[shifted % segmentShapes.length],
    dash: segmentDashes[shifted % segmentDashes.length],
  };
}

const baseModels = ['Matrix factorisation', 'Two towers', 'Wide&Deep', 'Wide&Deep-S', 'CUPID'];

/** The looks of models by name. The base models look the same in every chart. */
export function modelLooks(theme: Theme, names: readonly string[]): ReadonlyMap<string, SeriesStyle> {
  const others = names.filter((name) => !baseModels.includes(name));
  const all = [...baseModels, ...others];
  return new Map(names.map((name) => [name, seriesStyle(theme, all.indexOf(name))]));
}

export const markEntry = (text: string, { color, shape }: SeriesStyle): LegendEntry => ({
  kind: 'mark',
  ...{ text, color, shape },
});
export const lineEntry = (text: string, look: SeriesStyle): LegendEntry => ({ kind: 'line', text, ...look });

/** The area between the axes. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Leaves room for the tick texts of the y axis, and for the titles of both axes. */
export function areaOf(ctx: Ctx, theme: Theme, frame: Frame, yTexts: readonly string[]): Area {
  const left = Math.ceil(widest(ctx, theme, yTexts)) + 10;
  return { left, right: frame.width - 14, top: 24, bottom: Math.max(frame.height, 140) - 36 };
}

interface Side {
  readonly position: (value: number) => number;
  readonly values: readonly number[];
  readonly format: (value: number) => string;
  readonly title: string;
}

/** Both axes of an area: grid lines for y, titles at the upper left and the lower right. */
export function axesOf({ left, right, top, bottom }: Area, x: Side, y: Side): Axis[] {
  return [
    bottomAxis(x.position, x.values, x.format, bottom, bottom, [x.title, right, bottom + 26, 'end']),
    leftAxis(y.position, y.values, y.format, [left, right], [y.title, left, top - 14, 'start']),
  ];
}
