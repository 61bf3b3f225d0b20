import { useLayoutEffect, useRef, type RefObject } from 'react';
import { Layers } from './Layers.tsx';
import type { Layout } from '../layout.ts';
import { Tooltip, tipText } from './Tooltip.tsx';
import { useChartContext } from './ChartsProvider.tsx';
import { usePointing } from './use-pointing.ts';
import type { PlotState, Size } from './use-plot.ts';

export interface PlotProps {
  readonly name: string;
  readonly state: PlotState;
  readonly size: Size;
  /** The container that defines its size. */
  readonly room: RefObject<HTMLDivElement | null>;
}

/** The canvas between its layers: axes below, ring and tip above. */
export function Plot({ name, state, size, room }: PlotProps) {
  const { problem, theme } = useChartContext();
  const { height, drawn, failure } = state;
  const layout = drawn?.layout ?? null;
  const { hit, pinned, byKey, handlers } = usePointing(state, size.zoom);
  const canvas = useRef<HTMLCanvasElement>(null);
  // The marks appear in the same frame as the layers that React has just rendered.
  useLayoutEffect(() => {
    // A bitmap that was shown is empty; StrictMode runs effects twice.
    if (drawn !== null && drawn.bitmap.width > 0)
      canvas.current?.getContext('bitmaprenderer')?.transferFromImageBitmap(drawn.bitmap);
  }, [drawn]);
  const message = failure !== '' ? `This chart could not be drawn: ${failure}` : (layout?.empty ?? '');
  return (
    <div className="chart-scroll" ref={room} style={{ flexBasis: basisOf(layout) }}>
      <div
        className="chart-plot"
        style={{ height: height * size.zoom }}
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={describe(name, layout, message)}
        aria-busy={layout === null && failure === '' && problem === ''}
        {...handlers}
      >
        <div className="chart-units" style={{ width: size.width, height, scale: String(size.zoom) }}>
          {layout !== null && theme !== null && <Layers layout={layout} theme={theme} />}
          <canvas className="chart-canvas" ref={canvas} hidden={layout === null} aria-hidden="true" />
          {hit !== null && <Tooltip hit={hit} pinned={pinned} width={size.width} height={height} />}
        </div>
        {message !== '' && (
          <p className={failure !== '' ? 'chart-message chart-message-bad' : 'chart-message'}>{message}</p>
        )}
        {layout === null && message === '' && (
          <p className="chart-message chart-message-late">{problem === '' ? 'Drawing\u2026' : problem}</p>
        )}
      </div>
      <p className="chart-unseen" aria-live="polite">
        {hit !== null && (byKey || pinned) ? `${pinned ? 'Pinned: ' : ''}${tipText(hit)}` : ''}
      </p>
    </div>
  );
}

/** The least height of a plot: that of its rows, unless there are very many. */
function basisOf(layout: Layout | null): number {
  return Math.min(320, Math.max(84, layout?.minHeight ?? 0));
}

function describe(name: string, layout: Layout | null, message: string): string {
  if (message !== '') return `${name} ${message}`;
  if (layout === null) return name;
  return `${name} ${layout.caption}. ${layout.marks} marks: arrow keys move, Enter pins.`;
}
