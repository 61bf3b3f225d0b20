import { trainConfig, trainFactors } from '../../../src/model/train/train-family.ts';
import { trainTowersOn } from '../../../src/model/train/train-towers.ts';
import type { FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import type { LearningDevice } from '../../../src/model/train/trainer.ts';
import type { Gate } from './gate.ts';
import type { FitOrder, FitResult, Place, Tell } from './orders.ts';
import { NEWS_MS, type Recorded } from './recorded.ts';

/** Steps between two reports (validation, checkpoint). */
const EVERY = 20;

/** Trains what is ordered, from the start or from a checkpoint. */
export async function fit(
  order: FitOrder,
  recorded: Recorded,
  place: Place,
  resume: FamilyCheckpoint | null,
  curve: readonly CurvePoint[],
  gate: Gate,
  tell: Tell,
): Promise<FitResult> {
  const { name, evenings } = order;
  const material = recorded.material(evenings);
  const news = new StepNews(gate, tell);
  const device = place.device as LearningDevice;
  switch (order.kind) {
    case 'factors': {
      const { epochs } = order.config;
      const trained = await trainFactors(
        material,
        () => undefined,
        order.config,
        async (point) => {
          await news.stepped(1, point.step, epochs, point.loss);
          news.point(point);
        },
      );
      return { ...trained, stepMs: news.means() };
    }
    case 'towers': {
      const { bytes, header } = await trainTowersOn(material, order.config, {
        device,
        every: EVERY,
        curve,
        ...(resume !== null && { resume: resume.at }),
        keep: (at) => (news.kept = { phase: 1, at }),
        point: (point) => news.point(point),
        stepped: (step, loss) => news.stepped(1, step, order.config.steps, loss),
      });
      return { bytes, header, stepMs: news.means() };
    }
    case 'family': {
      const trained = await trainConfig(name, order.config, material, {
        device,
        every: EVERY,
        curve,
        recipe: { backend: device },
        ...(resume !== null && { resume }),
        keep: (checkpoint) => (news.kept = checkpoint),
        point: (point) => news.point(point),
        stepped: ({ phase, step, steps, loss }) =>
          phase === 'memory' ? news.stored(step) : news.stepped(phase, step, steps, loss),
      });
      return { ...trained, stepMs: news.means() };
    }
  }
}

/** What is told of a training while it runs, and where it can be held. */
class StepNews {
  kept: FamilyCheckpoint | null = null;
  readonly #gate: Gate;
  readonly #tell: Tell;
  readonly #clock = new StepClock();
  #losses: number[] = [];
  #told = 0;
  #phase: 1 | 2 = 1;
  #heard: unknown;

  constructor(gate: Gate, tell: Tell) {
    this.#gate = gate;
    this.#tell = tell;
  }

  async stepped(phase: 1 | 2, step: number, steps: number, loss: number): Promise<void> {
    const now = performance.now();
    this.#clock.stepped(phase);
    if (phase !== this.#phase) this.#losses = [];
    this.#phase = phase;
    this.#losses.push(loss);
    if (now - this.#told >= NEWS_MS || step % EVERY === 0 || step === steps) {
      this.#told = now;
      const news = this.#tell({ kind: 'steps', phase, step, steps, losses: this.#losses });
      if (step === 1) this.#heard = news;
      this.#losses = [];
    }
    await this.#pass();
  }

  /** Between two chunks of the memory, of which a share is filled. */
  async stored(share: number): Promise<void> {
    const now = performance.now();
    if (share === 1 || now - this.#told >= NEWS_MS) {
      this.#told = now;
      this.#tell({ kind: 'share', what: 'Storing what sessions say', share });
    }
    await this.#pass();
  }

  point(point: CurvePoint): void {
    this.#heard = this.#tell({ kind: 'report', point, checkpoint: this.kept });
  }

  means(): readonly [number, number] {
    return this.#clock.means();
  }

  async #pass(): Promise<void> {
    // The training never runs away from what the page knows to go on from.
    await this.#heard;
    await this.#gate.pass();
    this.#clock.resume();
  }
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
