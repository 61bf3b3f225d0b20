import { must } from '../../base/errors.ts';
import {
  dyadicInterval,
  influencedAuroc,
  influencedMean,
  minus,
  type DyadicInterval,
  type Influenced,
} from '../../metrics/inference/dyadic.ts';
import { calibrationBins, type CalibrationBin } from '../../metrics/ranking/calibration.ts';
import type { FactorModel } from '../layout/save-factors.ts';
import type { FamilyModel } from '../layout/save-family.ts';
import type { TowerModel } from '../layout/save-towers.ts';
import { logSeconds } from '../layout/tokens.ts';
import { predictChatsByFactors } from '../train/family/factors.ts';
import type { TimeSplit } from '../train/family/fit-family.ts';
import { windowsOf, type PersonSessions } from '../train/family/person-sessions.ts';
import { predictChatsByTowers, predictFamily, type Predictions } from '../train/family/predict.ts';
import { storeEmbeddings } from '../train/family/stored-embeddings.ts';
import {
  coldSides,
  judgeFamily,
  warmthSegments,
  type JudgeOptions,
  type SegmentFigures,
  type WarmthSegment,
} from '../train/judge-family.ts';
import { lengthHistogram, type LengthHistogram } from './length-histogram.ts';

/** A two-tower scorer and its name in the study. */
export interface NamedTowers {
  readonly name: string;
  readonly towers: TowerModel;
}

export type AnyModel = FamilyModel | (Omit<FactorModel, 'name'> & { readonly name: string }) | NamedTowers;

export interface StudyOptions extends JudgeOptions {
  /** Seconds by which session vectors may be late. */
  readonly delays: readonly number[];
  readonly signal?: AbortSignal;
  /**
   * Called while session vectors are stored, with the share done. A returned promise is awaited,
   * and an error ends the study.
   */
  readonly pass?: (share: number) => Promise<void> | void;
  /** More pairs [better, worse] to compare, by name. */
  readonly pairs?: readonly (readonly [string, string])[];
}

export interface JudgedModel {
  readonly model: string;
  readonly figures: readonly SegmentFigures[];
  /** Real and predicted lengths of all judged chats. */
  readonly lengths: LengthHistogram;
  /** Predicted against real ln seconds, ten bins of equal count. */
  readonly bins: readonly CalibrationBin[];
  /** Only models whose session can be late: the same figures by delay, without intervals. */
  readonly delays?: readonly {
    readonly delay: number;
    readonly figures: readonly SegmentFigures[];
    /** The cost of the delay, paired: loss of AUROC, increase of MSE. */
    readonly cost: { readonly auroc: DyadicInterval; readonly mse: DyadicInterval };
  }[];
  /** Seconds to store the session vectors. */
  readonly secondsMemory?: number;
}

/** How much better one model is than another on the same chats; above 0 in both: better. */
export interface Gain {
  readonly better: string;
  readonly worse: string;
  readonly segment: WarmthSegment;
  readonly auroc: DyadicInterval;
  readonly mse: DyadicInterval;
}

/** How much larger the gain of `better` over `worse` in AUROC is on `segment` than on `than`. */
export interface GainContrast {
  readonly better: string;
  readonly worse: string;
  readonly segment: WarmthSegment;
  readonly than: WarmthSegment;
  readonly auroc: DyadicInterval;
}

export interface Study {
  readonly models: readonly JudgedModel[];
  readonly gains: readonly Gain[];
  readonly contrasts: readonly GainContrast[];
}

/** The published order (CUPID, arXiv 2410.18087), worst first. */
const ladder = ['factors', 'wide-deep', 'wide-deep-s', 'cupid'] as const;

/**
 * Judges trained models on the later chats of a log (`split.test`): the figures of every model, and
 * paired differences. Trains nothing. Yields the name of the model that it judges next.
 */
export async function* compareModels(
  models: readonly AnyModel[],
  s: PersonSessions,
  split: Pick<TimeSplit, 'test'>,
  options: StudyOptions,
): AsyncGenerator<{ model: string; done: number; of: number }, Study> {
  const rows = split.test;
  must(rows.length > 0, 'there are no later chats to judge on; record longer evenings');
  const judge = new Judge(s, rows, options);
  const judged: JudgedModel[] = [];
  for (const [done, model] of models.entries()) {
    yield { model: model.name, done, of: models.length };
    options.signal?.throwIfAborted();
    if (!('heads' in model)) {
      const predictions =
        'towers' in model
          ? predictChatsByTowers(model.towers, s, rows)
          : predictChatsByFactors(model, s, rows);
      judged.push(judge.model(model.name, predictions));
      continue;
    }
    const { name, config, embedders, heads } = model;
    const began = performance.now();
    const memory = await storeEmbeddings(config, s, windowsOf(s, config.history), embedders, {
      signal: options.signal,
      stored: options.pass,
    });
    const secondsMemory = (performance.now() - began) / 1000;
    const at = (delay: number) => predictFamily(config, heads, s, memory, rows, delay);
    const own = judge.model(name, at(0));
    judged.push(
      config.session === 'transformer'
        ? { ...own, secondsMemory, delays: options.delays.map((delay) => judge.late(name, delay, at(delay))) }
        : own,
    );
  }
  const has = (name: string): boolean => judged.some((j) => j.model === name);
  const steps = ladder.slice(1).map((better, k) => [better, ladder[k]] as const);
  const ablations = judged
    .filter((j) => j.model.startsWith('cupid, '))
    .map((j) => ['cupid', j.model] as const);
  const pairs = [...steps, ['cupid', 'wide-deep'] as const, ...ablations, ...(options.pairs ?? [])].filter(
    ([x, y]) => has(x) && has(y),
  );
  return {
    models: judged,
    gains: pairs.flatMap(([better, worse]) =>
      warmthSegments.flatMap((segment) => judge.gain(better, worse, segment)),
    ),
    contrasts:
      has('cupid') && has('wide-deep')
        ? (['warm-warm', 'warm-cold'] as const).flatMap((than) =>
            judge.contrast('cupid', 'wide-deep', 'cold-cold', than),
          )
        : [],
  };
}

