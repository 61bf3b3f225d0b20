import type { Table } from '../../src/base/table.ts';
import type { Shape, Tones } from './palette.ts';

/**
 * What passes between a chart's marks (chart worker) and its layers (page). Layouts are plain data
 * in CSS pixels from the top left corner of the plot. Colours are roles or CSS strings.
 */

/** What painters use of a canvas. A chart in a file is drawn by a context that writes SVG. */
export type Ctx = Pick<
  OffscreenCanvasRenderingContext2D,
  | ('save' | 'restore' | 'translate' | 'scale')
  | ('beginPath' | 'closePath' | 'moveTo' | 'lineTo' | 'bezierCurveTo' | 'rect' | 'roundRect')
  | ('clip' | 'fill' | 'stroke' | 'fillRect' | 'strokeRect' | 'setLineDash' | 'fillText' | 'measureText')
  | ('fillStyle' | 'strokeStyle' | 'lineWidth' | 'lineCap' | 'lineJoin' | 'globalAlpha')
  | ('font' | 'textAlign' | 'textBaseline')
>;

/** The page's colours, resolved to #rrggbb so that a worker can use them. */
export interface Theme extends Tones {
  readonly dark: boolean;
  readonly bg: string;
  readonly fg: string;
  readonly muted: string;
  readonly rule: string;
  readonly accent: string;
  readonly surface: string;
  /** CSS font family. */
  readonly family: string;
}

/** Size of a plot, CSS pixels. */
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
  /** Extent of the grid lines across the axis. Equal values: no grid. */
  readonly grid: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Unit or name, printed once at the end of the axis; '' for none. */
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
  /** Vertical middle of the text. */
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

/** What a person can choose in a view, e.g. the dimension of the slices. */
export interface Choice {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

export interface Layout {
  /** What the chart shows and in which unit. */
  readonly caption: string;
  readonly axes: readonly Axis[];
  readonly rules: readonly Rule[];
  readonly labels: readonly Label[];
  readonly legend: readonly LegendEntry[];
  readonly choice: Choice | null;
  /** What the engine measures for this view. It is the engine that answers another choice. */
  readonly metric: Choice | null;
  /** A conclusion in words below the chart; '' for none. */
  readonly sentence: string;
  /** Why nothing is drawn; '' where there are marks. */
  readonly empty: string;
  /** Below this height the plot scrolls. */
  readonly minHeight: number;
  /** Number of marks that the arrow keys reach. */
  readonly marks: number;
}

export interface Tip {
  readonly head: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
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
  /** The effect of this slice goes against the effect on everyone. */
  readonly reversed?: boolean;
  /** Its numbers, for the tooltip and the screen reader. */
  readonly tip: () => Tip;
}

/** What a painter returns beside its pixels. */
export interface Scene {
  readonly layout: Layout;
  readonly marks: readonly Mark[];
  /** Weights of the horizontal and the vertical distance in the search for the nearest mark. */
  readonly reach: readonly [number, number];
}

/** Prefix of the tables of the other policy, where two instruments stand side by side. */
export const BESIDE = 'beside ';

/** Tables of a view by name. A table that has not arrived is missing. */
export type TableSet = ReadonlyMap<string, Table>;

/**
 * Draws the marks of one view and returns its scene. `ctx` is cleared and scaled to CSS pixels.
 * A painter is pure: its pixels and its scene depend on the arguments only.
 */
export type Painter = (
  ctx: Ctx,
  tables: TableSet,
  frame: Frame,
  theme: Theme,
  choice: string | null,
) => Scene;

/** The answer to a pointer or an arrow key. */
export interface Hit extends Required<Omit<Mark, 'tip' | 'series'>> {
  readonly tip: Tip;
}

/** A scene from what its layout has beside the defaults. */
export function sceneOf(
  layout: Partial<Layout> & Pick<Layout, 'caption'>,
  marks: readonly Mark[],
  reach: Scene['reach'] = [1, 1],
): Scene {
  const defaults = {
    axes: [],
    rules: [],
    labels: [],
    legend: [],
    choice: null,
    metric: null,
    sentence: '',
    empty: '',
    minHeight: 0,
  };
  return { layout: { ...defaults, ...layout, marks: marks.length }, marks, reach };
}

/** The scene of a view that has nothing to draw yet, and the reason. */
export function emptyScene(caption: string, why: string): Scene {
  return sceneOf({ caption, empty: why }, []);
}
