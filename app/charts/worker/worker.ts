import { expose, transfer } from 'comlink';
import type { Table } from '../../../src/base/table.ts';
import type { Hit, Layout, Theme } from '../layout.ts';
import type { Direction } from '../nearest.ts';
import { ChartStage, type ChartEvent, type ShowRequest } from './stage.ts';
import type { ViewId } from '../views.ts';

/** What the page may ask of the chart worker. */
export interface ChartApi {
  ping(): boolean;
  /** Where events (layouts, failures) go. Call it once, before anything else. */
  listen(listener: (event: ChartEvent) => void): void;
  /** The engine's end of the data's way. Its former port, if any, stays open: the last table to come wins. */
  connect(port: MessagePort): void;
  clear(): void;
  theme(theme: Theme): void;
  attach(slot: string, canvas: OffscreenCanvas): void;
  show(slot: string, request: ShowRequest): void;
  detach(slot: string): void;
  hit(slot: string, x: number, y: number): Hit | null;
  step(slot: string, from: string | null, direction: Direction): Hit | null;
  find(slot: string, key: string): Hit | null;
  tables(view: ViewId): Table[];
  render(request: ShowRequest, theme: Theme): { layout: Layout; bitmap: ImageBitmap };
}

let emit: (event: ChartEvent) => void = () => undefined;
const stage = new ChartStage(
  (event) => emit(event),
  (draw) => requestAnimationFrame(draw),
);

const api: ChartApi = {
  ping: () => true,
  listen(listener) {
    emit = listener;
  },
  connect(port) {
    port.onmessage = (message: MessageEvent<unknown>) => stage.feed(message.data);
  },
  clear: () => stage.clear(),
  theme: (theme) => stage.theme(theme),
  attach: (slot, canvas) => stage.attach(slot, canvas),
  show: (slot, request) => stage.show(slot, request),
  detach: (slot) => stage.detach(slot),
  hit: (slot, x, y) => stage.hit(slot, x, y),
  step: (slot, from, direction) => stage.step(slot, from, direction),
  find: (slot, key) => stage.find(slot, key),
  tables: (view) => stage.tables(view),
  render(request, theme) {
    const picture = stage.render(request, theme);
    return transfer(picture, [picture.bitmap]);
  },
};

expose(api);
