import { expose } from 'comlink';
import type { ChatLog } from '../../../src/model/train/chat-log.ts';
import type { Evenings } from '../settings.ts';
import { loseTrainingDevice } from './device.ts';
import { JobGate } from './job-gate.ts';
import { jobs, type JobKind, type Order, type Result } from './jobs.ts';
import type { Tell } from './protocol.ts';
import { RecordedChats, type TrainingContext } from './record.ts';

const gate = new JobGate();
const recorded = new RecordedChats();
/** Resolves when the page has handled all news so far. */
let heard: unknown;

const api = {
  /** Runs one job at a time. Resolves after the page has handled all its news. */
  async run<K extends JobKind>(kind: K, order: Order<K>, hear: Tell): Promise<Result<K>> {
    gate.open();
    try {
      const job = jobs[kind] as (order: Order<K>, context: TrainingContext) => Promise<Result<K>>;
      const result = await job(order, { gate, recorded, tell: (news) => (heard = hear(news)) });
      await heard;
      return result;
    } finally {
      gate.close();
    }
  },
  /** Takes a log that another worker recorded. */
  give: (log: ChatLog) => recorded.take(log),
  facts: (evenings: Evenings) => recorded.facts(evenings),
  /** Resolves when the job stands still and the page has handled all its news. */
  async hold(): Promise<void> {
    await gate.hold();
    await heard;
  },
  go: () => gate.go(),
  stop: () => gate.stop(),
  loseDevice: () => loseTrainingDevice(),
};

export type TrainApi = typeof api;

expose(api);
