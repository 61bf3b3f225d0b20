import { expose, transfer } from 'comlink';
import type { ChatLog } from '../../../src/model/train/chat-log.ts';
import type { FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import { LabError } from '../../../src/base/errors.ts';
import { Gate, Stopped } from './gate.ts';
import type { Study } from '../../../src/model/study/compare-models.ts';
import { fit } from './fit-jobs.ts';
import { cost, judge } from './jobs.ts';
import { Recorded, recordLog } from './recorded.ts';
import type { FamilyConfig } from '../../../src/model/layout/config.ts';
import type { TwoPhaseCost } from '../../../src/model/study/cost.ts';
import type { EffectRow } from '../../../src/experiment/market-effect.ts';
import { effect, latency } from './market-jobs.ts';
import type {
  Candidate,
  Contestants,
  EffectOrder,
  LatencyOrder,
  LatencyResult,
  Evenings,
  FitOrder,
  FitResult,
  JudgeOrder,
  LogFacts,
  News,
  Place,
  Tell,
} from './orders.ts';
import { choosePlace, DeviceLost, loseTrainingDevice, untilLost } from './place.ts';

/** How news reaches the page; answered when heard, so that none is overtaken by the result. */
export type Hear = (news: News) => Promise<void>;

const gate = new Gate();
let recorded: Recorded | null = null;
/** Resolves when the page has heard all that was told. */
let heard: Promise<unknown> = Promise.resolve();

function given(): Recorded {
  if (recorded === null) throw new Error('No evenings have been recorded yet.');
  return recorded;
}

/** Runs one piece of work, and waits until all its news was heard. */
async function work<T>(hear: Hear, run: (tell: Tell) => Promise<T>): Promise<T> {
  gate.open();
  try {
    const result = await run((news) => {
      const answer = hear(news);
      heard = answer;
      return answer;
    });
    await heard;
    return result;
  } finally {
    gate.close();
  }
}

const api = {
  /** Simulates evenings. Returns a copy of their log, which {@link give} takes back. */
  record: (evenings: Evenings, hear: Hear): Promise<ChatLog> =>
    work(hear, async (tell) => {
      const log = await recordLog(evenings, gate, tell);
      recorded = new Recorded(log);
      return log;
    }),
  /** A log that another worker recorded. */
  give(log: ChatLog): void {
    recorded = new Recorded(log);
  },
  facts: (evenings: Evenings): LogFacts => given().facts(evenings),
  /** Trains; `resume` and `curve`: where a former worker was. Rejects with DEVICE_LOST or STOPPED as the error's name. */
  fit: (
    order: FitOrder,
    resume: FamilyCheckpoint | null,
    curve: readonly CurvePoint[],
    hear: Hear,
  ): Promise<FitResult> =>
    work(hear, async (tell) => {
      tell({ kind: 'share', what: 'Choosing where to compute', share: 0 });
      const place = await choosePlace(order, given().material(order.evenings));
      tell({ kind: 'place', place });
      const result = await unlessLost(place, fit(order, given(), place, resume, curve, gate, tell));
      return transfer(result, [result.bytes.buffer as ArrayBuffer]);
    }),
  judge: (
    candidates: readonly Candidate[],
    order: JudgeOrder,
    evenings: Evenings,
    hear: Hear,
  ): Promise<Study> => work(hear, (tell) => judge(candidates, order, given(), evenings, gate, tell)),
  /** Either way of training timed, and their passes counted. */
  cost: (config: FamilyConfig, evenings: Evenings, hear: Hear): Promise<TwoPhaseCost> =>
    work(hear, (tell) => cost(config, given(), evenings, gate, tell)),
  /** On the adapter that the market would get. */
  latency: (order: LatencyOrder, hear: Hear): Promise<LatencyResult> =>
    work(hear, (tell) => latency(order, gate, tell)),
  /** Evenings of the market under each scorer. */
  effect: (contestants: Contestants, order: EffectOrder, hear: Hear): Promise<EffectRow[]> =>
    work(hear, (tell) => effect(contestants, order, gate, tell)),
  /** Resolves when nothing moves any more, and the page has heard all that moved before. */
  async hold(): Promise<void> {
    await gate.hold();
    await heard;
  },
  go: () => gate.go(),
  stop: () => gate.stop(),
  loseDevice: () => loseTrainingDevice(),
};

/** Longest time between a failed readback and the loss of the device that explains it, milliseconds. */
const LOSS_MS = 5000;

/** The result, or DeviceLost as soon as the GPU is gone, whatever the library makes of that. */
async function unlessLost<T>({ device }: Place, result: Promise<T>): Promise<T> {
  if (device !== 'webgpu') return result;
  const lost = untilLost();
  lost.catch(() => undefined);
  try {
    return await Promise.race([result, lost]);
  } catch (error) {
    if (error instanceof Stopped || error instanceof LabError) throw error;
    // A failed readback is heard of before the loss that caused it; on a busy machine, long before.
    const late = await Promise.race([
      lost.catch((e: unknown) => e),
      new Promise((resolve) => setTimeout(resolve, LOSS_MS)),
    ]);
    throw late instanceof DeviceLost ? late : error;
  } finally {
    result.catch(() => undefined);
  }
}

export type TrainApi = typeof api;

expose(api);
