import { demandMatrix } from '../marks/demand/matrix.ts';
import { latencyStages } from '../marks/latency/stages.ts';
import { qualityCalibration } from '../marks/quality/calibration.ts';
import { slicesForest } from '../marks/slices/forest.ts';

/**
 * The painters of the views with which the page opens. Only the worker imports them, so d3 is not
 * in the page's bundle.
 */
export const firstPainters = {
  'demand-matrix': demandMatrix,
  'latency-stages': latencyStages,
  'slices-forest': slicesForest,
  'quality-calibration': qualityCalibration,
} as const;
