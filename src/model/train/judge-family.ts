import { must } from '../../base/errors.ts';
import { bootstrapInterval, type BootstrapInterval } from '../../metrics/inference/bootstrap.ts';
import {
  dyadicInterval,
  influencedAuroc,
  influencedMean,
  type DyadicInterval,
} from '../../metrics/inference/dyadic.ts';
import { auroc, resampledAuroc } from '../../metrics/ranking/auroc.ts';
import { calibrationBins, calibrationError } from '../../metrics/ranking/calibration.ts';
import { groupedNdcg, logLoss } from '../../metrics/ranking/errors.ts';
import type { Task } from '../layout/config.ts';
import { DENSE, denseNames } from '../layout/features.ts';
import { logSeconds } from '../layout/tokens.ts';
import type { PersonSessions } from './family/person-sessions.ts';
import { labelOf } from './family/phase1.ts';
import type { Predictions } from './family/predict.ts';

export const warmthSegments = ['entire', 'warm-warm', 'warm-cold', 'cold-cold'] as const;
export type WarmthSegment = (typeof warmthSegments)[number];

export interface JudgeOptions {
  /** A person with fewer chats before the log began is cold. The published cut-off is unknown. */
  readonly coldBelow: number;
  /** The label of AUROC: the chat lasts longer than this, seconds. */
  readonly longSeconds: number;
  /** Resamples of the bootstrap intervals; 0: no intervals. */
  readonly replicates: number;
  readonly seed: number;
}

export const judgeDefaults: JudgeOptions = { coldBelow: 5, longSeconds: 30, replicates: 200, seed: 1 };

export interface SegmentFigures {
  readonly segment: WarmthSegment;
  readonly chats: number;
  /** Mean squared error of ln seconds, with a bootstrap interval over chats. */
  readonly mse: BootstrapInterval | { readonly estimate: number };
  /** AUROC of "longer than longSeconds". */
  readonly auroc: BootstrapInterval | { readonly estimate: number };
  /** Expected calibration error of ln seconds over ten bins. */
  readonly calibration: number;
  /** NDCG at 5 over the matches of one person, relevance by length (0: swipe ... 3: long). */
  readonly ndcg: number;
  /** Bootstrap over chats for calibration, over people for NDCG; absent without resamples. */
  readonly intervals?: { readonly calibration: BootstrapInterval; readonly ndcg: BootstrapInterval };
  readonly tasks: Partial<Record<Exclude<Task, 'duration'>, TaskFigures>>;
}

export interface TaskFigures {
  readonly auroc: number;
  readonly logLoss: number;
  readonly rate: number;
  readonly calibration: number;
  /** 95 %, for rows that belong to two people. */
  readonly intervals: { readonly auroc: DyadicInterval; readonly logLoss: DyadicInterval };
}

const LOG_CHATS = denseNames.indexOf('log chats');

/** How many of the two were cold when the log began: 0 warm-warm, 1 warm-cold, 2 cold-cold. */
export function coldSides(s: PersonSessions, row: number, coldBelow: number): number {
  const chats = (p: number): number => Math.round(Math.expm1(8 * s.dense[p * DENSE + LOG_CHATS]));
  return (chats(s.log.a[row]) < coldBelow ? 1 : 0) + (chats(s.log.b[row]) < coldBelow ? 1 : 0);
}

/** Judges predictions for chats `rows` by segment and task. Throws LabError if lengths differ. */
export function judgeFamily(
  s: PersonSessions,
  rows: readonly number[],
  predictions: Predictions,
  options: JudgeOptions = judgeDefaults,
): SegmentFigures[] {
  must(
    predictions.duration.length === rows.length,
    `there must be one prediction per chat: ${rows.length}; there are ${predictions.duration.length}`,
  );
  const { coldBelow, longSeconds, replicates, seed } = options;
  const { log } = s;
  return warmthSegments.flatMap((segment, which) => {
    const part = rows.flatMap((row, k) =>
      which === 0 || coldSides(s, row, coldBelow) === which - 1 ? [k] : [],
    );
    if (part.length === 0) return [];
    const predicted = Float64Array.from(part, (k) => predictions.duration[k]);
    const seconds = Float64Array.from(part, (k) => log.duration[rows[k]]);
    const real = seconds.map(logSeconds);
    const long = seconds.map((x) => (x > longSeconds ? 1 : 0));
    const pick = (of: Float64Array, at: Uint32Array): Float64Array => Float64Array.from(at, (k) => of[k]);
    const interval = (figure: (at: Uint32Array) => number) =>
      replicates > 0
        ? bootstrapInterval(part.length, figure, { seed, replicates })
        : { estimate: figure(Uint32Array.from(part.keys())) };
    const areas = resampledAuroc(predicted, long);
    const errors = predicted.map((x, k) => (x - real[k]) ** 2);
    const sides = part.flatMap((k) => [2 * k, 2 * k + 1]);
    const people = [log.a, log.b].map((of) => sides.map((k) => of[rows[k >> 1]])) as [number[], number[]];
    // Every chat is ranked for both people.
    const ranked = groupedNdcg(
      part.flatMap((k) => [predictions.duration[k], predictions.duration[k]]),
      Array.from(seconds).flatMap((x) => {
        const grade = x < 5 ? 0 : x < longSeconds ? 1 : x < 4 * longSeconds ? 2 : 3;
        return [grade, grade];
      }),
      part.flatMap((k) => [log.a[rows[k]], log.b[rows[k]]]),
      5,
    );
    const figures: SegmentFigures = {
      segment,
      chats: part.length,
      mse: interval((at) => at.reduce((sum, k) => sum + errors[k], 0) / at.length),
      auroc: interval(areas),
      calibration: calibrationError(calibrationBins(predicted, real)),
      ndcg: ranked.value,
      ...(replicates > 0 &&
        ranked.groups > 0 && {
          intervals: {
            calibration: bootstrapInterval(
              part.length,
              (at) => calibrationError(calibrationBins(pick(predicted, at), pick(real, at))),
              { seed, replicates },
            ),
            ndcg: bootstrapInterval(
              ranked.groups,
              (at) => at.reduce((sum, k) => sum + ranked.values[k], 0) / at.length,
              { seed, replicates },
            ),
          },
        }),
      tasks: Object.fromEntries(
        Object.entries(predictions.chance).map(([name, chance]) => {
          const task = name as Exclude<Task, 'duration'>;
          const p = Float64Array.from(sides, (k) => chance[k]);
          const label = Float64Array.from(sides, (k) => labelOf(s, rows[k >> 1], k & 1, task));
          return [
            task,
            {
              auroc: auroc(p, label),
              logLoss: logLoss(p, label),
              rate: label.reduce((a, b) => a + b, 0) / label.length,
              calibration: calibrationError(calibrationBins(p, label)),
              intervals: {
                auroc: dyadicInterval(influencedAuroc(p, label), ...people),
                logLoss: dyadicInterval(
                  influencedMean(Float64Array.from(label, (x, k) => logLoss([p[k]], [x]))),
                  ...people,
                ),
              },
            },
          ];
        }),
      ),
    };
    return [figures];
  });
}
