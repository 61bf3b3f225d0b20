import { LabError } from '../base/errors.ts';
import { family, type FamilyConfig, type FamilyName } from '../model/family/config.ts';
import {
  judgeDefaults,
  judgeFamily,
  type JudgeOptions,
  type SegmentFigures,
} from '../model/family/evaluate.ts';
import { fitFactors, predictFactors } from '../model/family/factors.ts';
import { fitFamily, passesSaved, splitRows, type Cost, type TimeSplit } from '../model/family/fit.ts';
import { measureOnePhase } from '../model/family/one-phase.ts';
import { predictFamily, type Predictions } from '../model/family/predict.ts';
import { sessionsOf, type Sessions } from '../model/family/sessions.ts';
import { numberOption, wholeOption, type Options } from './options.ts';
import { recordChats } from './record.ts';

const delays = [0, 2, 4, 8, 16] as const;
const firstSeed = 3001;

interface Judged {
  readonly model: string;
  readonly figures: SegmentFigures[];
  /** Only models with a session that can be stale: the same figures, by delay in seconds, without intervals. */
  readonly delays?: { readonly delay: number; readonly figures: SegmentFigures[] }[];
  readonly cost?: Cost & CostComparison;
}

interface CostComparison {
  /** 2 N |S| / (N1 + 2) with N = N1. */
  readonly passesSavedByFormula: number;
  /**
   * Passes of one-phase training with as many epochs, over those really made. About half the formula's: both directions of a chat share
   * their two passes here, where the formula counts two for every side's match; and windows of later chats are stored as well.
   */
  readonly passesOnePhase: number;
  readonly passesSaved: number;
  /** Seconds per pass, measured, of either way, and what all of one-phase training would take (its measured pass, times its passes). */
  readonly secondsPerPass: number;
  readonly onePhaseSecondsPerPass: number;
  readonly onePhaseSeconds: number;
  readonly twoPhaseSeconds: number;
}

/** `lab evaluate family`. */
export async function evaluateFamily(
  options: Options,
  say: (text: string) => void,
): Promise<Record<string, unknown>> {
  const models = (options.models ?? 'factors,wide-deep,wide-deep-s,cupid')
    .split(/,(?! )/)
    .map((name) => name.trim());
  for (const name of models)
    if (name !== 'factors' && !(name in family))
      throw new LabError(`there is no model "${name}"; there are factors, ${Object.keys(family).join('; ')}`);
  const worlds = wholeOption(options, 'worlds', 2, 1, 50);
  const ticks = wholeOption(options, 'ticks', 1500, 300, 100_000);
  const epochs = wholeOption(options, 'epochs', 3, 1, 100);
  const history = wholeOption(options, 'history', 16, 2, 128);
  const share = numberOption(options, 'share', 0.75, 0.1, 0.95);
  const judge: JudgeOptions = {
    ...judgeDefaults,
    coldBelow: numberOption(options, 'cold-below', judgeDefaults.coldBelow, 0, 1e6),
    longSeconds: numberOption(options, 'long', judgeDefaults.longSeconds, 1, 7200),
  };
  const seeds = Array.from({ length: worlds }, (_, k) => firstSeed + k);
  const s = sessionsOf(await recordChats({ seeds, ticks, progress: say }));
  const split = splitRows(s, share);
  const judged: Judged[] = [];
  for (const model of models) {
    say(`training ${model}`);
    judged.push(
      model === 'factors'
        ? judgeFactors(s, split, judge)
        : await judgeMember(
            model,
            { ...family[model as FamilyName], history, epochs1: epochs, epochs2: epochs },
            s,
            split,
            judge,
            say,
          ),
    );
  }
  return {
    seeds,
    ticks,
    chats: s.log.count,
    people: s.log.persons,
    trained: split.train.length,
    judged: split.test.length,
    options: judge,
    models: judged,
    lines: judged.flatMap(printModel),
  };
}

