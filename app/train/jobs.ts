import { recordChats, sampleScenario } from '../../src/experiment/record.ts';
import { calibrationBins, type CalibrationBin } from '../../src/metrics/calibration.ts';
import type { ChatLog } from '../../src/model/chat-log.ts';
import type { FamilyConfig } from '../../src/model/family/config.ts';
import { judgeFamily, type SegmentFigures } from '../../src/model/family/evaluate.ts';
import { fitFamily, splitRows, type FamilyCheckpoint, type TimeSplit } from '../../src/model/family/fit.ts';
import { fillMemory } from '../../src/model/family/memory.ts';
import { predictFamily } from '../../src/model/family/predict.ts';
import { loadFamily, saveFamily, type CurvePoint } from '../../src/model/family/save.ts';
import { sessionsOf, windowsOf, type Sessions } from '../../src/model/family/sessions.ts';
import type { Gate } from './gate.ts';
import type { Evenings, FitOrder, FitResult, JudgeOrder, LogFacts, Place, Tell, Weights } from './orders.ts';

/** Milliseconds between two pieces of news about steps. */
const NEWS_MS = 100;
/** Steps between two reports (validation, checkpoint). */
const EVERY = 20;

/** Simulates the evenings, in which people meet at random, and keeps every chat. */
export function recordLog({ count, ticks, seed }: Evenings, gate: Gate, tell: Tell): Promise<ChatLog> {
  let told = 0;
  return recordChats({
    seeds: Array.from({ length: count }, (_, k) => seed + k),
    ticks,
    async ticked(share) {
      await gate.pass();
      if (performance.now() - told < NEWS_MS) return;
      told = performance.now();
      tell({ kind: 'share', what: 'Simulating evenings', share });
    },
  });
}

/** A log with all that is computed from it once. */
export class Material {
  readonly sessions: Sessions;
  readonly #splits = new Map<number, TimeSplit>();

  constructor(readonly log: ChatLog) {
    this.sessions = sessionsOf(log);
  }

  split(share: number): TimeSplit {
    let split = this.#splits.get(share);
    if (split === undefined) this.#splits.set(share, (split = splitRows(this.sessions, share)));
    return split;
  }

  facts(share: number): LogFacts {
    const { train, test } = this.split(share);
    return { chats: this.log.count, people: this.log.persons, train: train.length, test: test.length };
  }
}

/** Trains a member of the family, from the start or from a checkpoint. */
export async function fit(
  order: FitOrder,
  material: Material,
  place: Place,
  resume: FamilyCheckpoint | null,
  curve: readonly CurvePoint[],
  gate: Gate,
  tell: Tell,
): Promise<FitResult> {
  const { config, name, recipe, share } = order;
  const split = material.split(share);
  const points = [...curve];
  const clock = new StepClock();
  let losses: number[] = [];
  let kept: FamilyCheckpoint | null = null;
  let told = 0;
  let atPhase: 1 | 2 = 1;
  const steps = fitFamily(config, material.sessions, split, {
    device: place.device,
    every: EVERY,
    ...(resume !== null && { resume }),
    keep: (checkpoint) => (kept = checkpoint),
    async stepped({ phase, step, steps: all, loss }) {
      const now = performance.now();
      if (phase === 'memory') {
        if (step === 1 || now - told >= NEWS_MS) {
          told = now;
          tell({ kind: 'share', what: 'Storing what sessions say', share: step });
        }
      } else {
        clock.stepped(phase);
        if (phase !== atPhase) losses = [];
        atPhase = phase;
        losses.push(loss);
        if (now - told >= NEWS_MS || step === all) {
          told = now;
          tell({ kind: 'steps', phase, step, steps: all, losses });
          losses = [];
        }
      }
      await gate.pass();
      clock.resume();
    },
  });
  let result = await steps.next();
  for (; !result.done; result = await steps.next()) {
    const { phase, step, loss, validation } = result.value;
    const point: CurvePoint = { phase, step, loss, validation };
    points.push(point);
    if (kept !== null) tell({ kind: 'report', point, checkpoint: kept });
  }
  const { embedders, heads } = result.value;
  const last = points.at(-1);
  const saved = saveFamily(
    name,
    config,
    { blocks: embedders.params, heads },
    {
      recipe: { scenario: sampleScenario, ...recipe, backend: place.device, chats: split.train.length },
      metrics: last === undefined ? {} : { loss: last.loss, validation: last.validation },
      curve: points,
    },
  );
  return { ...saved, stepMs: clock.means() };
}

