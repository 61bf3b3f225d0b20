import { useEffect, useState, type RefObject } from 'react';
import type { Layout } from '../layout.ts';
import { useInner } from './provider.tsx';
import type { ViewId } from '../views.ts';

export interface Size {
  /** Room for the plot in units of its own, that is CSS pixels / zoom. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per unit. */
  readonly devicePixelRatio: number;
  /** CSS pixels per unit: 1 beside the sky, up to 2.2 on a full screen, where text must be read from the last row. */
  readonly zoom: number;
}

function zoomOf(width: number, height: number): number {
  return Math.min(2.2, Math.max(1, Math.min(width / 600, height / 320)));
}

/** The room inside an element and the device's pixel ratio, both as they change; zero until it is laid out. */
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
    // A query matches one ratio only, so each change asks for a new one.
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
  /** Name of the canvas at the worker, null until it has one. */
  readonly slot: string | null;
  /** Height of the plot in its units: that of its room, or more where it scrolls. */
  readonly height: number;
  /** The layout of what is on the canvas; null while the first picture of this view is on its way. */
  readonly layout: Layout | null;
  /** Why the view could not be drawn; ''. */
  readonly failure: string;
}

let made = 0;

/**
 * Puts a canvas into `host` that the chart worker draws. The canvas is made by the effect, not rendered: an OffscreenCanvas can be
 * transferred once only, and StrictMode runs effects twice.
 */
export function usePlot(
  host: RefObject<HTMLElement | null>,
  size: Size,
  view: ViewId,
  choice: string | null,
): PlotState {
  const { client } = useInner();
  const [slot, setSlot] = useState<string | null>(null);
  const [seen, setSeen] = useState<{ view: ViewId; layout: Layout | null; failure: string } | null>(null);

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
    client.tell((chart) => chart.show(slot, { view, choice, width, height, devicePixelRatio }));
  }, [client, slot, view, choice, width, height, devicePixelRatio]);

  return { slot, height, layout, failure: current?.failure ?? '' };
}
