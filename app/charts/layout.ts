import type { Table } from '../../src/base/table.ts';
import type { Shape, Tones } from './palette.ts';

/**
 * What passes between a chart's marks (chart worker) and its layers (page). All of it is plain data in CSS pixels from the plot's
 * top left corner; colours are given as roles or as strings ready for canvas and SVG.
 */

export type Ctx = OffscreenCanvasRenderingContext2D;

/** The page's colours, resolved to #rrggbb so that a worker can use them. */
export interface Theme extends Tones {
  readonly dark: boolean;
  readonly bg: string;
  readonly fg: string;
  readonly muted: string;
  readonly rule: string;
  readonly accent: string;
  readonly surface: string;
  /** CSS font family, used to measure (never to draw) in the worker. */
  readonly family: string;
}

/** Room for a plot. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

export type Tone = 'fg' | 'muted' | 'rule' | 'accent' | keyof Tones;

export interface Tick {
  /** Position along the axis. */
  readonly at: number;
  readonly text: string;
}

export interface Axis {
  readonly along: 'x' | 'y';
  /** Where the axis stands: y of an x axis, x of a y axis (tick texts lie outside of it). */
  readonly at: number;
  /** The plot's extent across the axis: grid lines run over it. Equal values: no grid. */
  readonly grid: readonly [number, number];
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Unit or name, printed once at the axis's end; '' for none. */
  readonly title: string;
  readonly titleAt: readonly [x: number, y: number, anchor: Anchor];
}

export type Anchor = 'start' | 'middle' | 'end';

export interface Rule {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly tone: Tone;
  readonly dash: readonly number[];
}

export interface Label {
  readonly x: number;
  /** Middle of the line of text. */
  readonly y: number;
  readonly text: string;
  readonly anchor: Anchor;
  readonly tone: Tone;
  readonly strong?: boolean;
  /** Overrides the tone, e.g. for a segment's hue. */
  readonly color?: string;
}

export type LegendEntry =
  | {
      readonly kind: 'mark';
      readonly text: string;
      readonly color: string;
      readonly shape: Shape;
      readonly hollow?: boolean;
    }
  | {
      readonly kind: 'line';
      readonly text: string;
      readonly color: string;
      readonly dash: readonly number[];
      readonly shape?: Shape;
    }
  | { readonly kind: 'area'; readonly text: string; readonly color: string; readonly hatched?: boolean }
  | {
      readonly kind: 'ramp';
      readonly text: string;
      readonly colors: readonly string[];
      readonly low: string;
      readonly high: string;
    };

/** What a view lets a person choose, e.g. the dimension of the slices. */
export interface Choice {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

export interface Layout {
  /** What is seen and in which unit, one line. */
  readonly caption: string;
  readonly axes: readonly Axis[];
  readonly rules: readonly Rule[];
  readonly labels: readonly Label[];
  readonly legend: readonly LegendEntry[];
  readonly choice: Choice | null;
  /** A conclusion in words below the chart; '' for none. */
  readonly sentence: string;
  /** Why nothing is drawn; '' where there are marks. */
  readonly empty: string;
  /** Height under which the plot scrolls instead of squeezing. */
  readonly minHeight: number;
  /** How many marks the arrow keys can reach. */
  readonly marks: number;
}

/** Something that can be pointed at. */
export interface Mark {
  /** Stays the same when the numbers change. */
  readonly key: string;
  readonly x: number;
  readonly y: number;
  /** Half width and half height of the focus ring. */
  readonly rx: number;
  readonly ry: number;
  /** Left and right stay in a series, up and down change it. */
  readonly series: number;
  /** Goes against the whole (slices). */
  readonly reversed?: boolean;
}

export interface Tip {
  readonly head: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
}

/** What one call of a chart's marks function leaves behind. */
export interface Scene {
  readonly layout: Layout;
  readonly marks: readonly Mark[];
  /** How much a pixel counts across and down when the nearest mark is sought. */
  readonly reach: readonly [number, number];
  describe(mark: number): Tip;
}

/** Tables of a view by name; one that has not come yet is missing. */
export type TableSet = ReadonlyMap<string, Table>;

/**
 * Draws the marks of one view and returns its layout. `ctx` is already scaled to CSS pixels and cleared. Pure: what it draws and
 * returns depends on the arguments only.
 */
export type Painter = (
  ctx: Ctx,
  tables: TableSet,
  frame: Frame,
  theme: Theme,
  choice: string | null,
) => Scene;

/** The answer to a pointer or an arrow key. */
export interface Hit {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly reversed: boolean;
  readonly tip: Tip;
}

export const emptyLayout: Layout = {
  caption: '',
  axes: [],
  rules: [],
  labels: [],
  legend: [],
  choice: null,
  sentence: '',
  empty: '',
  minHeight: 0,
  marks: 0,
};

/** The scene of a view that has nothing to draw yet, and says why. */
export function emptyScene(caption: string, why: string): Scene {
  return {
    layout: { ...emptyLayout, caption, empty: why },
    marks: [],
    reach: [1, 1],
    describe: () => ({ head: '', rows: [] }),
  };
}
