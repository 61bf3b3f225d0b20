import type { InstrumentName } from '../../src/metrics/market/instruments.ts';

/** The four instruments and their views: what the page needs to know of them. How they are drawn is the worker's (registry.ts). */

export type InstrumentId = 'demand' | 'latency' | 'slices' | 'quality';
export type ViewId =
  | 'demand-matrix'
  | 'demand-series'
  | 'demand-segments'
  | 'latency-stages'
  | 'latency-waits'
  | 'latency-corrected'
  | 'slices-forest'
  | 'slices-mix'
  | 'quality-calibration'
  | 'quality-series'
  | 'quality-closing'
  | 'quality-exposure';

export interface ViewInfo {
  readonly id: ViewId;
  /** Text of its tab. */
  readonly tab: string;
  /** The tables it draws, the main one first. */
  readonly tables: readonly InstrumentName[];
}

export interface InstrumentInfo {
  readonly title: string;
  readonly views: readonly ViewInfo[];
}

export const instruments: Readonly<Record<InstrumentId, InstrumentInfo>> = {
  demand: {
    title: 'Who waits for whom?',
    views: [
      { id: 'demand-matrix', tab: 'now', tables: ['pressure', 'segment-price'] },
      { id: 'demand-series', tab: 'time', tables: ['supply-series'] },
      { id: 'demand-segments', tab: 'groups', tables: ['segment-price'] },
    ],
  },
  latency: {
    title: 'How long does a tick take?',
    views: [
      { id: 'latency-stages', tab: 'stages', tables: ['latency', 'latency-histogram'] },
      { id: 'latency-waits', tab: 'waits', tables: ['waits', 'wait-histogram'] },
      { id: 'latency-corrected', tab: 'tail', tables: ['latency'] },
    ],
  },
  slices: {
    title: 'Who gains, who loses?',
    views: [
      { id: 'slices-forest', tab: 'effect', tables: ['slices'] },
      { id: 'slices-mix', tab: 'mix', tables: ['slices'] },
    ],
  },
  quality: {
    title: 'Does the scorer know?',
    views: [
      { id: 'quality-calibration', tab: 'calibration', tables: ['calibration'] },
      { id: 'quality-series', tab: 'time', tables: ['quality-series'] },
      { id: 'quality-closing', tab: 'gap', tables: ['gap-closing'] },
      { id: 'quality-exposure', tab: 'who', tables: ['exposure'] },
    ],
  },
};

const byId = new Map(Object.values(instruments).flatMap((i) => i.views.map((v) => [v.id, v] as const)));

/** The view of that id. */
export function viewInfo(id: ViewId): ViewInfo {
  const view = byId.get(id);
  if (view === undefined) throw new Error(`there is no view ${id}`);
  return view;
}