/** The predictions of all models for the same chats. */
class Judge {
  readonly #s: PersonSessions;
  readonly #rows: readonly number[];
  readonly #options: JudgeOptions;
  readonly #durations = new Map<string, Float64Array>();
  readonly #real: Float64Array;
  /** Positions in `rows` by segment. */
  readonly #parts: Record<WarmthSegment, number[]>;

  constructor(s: PersonSessions, rows: readonly number[], options: JudgeOptions) {
    this.#s = s;
    this.#rows = rows;
    this.#options = options;
    this.#real = Float64Array.from(rows, (row) => logSeconds(s.log.duration[row]));
    const cold = rows.map((row) => coldSides(s, row, options.coldBelow));
    const part = (which: number): number[] => [...rows.keys()].filter((k) => which < 0 || cold[k] === which);
    this.#parts = { entire: part(-1), 'warm-warm': part(0), 'warm-cold': part(1), 'cold-cold': part(2) };
  }

  model(model: string, predictions: Predictions): JudgedModel {
    this.#durations.set(model, predictions.duration);
    const [a, b] = [this.#s.log.a, this.#s.log.b].map((of) => this.#rows.map((row) => of[row]));
    return {
      model,
      figures: judgeFamily(this.#s, this.#rows, predictions, this.#options),
      lengths: lengthHistogram(this.#real, predictions.duration),
      bins: calibrationBins(predictions.duration, this.#real, 10, { a, b }),
    };
  }

  late(model: string, delay: number, predictions: Predictions): NonNullable<JudgedModel['delays']>[number] {
    const fresh = this.#figures(model, 'entire');
    const late = this.#figuresOf(predictions.duration, 'entire');
    const people = this.#people(['entire']);
    return {
      delay,
      figures: judgeFamily(this.#s, this.#rows, predictions, { ...this.#options, replicates: 0 }),
      cost: {
        auroc: dyadicInterval(minus(fresh.auroc, late.auroc), ...people),
        mse: dyadicInterval(minus(late.mse, fresh.mse), ...people),
      },
    };
  }

  gain(better: string, worse: string, segment: WarmthSegment): Gain[] {
    if (this.#parts[segment].length === 0) return [];
    const [one, other] = [better, worse].map((name) => this.#figures(name, segment));
    const people = this.#people([segment]);
    return [
      {
        better,
        worse,
        segment,
        auroc: dyadicInterval(minus(one.auroc, other.auroc), ...people),
        mse: dyadicInterval(minus(other.mse, one.mse), ...people),
      },
    ];
  }

  contrast(better: string, worse: string, segment: WarmthSegment, than: WarmthSegment): GainContrast[] {
    if (this.#parts[segment].length === 0 || this.#parts[than].length === 0) return [];
    const [here, there] = [segment, than].map((part) =>
      minus(this.#figures(better, part).auroc, this.#figures(worse, part).auroc),
    );
    // The segments share people but no chat, so this is one figure over the chats of both.
    const both: Influenced = {
      estimate: here.estimate - there.estimate,
      influence: Float64Array.from([...here.influence, ...there.influence.map((x) => -x)]),
    };
    return [{ better, worse, segment, than, auroc: dyadicInterval(both, ...this.#people([segment, than])) }];
  }

  #figures(model: string, segment: WarmthSegment): { auroc: Influenced; mse: Influenced } {
    return this.#figuresOf(this.#durations.get(model)!, segment);
  }

  #figuresOf(duration: Float64Array, segment: WarmthSegment): { auroc: Influenced; mse: Influenced } {
    const part = this.#parts[segment];
    const limit = Math.log(this.#options.longSeconds);
    return {
      auroc: influencedAuroc(
        part.map((k) => duration[k]),
        part.map((k) => (this.#real[k] > limit ? 1 : 0)),
      ),
      mse: influencedMean(part.map((k) => (duration[k] - this.#real[k]) ** 2)),
    };
  }

  #people(parts: readonly WarmthSegment[]): [number[], number[]] {
    const rows = parts.flatMap((part) => this.#parts[part].map((k) => this.#rows[k]));
    return [rows.map((row) => this.#s.log.a[row]), rows.map((row) => this.#s.log.b[row])];
  }
}
