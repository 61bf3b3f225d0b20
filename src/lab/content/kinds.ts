import type { Kind } from '../../experiment/compute/kind.ts';
import { offPolicyKind } from './exposure-kinds.ts';
import {
  dwellRules,
  durationBias,
  fatigue,
  intent,
  postGates,
  signalUpdate,
  wilsonKind,
} from './life-kinds.ts';
import {
  bloomBits,
  bloomFleet,
  bloomRateKind,
  bloomSizeKind,
  countMin,
  countMinSizeKind,
  countMinTiny,
  jaccardKind,
  lshCurve,
  simHashKind,
} from './memory-kinds.ts';
import { ndcgKind, ranking, threshold } from './ranking-kinds.ts';
import { downsampling, inject, rerank, retrieval, valueModel } from './stage-kinds.ts';
import { stream, streamDay } from './stream-kinds.ts';
import { beyondAccuracy, generalist, popularitySpreadKind } from './taste-kinds.ts';

/** The formulas of content between two chats that `lab compute` can reach, by name. */
export const contentKinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    'beyond-accuracy': beyondAccuracy,
    'bloom-bits': bloomBits,
    'bloom-fleet': bloomFleet,
    'bloom-rate': bloomRateKind,
    'bloom-size': bloomSizeKind,
    'count-min': countMin,
    'count-min-size': countMinSizeKind,
    'count-min-tiny': countMinTiny,
    downsampling,
    'duration-bias': durationBias,
    'dwell-rules': dwellRules,
    fatigue,
    generalist,
    inject,
    intent,
    jaccard: jaccardKind,
    'lsh-curve': lshCurve,
    ndcg: ndcgKind,
    'off-policy': offPolicyKind,
    'popularity-spread': popularitySpreadKind,
    'post-gates': postGates,
    ranking,
    rerank,
    retrieval,
    'signal-update': signalUpdate,
    simhash: simHashKind,
    stream,
    'stream-day': streamDay,
    threshold,
    'value-model': valueModel,
    wilson: wilsonKind,
  }),
);