/** Mean time of a step by phase, pauses and the compiling first step left out. */
class StepClock {
  readonly #sum = [0, 0];
  readonly #count = [0, 0];
  #from = NaN;
  #phase = 0;

  stepped(phase: 1 | 2): void {
    const ms = performance.now() - this.#from;
    if (this.#phase === phase && Number.isFinite(ms)) {
      this.#sum[phase - 1] += ms;
      this.#count[phase - 1]++;
    }
    this.#phase = phase;
  }

  resume(): void {
    this.#from = performance.now();
  }

  means(): readonly [number, number] {
    return [this.#sum[0] / this.#count[0], this.#sum[1] / this.#count[1]];
  }
}

/** How a model did on chats that began after the cut. */
export interface Judgement {
  readonly config: FamilyConfig;
  readonly chats: number;
  readonly figures: readonly SegmentFigures[];
  /** Of ln seconds, ten bins of equal count. */
  readonly bins: readonly CalibrationBin[];
  /** Chats by ln seconds: bin edges, and counts of the real and the predicted lengths. */
  readonly spread: {
    readonly edges: Float64Array;
    readonly real: Float64Array;
    readonly predicted: Float64Array;
  };
  /** Without intervals; [] for models without a session that could be late. */
  readonly delays: readonly { readonly delay: number; readonly figures: readonly SegmentFigures[] }[];
}

/** Judges saved weights on the later chats of a log. */
export async function judge(
  { bytes, header }: Weights,
  order: JudgeOrder,
  material: Material,
  gate: Gate,
  tell: Tell,
): Promise<Judgement> {
  const { config, blocks, heads } = loadFamily(bytes, header, header.name);
  const { sessions } = material;
  const { test } = material.split(order.share);
  const say = (what: string, share: number) => tell({ kind: 'share', what, share });
  const memory = await fillMemory(config, sessions, windowsOf(sessions, config.history), blocks, undefined, {
    async filled(share) {
      say('Reading sessions', share);
      await gate.pass();
    },
  });
  const late = config.session === 'none' ? [] : order.delays;
  const judged = [];
  for (const [k, delay] of late.entries()) {
    await gate.pass();
    say('Judging late vectors', k / late.length);
    const predictions = predictFamily(config, heads, sessions, memory, test, delay);
    judged.push({
      delay,
      figures: judgeFamily(sessions, test, predictions, { ...order, replicates: 0, seed: 1 }),
    });
  }
  await gate.pass();
  say('Drawing resamples for the intervals', 0);
  const predictions = predictFamily(config, heads, sessions, memory, test);
  const real = Float64Array.from(test, (row) => Math.log(Math.max(material.log.duration[row], 0.1)));
  return {
    config,
    chats: test.length,
    figures: judgeFamily(sessions, test, predictions, { ...order, seed: 1 }),
    bins: calibrationBins(predictions.duration, real),
    spread: spreadOf(real, predictions.duration),
    delays: judged,
  };
}

/** Counts in bins of a quarter of a natural-log unit, 0.5 s to 20 minutes; what lies outside goes to the ends. */
function spreadOf(real: Float64Array, predicted: Float64Array): Judgement['spread'] {
  const from = Math.log(0.5);
  const bins = 32;
  const width = (Math.log(1200) - from) / bins;
  const count = (values: Float64Array): Float64Array => {
    const counts = new Float64Array(bins);
    for (const y of values) counts[Math.min(bins - 1, Math.max(0, Math.floor((y - from) / width)))]++;
    return counts;
  };
  return {
    edges: Float64Array.from({ length: bins + 1 }, (_, k) => from + k * width),
    real: count(real),
    predicted: count(predicted),
  };
}
