import type { RefObject } from 'react';
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
  /** The element that gets the canvas, and the container that defines its size. */
  readonly host: RefObject<HTMLDivElement | null>;
  readonly room: RefObject<HTMLDivElement | null>;
}

/** The canvas between its layers: axes below, ring and tip above. */
export function Plot({ name, state, size, host, room }: PlotProps) {
  const { problem, theme } = useChartContext();
  const { slot, height, layout, failure } = state;
  const { hit, pinned, byKey, handlers } = usePointing(slot, layout, size.zoom);
  const message = failure !== '' ? `This chart could not be drawn: ${failure}` : (layout?.empty ?? '');
  return (
    <div className="chart-scroll" ref={room}>
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
          <div className="chart-host" ref={host} />
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

function describe(name: string, layout: Layout | null, message: string): string {
  if (message !== '') return `${name} ${message}`;
  if (layout === null) return name;
  return `${name} ${layout.caption}. ${layout.marks} marks: arrow keys move, Enter pins.`;
}
