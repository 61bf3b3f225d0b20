import type { Painter } from '../layout.ts';
import { demandMatrix } from '../marks/demand-matrix.ts';
import { demandSegments } from '../marks/demand-segments.ts';
import { demandSeries } from '../marks/demand-series.ts';
import { latencyCorrected } from '../marks/latency-corrected.ts';
import { latencyStages } from '../marks/latency-stages.ts';
import { latencyWaits } from '../marks/latency-waits.ts';
import { qualityCalibration } from '../marks/quality-calibration.ts';
import { qualityClosing } from '../marks/quality-closing.ts';
import { qualityExposure } from '../marks/quality-exposure.ts';
import { qualitySeries } from '../marks/quality-series.ts';
import { slicesForest } from '../marks/slices-forest.ts';
import { slicesMix } from '../marks/slices-mix.ts';
import type { ViewId } from '../views.ts';

/** The marks of each view. Only the chart worker imports this: d3 stays out of the page's bundle. */
export const painters: Readonly<Record<ViewId, Painter>> = {
  'demand-matrix': demandMatrix,
  'demand-series': demandSeries,
  'demand-segments': demandSegments,
  'latency-stages': latencyStages,
  'latency-waits': latencyWaits,
  'latency-corrected': latencyCorrected,
  'slices-forest': slicesForest,
  'slices-mix': slicesMix,
  'quality-calibration': qualityCalibration,
  'quality-series': qualitySeries,
  'quality-closing': qualityClosing,
  'quality-exposure': qualityExposure,
};
