import { useEffect, useState, type RefObject } from 'react';
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

export interface PlotState {
  /** Name of the canvas in the worker; null until there is one. */
  readonly slot: string | null;
  /** Height of the plot in its units: that of its container, or more where it scrolls. */
  readonly height: number;
  /** The layout of the drawn picture; null until the first one of this view. */
  readonly layout: Layout | null;
  /** Why the view could not be drawn; ''. */
  readonly failure: string;
}

let made = 0;

/**
 * Puts a canvas into `host` that the chart worker draws. The effect makes the canvas because an
 * OffscreenCanvas can be transferred only once, and StrictMode runs effects twice.
 */
export function usePlot(
  host: RefObject<HTMLElement | null>,
  size: Size,
  view: ChartView,
  tables: readonly Table[] | null,
  choice: string | null,
): PlotState {
  const { client } = useChartContext();
  const [slot, setSlot] = useState<string | null>(null);
  const [seen, setSeen] = useState<{ view: ChartView; layout: Layout | null; failure: string } | null>(null);

  useEffect(() => {
    const node = host.current;
    if (client === null || node === null) return;
    const id = `plot-${++made}`;
    const canvas = document.createElement('canvas');
    canvas.className = 'chart-canvas';
    canvas.setAttribute('aria-hidden', 'true');
    node.append(canvas);
    const offscreen = canvas.transferControlToOffscreen();
    client.onSlot(id, (event) => {
      if (event.kind === 'layout') setSeen({ view: event.view, layout: event.layout, failure: '' });
      if (event.kind === 'failed') setSeen({ view: event.view, layout: null, failure: event.message });
    });
    client.tell((chart) => chart.attach(id, offscreen));
    setSlot(id);
    return () => {
      client.onSlot(id, null);
      client.tell((chart) => chart.detach(id));
      canvas.remove();
      setSlot(null);
      setSeen(null);
    };
  }, [client, host]);

  const current = seen?.view === view ? seen : null;
  const layout = current?.layout ?? null;
  const { width, devicePixelRatio } = size;
  const height = Math.max(size.height, layout?.minHeight ?? 0);
  useEffect(() => {
    if (client === null || slot === null || width < 1 || height < 1) return;
    const request = { view, tables, choice, width, height, devicePixelRatio };
    client.tell((chart) => chart.show(slot, request));
  }, [client, slot, view, tables, choice, width, height, devicePixelRatio]);

  return { slot, height, layout, failure: current?.failure ?? '' };
}
