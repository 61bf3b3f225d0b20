import type { InstrumentName } from '../../src/metrics/market/instruments.ts';

/** The views of the charts, as the page knows them. worker/painters.ts draws them. */

export type InstrumentId = 'demand' | 'latency' | 'slices' | 'quality';
/** A view of the market's instruments. It draws the tables that the engine sends. */
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
  | 'quality-gap'
  | 'quality-exposure'
  | FeedViewId;

/** Views of the feed and the tray. Their tabs are shown where the scenario has one of them. */
export type FeedViewId =
  | 'demand-feed'
  | 'demand-gates'
  | 'latency-feed'
  | 'slices-parties'
  | 'quality-heads'
  | 'quality-intents';

/** A view of the training room. It draws the tables that the page passes. */
export type TrainingViewId =
  | 'training-loss'
  | 'training-cost'
  | 'training-accuracy'
  | 'training-delay'
  | 'training-lengths'
  | 'training-calibration';
/** A view of the experiment room. It draws the tables that the page passes. */
export type ExperimentViewId =
  | 'experiment-designs'
  | 'experiment-curves'
  | 'experiment-heat'
  | 'experiment-front';
export type RoomViewId = TrainingViewId | ExperimentViewId;
export type ChartView = ViewId | RoomViewId;

export interface ViewInfo {
  readonly id: ViewId;
  /** Text of its tab. */
  readonly tab: string;
  /** The tables it draws, the main one first. */
  readonly tables: readonly InstrumentName[];
  /** Only where the scenario has a feed or a tray. */
  readonly ofFeed?: true;
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
      { id: 'demand-feed', tab: 'feed', tables: ['feed-exposure'], ofFeed: true },
      { id: 'demand-gates', tab: 'gates', tables: ['feed-gates'], ofFeed: true },
    ],
  },
  latency: {
    title: 'How long does a tick take?',
    views: [
      { id: 'latency-stages', tab: 'stages', tables: ['latency', 'latency-histogram'] },
      { id: 'latency-waits', tab: 'waits', tables: ['waits', 'wait-histogram'] },
      { id: 'latency-corrected', tab: 'tail', tables: ['latency'] },
      { id: 'latency-feed', tab: 'feed', tables: ['feed-latency'], ofFeed: true },
    ],
  },
  slices: {
    title: 'Who gains, who loses?',
    views: [
      { id: 'slices-forest', tab: 'effect', tables: ['slices'] },
      { id: 'slices-mix', tab: 'mix', tables: ['slices'] },
      { id: 'slices-parties', tab: 'money', tables: ['feed-parties'], ofFeed: true },
    ],
  },
  quality: {
    title: 'Does the scorer know?',
    views: [
      { id: 'quality-calibration', tab: 'calibration', tables: ['calibration'] },
      { id: 'quality-series', tab: 'time', tables: ['quality-series'] },
      { id: 'quality-gap', tab: 'gap', tables: ['gap-closing'] },
      { id: 'quality-exposure', tab: 'who', tables: ['exposure'] },
      { id: 'quality-heads', tab: 'feed', tables: ['feed-heads'], ofFeed: true },
      { id: 'quality-intents', tab: 'skips', tables: ['feed-intents'], ofFeed: true },
    ],
  },
};

const tablesOf = new Map<ChartView, readonly InstrumentName[]>(
  Object.values(instruments).flatMap((i) => i.views.map((v) => [v.id, v.tables])),
);

/** Names of the engine's tables that a view draws, the main one first. */
export function marketTables(id: ChartView): readonly InstrumentName[] {
  return tablesOf.get(id) ?? [];
}
