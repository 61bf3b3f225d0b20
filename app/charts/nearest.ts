import { quadtree, type Quadtree } from 'd3';
import type { Mark, Scene } from './layout.ts';

/** Largest distance from a pointer to its mark, in pixels weighted by the scene's reach. */
const MAX_DISTANCE = 48;
/** Pixels per anchor: a wide mark, such as a bar, is found along its whole width. */
const SPACING = 16;

interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly mark: number;
}

/** Finds the mark nearest to a point by a quadtree, which is built on the first call. */
export class NearestMark {
  readonly #scene: Scene;
  #tree: Quadtree<Anchor> | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Index of the nearest mark within reach, or -1. */
  find(x: number, y: number): number {
    const [wx, wy] = this.#scene.reach;
    this.#tree ??= quadtree(
      this.#scene.marks.flatMap(anchors),
      (a) => a.x * wx,
      (a) => a.y * wy,
    );
    return this.#tree.find(x * wx, y * wy, MAX_DISTANCE)?.mark ?? -1;
  }
}

function anchors(mark: Mark, i: number): Anchor[] {
  if (!Number.isFinite(mark.x) || !Number.isFinite(mark.y)) return [];
  const n = Math.max(1, Math.ceil((2 * mark.rx) / SPACING));
  return Array.from({ length: n }, (_, k) => ({
    x: mark.x - mark.rx + ((2 * k + 1) * mark.rx) / n,
    y: mark.y,
    mark: i,
  }));
}

export type Direction = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/**
 * The mark to which an arrow key leads (from -1: the first mark). Left and right follow the series
 * by x. Up and down go to the nearest mark of the previous or next series. In a series of one mark,
 * left and right go to the neighbours in order. At an edge the mark stays.
 */
export function neighbour(marks: readonly Mark[], from: number, direction: Direction): number {
  if (marks.length === 0) return -1;
  if (direction === 'last') return marks.length - 1;
  if (direction === 'first' || from < 0 || from >= marks.length) return 0;
  const here = marks[from];
  const step = direction === 'left' || direction === 'up' ? -1 : 1;
  if (direction === 'left' || direction === 'right') {
    const along = marks
      .flatMap((m, i) => (m.series === here.series ? [i] : []))
      .sort((a, b) => marks[a].x - marks[b].x || a - b);
    if (along.length === 1) return Math.min(marks.length - 1, Math.max(0, from + step));
    return along[along.indexOf(from) + step] ?? from;
  }
  const series = [...new Set(marks.map((m) => m.series))].sort((a, b) => a - b);
  const wanted = series[series.indexOf(here.series) + step];
  if (wanted === undefined) return from;
  let best = from;
  let distance = Infinity;
  marks.forEach((m, i) => {
    const d = Math.abs(m.x - here.x);
    if (m.series === wanted && d < distance) [best, distance] = [i, d];
  });
  return best;
}
