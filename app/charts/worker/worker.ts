import { expose, transfer } from 'comlink';
import type { ChartWish } from '../../engine/api.ts';
import type { Theme } from '../layout.ts';
import type { Direction } from '../nearest.ts';
import { ChartRenderer, type ChartEvent, type ShowRequest } from './renderer.ts';
import type { PictureFormat } from './picture.ts';

/** Ports of the engines, the latest last. */
const engines: MessagePort[] = [];
let emit: (event: ChartEvent) => void = () => undefined;
const renderer = new ChartRenderer(
  (event) => emit(event.kind === 'drawn' ? transfer(event, [event.bitmap]) : event),
  (draw) => requestAnimationFrame(draw),
);

/** Time between the first tables and the load of what other tabs need, milliseconds. */
const PREPARE_MS = 1500;
let prepares = false;

/** A tab then opens at once. Its own first picture tries again, if this fails. */
function prepareOnce(): void {
  if (prepares) return;
  prepares = true;
  setTimeout(() => void renderer.prepare().catch(() => undefined), PREPARE_MS);
}

const api = {
  ping: () => true,
  /** Sets where events (pictures, failures) go. Comes first, and once. */
  listen(listener: (event: ChartEvent) => void) {
    emit = listener;
  },
  /** Adds a port on which an engine sends tables. Earlier ports stay; the latest table wins. */
  connect(port: MessagePort) {
    port.onmessage = (message: MessageEvent<unknown>) => {
      renderer.feed(message.data);
      prepareOnce();
    };
    engines.push(port);
  },
  clear: () => renderer.clear(),
  /** Asks the engine to measure something else. */
  measure(metric: string) {
    const wish: ChartWish = { kind: 'metric', metric };
    engines.at(-1)?.postMessage(wish);
  },
  theme: (theme: Theme) => renderer.theme(theme),
  show: (slot: string, request: ShowRequest) => renderer.show(slot, request),
  detach: (slot: string) => renderer.detach(slot),
  hit: (slot: string, x: number, y: number) => renderer.hit(slot, x, y),
  step: (slot: string, from: string | null, to: Direction) => renderer.step(slot, from, to),
  find: (slot: string, key: string) => renderer.find(slot, key),
  tables: (slot: string) => renderer.tables(slot),
  picture: (slot: string, title: string, format: PictureFormat, theme: Theme) =>
    renderer.picture(slot, title, format, theme),
};

/** What the page may ask of the chart worker. */
export type ChartApi = typeof api;

expose(api);
