import type { Painter } from '../layout.ts';
import { feedPainters } from '../marks/feed/bars.ts';
import { demandSegments } from '../marks/demand/segments.ts';
import { demandSeries } from '../marks/demand/series.ts';
import { experimentCurves } from '../marks/experiment/curves.ts';
import { experimentDesigns } from '../marks/experiment/designs.ts';
import { experimentFront } from '../marks/experiment/front.ts';
import { experimentHeat } from '../marks/experiment/heat.ts';
import { latencyCorrected } from '../marks/latency/corrected.ts';
import { latencyWaits } from '../marks/latency/waits.ts';
import { qualityExposure } from '../marks/quality/exposure.ts';
import { qualityGap } from '../marks/quality/gap.ts';
import { qualitySeries } from '../marks/quality/series.ts';
import { slicesMix } from '../marks/slices/mix.ts';
import { trainingAccuracy } from '../marks/training/accuracy.ts';
import { trainingCalibration } from '../marks/training/calibration.ts';
import { trainingCost } from '../marks/training/cost.ts';
import { trainingDelay } from '../marks/training/delay.ts';
import { trainingLengths } from '../marks/training/lengths.ts';
import { trainingLoss } from '../marks/training/loss.ts';
import type { ChartView } from '../views.ts';
import { firstPainters } from './first-painters.ts';

/** The painter of each view. The chart worker loads them after the first pictures. */
export const painters: Readonly<Record<ChartView, Painter>> = {
  ...firstPainters,
  'demand-series': demandSeries,
  'demand-segments': demandSegments,
  'latency-waits': latencyWaits,
  'latency-corrected': latencyCorrected,
  'slices-mix': slicesMix,
  'quality-series': qualitySeries,
  'quality-gap': qualityGap,
  'quality-exposure': qualityExposure,
  ...feedPainters,
  'training-loss': trainingLoss,
  'training-cost': trainingCost,
  'training-accuracy': trainingAccuracy,
  'training-delay': trainingDelay,
  'training-lengths': trainingLengths,
  'training-calibration': trainingCalibration,
  'experiment-designs': experimentDesigns,
  'experiment-curves': experimentCurves,
  'experiment-heat': experimentHeat,
  'experiment-front': experimentFront,
};
