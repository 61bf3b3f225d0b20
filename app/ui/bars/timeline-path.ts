import type { EngineStatus, Marker } from '../../engine/api.ts';

/** Min span of the line, in ticks: a shorter evening starts at the left and grows. */
const MIN_TICKS = 240;
/** Estimated width of a letter of a marker's text, and of its dot and margin, CSS pixels. */
const LETTER = 6.2;
const MARGIN = 20;

/** Number of ticks that the time line spans. */
export function spanOf(status: EngineStatus | null): number {
  if (status === null) return MIN_TICKS;
  const { everyTicks, waiting } = status.timeline;
  return Math.max(MIN_TICKS, status.tick, everyTicks * (waiting.length - 1));
}

/**
 * SVG paths in a box of 1000 x 100 (`other`: of the compared market), the position of "now" (0 to
 * 1), and the max value.
 */
export function linePath(timeline: EngineStatus['timeline'] | null, tick: number) {
  if (timeline === null || timeline.waiting.length === 0)
    return { line: '', area: '', other: '', now: 0, max: 0 };
  const { everyTicks, waiting, other } = timeline;
  const last = Math.max(tick, everyTicks * (waiting.length - 1));
  const ticks = Math.max(MIN_TICKS, last);
  let max = 0;
  for (const line of [waiting, other ?? []]) for (const value of line) max = Math.max(max, value);
  const scale = max > 0 ? 92 / max : 0;
  const path = (values: Float32Array) =>
    Array.from(values, (value, i) => {
      const x = (1000 * i * everyTicks) / ticks;
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${(98 - scale * value).toFixed(1)}`;
    }).join('');
  const line = path(waiting);
  const now = last / ticks;
  return { line, area: `${line}V100H0Z`, other: other === null ? '' : path(other), now, max };
}

export interface PlacedMarker extends Marker {
  /** CSS pixels from the left. */
  readonly x: number;
  /** Whether its text fits. The dot is always shown. */
  readonly shown: boolean;
  /** The text is to the left of the dot, at the right end of the line. */
  readonly flip: boolean;
}

/**
 * Lays out the markers on a line `width` pixels wide. Overlapping markers of the same knob, as a
 * dragged slider leaves them, become the last one. A label that would overlap the next marker is
 * hidden.
 */
export function layMarkers(markers: readonly Marker[], span: number, width: number): PlacedMarker[] {
  const at = (m: Marker) => (m.tick / span) * width;
  const sorted = markers.toSorted((a, b) => a.tick - b.tick);
  const kept: Marker[] = [];
  for (const marker of sorted) {
    const before = kept.at(-1);
    if (before !== undefined && subject(before) === subject(marker) && at(marker) - at(before) < 10)
      kept.pop();
    kept.push(marker);
  }
  let free = 0;
  return kept.map((marker, i) => {
    const x = at(marker);
    const next = i + 1 < kept.length ? at(kept[i + 1]) : Infinity;
    const needed = MARGIN + LETTER * marker.text.length;
    const flip = x + needed > width;
    const shown = flip ? x - needed >= free : x + needed <= next && x >= free;
    if (shown) free = flip ? x : x + needed;
    return { tick: marker.tick, text: marker.text, x, shown, flip };
  });
}

/** The subject of a marker: its text without the numbers. */
function subject(marker: Marker): string {
  return marker.text.replaceAll(/[-+\d.,%]+/g, '#');
}
