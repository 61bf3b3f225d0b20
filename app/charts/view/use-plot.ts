import { useEffect, useId, useState, type RefObject } from 'react';
import type { Table } from '../../../src/base/table.ts';
import type { Layout } from '../layout.ts';
import { useChartContext } from './ChartsProvider.tsx';
import type { ChartView } from '../views.ts';

export interface Size {
  /** Size of the plot in its own units: CSS pixels / zoom. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per unit. */
  readonly devicePixelRatio: number;
  /** CSS pixels per unit: 1 beside the sky, up to 2.2 on a full screen, which is read from afar. */
  readonly zoom: number;
}

function zoomOf(width: number, height: number): number {
  return Math.min(2.2, Math.max(1, Math.min(width / 600, height / 320)));
}

/** The inner size of an element and the pixel ratio of the device, live. Zero before layout. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0, devicePixelRatio: 1, zoom: 1 });
  useEffect(() => {
    const node = element.current;
    if (node === null) return;
    const read = () => {
      const zoom = zoomOf(node.clientWidth, node.clientHeight);
      const next = {
        width: node.clientWidth / zoom,
        height: node.clientHeight / zoom,
        devicePixelRatio: window.devicePixelRatio * zoom,
        zoom,
      };
      setSize((old) =>
        old.width === next.width &&
        old.height === next.height &&
        old.devicePixelRatio === next.devicePixelRatio
          ? old
          : next,
      );
    };
    const observer = new ResizeObserver(read);
    observer.observe(node);
    // A query matches one ratio only, so each change needs a new query.
    let query: MediaQueryList | null = null;
    const ratioChanged = () => {
      query?.removeEventListener('change', ratioChanged);
      query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
      query.addEventListener('change', ratioChanged);
      read();
    };
    ratioChanged();
    return () => {
      observer.disconnect();
      query?.removeEventListener('change', ratioChanged);
    };
  }, [element]);
  return size;
}

/** What the chart worker drew at one moment. */
interface Drawn {
  readonly layout: Layout;
  /** The marks. */
  readonly bitmap: ImageBitmap;
}

export interface PlotState {
  /** Its name in the worker. */
  readonly slot: string;
  /** Height of the plot in its units: that of its container, or more where it scrolls. */
  readonly height: number;
  /** The last picture of this view; null until the first one. */
  readonly drawn: Drawn | null;
  /** Why the view could not be drawn; ''. */
  readonly failure: string;
}

/** Lets the chart worker draw a view at a size. */
export function usePlot(
  size: Size,
  view: ChartView,
  tables: readonly Table[] | null,
  choice: string | null,
  pair: 'a' | 'b' | null,
): PlotState {
  const { client } = useChartContext();
  const slot = useId();
  const [seen, setSeen] = useState<{ view: ChartView; drawn: Drawn | null; failure: string } | null>(null);

  useEffect(() => {
    if (client === null) return;
    client.onSlot(slot, (event) => {
      if (event.kind === 'failed') setSeen({ view: event.view, drawn: null, failure: event.message });
      if (event.kind !== 'drawn') return;
      const { view, layout, bitmap } = event;
      setSeen((before) => {
        const shown = layout ?? before?.drawn?.layout;
        return shown === undefined ? before : { view, drawn: { layout: shown, bitmap }, failure: '' };
      });
    });
    return () => {
      client.onSlot(slot, null);
      client.tell((chart) => chart.detach(slot));
      setSeen(null);
    };
  }, [client, slot]);

  const current = seen?.view === view ? seen : null;
  const drawn = current?.drawn ?? null;
  const { width, devicePixelRatio } = size;
  const height = Math.max(size.height, drawn?.layout.minHeight ?? 0);
  useEffect(() => {
    if (client === null || width < 1 || height < 1) return;
    const request = { view, tables, choice, pair, width, height, devicePixelRatio };
    client.tell((chart) => chart.show(slot, request));
  }, [client, slot, view, tables, choice, pair, width, height, devicePixelRatio]);

  return { slot, height, drawn, failure: current?.failure ?? '' };
}
