import { transfer } from 'comlink';
import type { FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import { trainConfig, trainFactors } from '../../../src/model/train/train-family.ts';
import { trainTowersOn } from '../../../src/model/train/train-towers.ts';
import { choosePlace, unlessLost } from './device.ts';
import type { JobGate } from './job-gate.ts';
import type { FitOrder, FitResult, TrainingDevice, Tell, TrainingState } from './protocol.ts';
import { NEWS_MS, type TrainingContext } from './record.ts';

/** Steps between two reports (validation, checkpoint). */
const EVERY = 20;

interface FitJob {
  readonly order: FitOrder;
  /** Where a former worker was; null starts at the first step. */
  readonly from: TrainingState | null;
}

/** Trains. Rejects with an error of the name DEVICE_LOST when its GPU is lost. */
export async function fit({ order, from }: FitJob, context: TrainingContext): Promise<FitResult> {
  const { tell, recorded } = context;
  tell({ kind: 'share', what: 'Choosing where to compute', share: 0 });
  const place = await choosePlace(order, recorded.data(order.evenings));
  tell({ kind: 'place', place });
  const result = await unlessLost(place, fitOn(place, order, from, context));
  return transfer(result, [result.bytes.buffer as ArrayBuffer]);
}

async function fitOn(
  { device }: TrainingDevice,
  order: FitOrder,
  from: TrainingState | null,
  { gate, tell, recorded }: TrainingContext,
): Promise<FitResult> {
  const data = recorded.data(order.evenings);
  const news = new StepNews(gate, tell);
  if (order.kind === 'factors' || device === 'cpu') {
    if (order.kind !== 'factors') throw new Error(`${order.name} cannot be trained on the CPU backend.`);
    const { epochs } = order.config;
    const { bytes, header } = await trainFactors(
      data,
      () => undefined,
      order.config,
      async (point) => {
        await news.stepped(1, point.step, epochs, point.loss);
        news.point(point);
      },
    );
    return { bytes, header, stepMs: news.means() };
  }
  const common = {
    device,
    every: EVERY,
    curve: from?.curve ?? [],
    point: (point: CurvePoint) => news.point(point),
  };
  const { bytes, header } =
    order.kind === 'towers'
      ? await trainTowersOn(data, order.config, {
          ...common,
          ...(from !== null && { resume: from.checkpoint.at }),
          keep: (at) => (news.checkpoint = { phase: 1, at }),
          stepped: (step, loss) => news.stepped(1, step, order.config.steps, loss),
        })
      : await trainConfig(order.name, order.config, data, {
          ...common,
          recipe: { backend: device },
          ...(from !== null && { resume: from.checkpoint }),
          keep: (checkpoint) => (news.checkpoint = checkpoint),
          stepped: ({ phase, step, steps, loss }) =>
            phase === 'memory' ? news.stored(step) : news.stepped(phase, step, steps, loss),
        });
  return { bytes, header, stepMs: news.means() };
}

/** Reports the steps of a training, and lets it be held between two of them. */
class StepNews {
  checkpoint: FamilyCheckpoint | null = null;
  readonly #gate: JobGate;
  readonly #tell: Tell;
  readonly #clock = new StepClock();
  #losses: number[] = [];
  #told = 0;
  #phase: 1 | 2 = 1;
  #heard: unknown;

  constructor(gate: JobGate, tell: Tell) {
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

  /** Between two chunks of stored embeddings. */
  async stored(share: number): Promise<void> {
    const now = performance.now();
    if (share === 1 || now - this.#told >= NEWS_MS) {
      this.#told = now;
      this.#tell({ kind: 'share', what: 'Storing session vectors', share });
    }
    await this.#pass();
  }

  point(point: CurvePoint): void {
    this.#heard = this.#tell({ kind: 'report', point, checkpoint: this.checkpoint });
  }

  means(): readonly [number, number] {
    return this.#clock.means();
  }

  async #pass(): Promise<void> {
    // The training waits until the page has its last checkpoint.
    await this.#heard;
    await this.#gate.pass();
    this.#clock.resume();
  }
}

/** Mean time of a step by phase, without pauses and without the first step, which compiles. */
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
