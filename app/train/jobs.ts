import { recordChats } from '../../src/experiment/record.ts';
import { trainConfig, trainFactors, type Material } from '../../src/experiment/train-family.ts';
import type { ChatLog } from '../../src/model/chat-log.ts';
import { splitRows, type FamilyCheckpoint } from '../../src/model/family/fit.ts';
import { loadFactors } from '../../src/model/family/save-factors.ts';
import { loadFamily, type CurvePoint } from '../../src/model/family/save.ts';
import { sessionsOf, type Sessions } from '../../src/model/family/sessions.ts';
import { evaluateFamily, type AnyModel, type Study } from '../../src/model/family/study.ts';
import type { Gate } from './gate.ts';
import type {
  Candidate,
  Evenings,
  FitOrder,
  FitResult,
  JudgeOrder,
  LogFacts,
  Place,
  Tell,
} from './orders.ts';

/** Milliseconds between two pieces of news about steps. */
const NEWS_MS = 100;
/** Steps between two reports (validation, checkpoint). */
const EVERY = 20;

const seedsOf = ({ count, seed }: Evenings): number[] => Array.from({ length: count }, (_, k) => seed + k);

/** Simulates the evenings, in which people meet at random, and keeps every chat. */
export function recordLog(evenings: Evenings, gate: Gate, tell: Tell): Promise<ChatLog> {
  let told = 0;
  return recordChats({
    seeds: seedsOf(evenings),
    ticks: evenings.ticks,
    async ticked(share) {
      await gate.pass();
      if (performance.now() - told < NEWS_MS) return;
      told = performance.now();
      tell({ kind: 'share', what: 'Simulating evenings', share });
    },
  });
}

/** A log with what is computed from it once. */
export class Recorded {
  readonly sessions: Sessions;
  #material: Material | null = null;

  constructor(readonly log: ChatLog) {
    this.sessions = sessionsOf(log);
  }

  material(evenings: Evenings): Material {
    const { ticks, share } = evenings;
    if (this.#material?.share !== share)
      this.#material = {
        seeds: seedsOf(evenings),
        ticks,
        share,
        sessions: this.sessions,
        split: splitRows(this.sessions, share),
      };
    return this.#material;
  }

  facts(evenings: Evenings): LogFacts {
    const { train, validation, test } = this.material(evenings).split;
    return {
      chats: this.log.count,
      people: this.log.persons,
      train: train.length,
      validation: validation.length,
      test: test.length,
    };
  }
}

/** Trains a member of the family, from the start or from a checkpoint. */
export async function fit(
  { config, name, evenings }: FitOrder,
  recorded: Recorded,
  place: Place,
  resume: FamilyCheckpoint | null,
  curve: readonly CurvePoint[],
  gate: Gate,
  tell: Tell,
): Promise<FitResult> {
  const clock = new StepClock();
  let losses: number[] = [];
  let kept: FamilyCheckpoint | null = null;
  let told = 0;
  let atPhase: 1 | 2 = 1;
  let heard: unknown;
  const trained = await trainConfig(name, config, recorded.material(evenings), {
    device: place.device,
    every: EVERY,
    curve,
    recipe: { backend: place.device },
    ...(resume !== null && { resume }),
    keep: (checkpoint) => (kept = checkpoint),
    point(point) {
      if (kept !== null) heard = tell({ kind: 'report', point, checkpoint: kept });
    },
    async stepped({ phase, step, steps, loss }) {
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
        if (now - told >= NEWS_MS || step === steps) {
          told = now;
          const news = tell({ kind: 'steps', phase, step, steps, losses });
          if (step === 1) heard = news;
          losses = [];
        }
      }
      // The training never runs away from what the page knows to go on from.
      await heard;
      await gate.pass();
      clock.resume();
    },
  });
  return { ...trained, stepMs: clock.means() };
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

/** Judges models side by side on the later chats. Matrix factorisation knows people by name, so it is fitted on these evenings first. */
export async function judge(
  candidates: readonly Candidate[],
  order: JudgeOrder,
  recorded: Recorded,
  evenings: Evenings,
  gate: Gate,
  tell: Tell,
): Promise<Study> {
  const material = recorded.material(evenings);
  const models: AnyModel[] = candidates.map((candidate) => {
    if (candidate !== 'factors') {
      const { bytes, header } = candidate.weights;
      return { ...loadFamily(bytes, header, header.name), name: candidate.name };
    }
    tell({ kind: 'share', what: 'Fitting matrix factorisation', share: 0 });
    const { bytes, header } = trainFactors(material, () => undefined);
    return loadFactors(bytes, header);
  });
  let what = '';
  let done = 0;
  const study = evaluateFamily(models, recorded.sessions, material.split, {
    ...order,
    seed: 1,
    async pass(share) {
      tell({ kind: 'share', what: `Judging ${what}`, share: (done + 0.5 * share) / models.length });
      await gate.pass();
    },
  });
  let result = await study.next();
  for (; !result.done; result = await study.next()) {
    await gate.pass();
    ({ model: what, done } = result.value);
    tell({ kind: 'share', what: `Judging ${what}`, share: done / models.length });
  }
  return result.value;
}