function judgeFactors(s: Sessions, split: TimeSplit, judge: JudgeOptions): Judged {
  const fit = fitFactors(s.log, split.train);
  let result = fit.next();
  while (!result.done) result = fit.next();
  const f = result.value;
  const predictions: Predictions = {
    duration: Float64Array.from(split.test, (row) => {
      const [a, b] = [s.log.a[row], s.log.b[row]];
      return (predictFactors(f, a, b) + predictFactors(f, b, a)) / 2;
    }),
    chance: {},
  };
  return { model: 'factors', figures: judgeFamily(s, split.test, predictions, judge) };
}

async function judgeMember(
  model: string,
  config: FamilyConfig,
  s: Sessions,
  split: TimeSplit,
  judge: JudgeOptions,
  say: (text: string) => void,
): Promise<Judged> {
  const training = fitFamily(config, s, split, { every: 200 });
  let result = await training.next();
  for (; !result.done; result = await training.next()) {
    const { phase, step, steps, loss, validation } = result.value;
    say(
      `  phase ${phase}, step ${step} of ${steps}: loss ${loss.toFixed(4)}, later chats ${validation.toFixed(4)}`,
    );
  }
  const { heads, memory, cost } = result.value;
  const at = (delay: number): Predictions => predictFamily(config, heads, s, memory, split.test, delay);
  const figures = judgeFamily(s, split.test, at(0), judge);
  if (config.session !== 'transformer') return { model, figures };
  const stale = delays.map((delay) => ({
    delay,
    figures: judgeFamily(s, split.test, at(delay), { ...judge, replicates: 0 }),
  }));
  const one = await measureOnePhase(config, s, split.train);
  const passesOnePhase = 2 * config.epochs1 * cost.chats;
  const passes = cost.passesPhase1 + cost.passesMemory;
  return {
    model,
    figures,
    delays: stale,
    cost: {
      ...cost,
      passesSavedByFormula: passesSaved(config.epochs1, cost.matchesPerSession, config.epochs1),
      passesOnePhase,
      passesSaved: passesOnePhase / passes,
      secondsPerPass: cost.secondsPhase1 / cost.passesPhase1,
      onePhaseSecondsPerPass: one.secondsPerPass,
      onePhaseSeconds: one.secondsPerPass * passesOnePhase,
      twoPhaseSeconds: cost.secondsPhase1 + cost.secondsMemory + cost.secondsPhase2,
    },
  };
}

function printModel({ model, figures, delays: stale, cost }: Judged): string[] {
  const range = (f: SegmentFigures['mse']): string =>
    'low' in f
      ? `${f.estimate.toFixed(4)} (${f.low.toFixed(4)} to ${f.high.toFixed(4)})`
      : f.estimate.toFixed(4);
  const lines = [model];
  for (const f of figures) {
    lines.push(
      `  ${f.segment.padEnd(11)}${String(f.chats).padStart(7)} chats  MSE ${range(f.mse)}  AUROC ${range(f.auroc)}  calibration ${f.calibration.toFixed(4)}  NDCG ${f.ndcg.toFixed(4)}`,
    );
    if (f.segment === 'entire')
      for (const [task, t] of Object.entries(f.tasks))
        lines.push(
          `    ${task.padEnd(9)}rate ${t.rate.toFixed(4)}  AUROC ${t.auroc.toFixed(4)}  log loss ${t.logLoss.toFixed(4)}`,
        );
  }
  for (const { delay, figures: late } of stale ?? [])
    lines.push(
      `  ${String(delay).padStart(2)} s late: ${late.map((f) => `${f.segment} ${f.mse.estimate.toFixed(4)} / ${f.auroc.estimate.toFixed(4)}`).join(', ')}`,
    );
  if (cost)
    lines.push(
      `  passes ${cost.passesPhase1} + ${cost.passesMemory} against ${cost.passesOnePhase} in one phase: ${cost.passesSaved.toFixed(2)} times fewer (formula ${cost.passesSavedByFormula.toFixed(2)})`,
      `  ${cost.twoPhaseSeconds.toFixed(1)} s against about ${cost.onePhaseSeconds.toFixed(1)} s in one phase (${(1000 * cost.onePhaseSecondsPerPass).toFixed(2)} ms per pass, measured)`,
    );
  return lines;
}
