import { recordChats } from '../../../src/model/train/record.ts';
import type { TrainingData } from '../../../src/model/train/train-family.ts';
import type { ChatLog } from '../../../src/model/train/chat-log.ts';
import { splitRows } from '../../../src/model/train/family/fit-family.ts';
import { personSessions, type PersonSessions } from '../../../src/model/train/family/person-sessions.ts';
import type { Gate } from './gate.ts';
import type { Evenings, LogFacts, Tell } from './orders.ts';

/** Milliseconds between two pieces of news about steps. */
export const NEWS_MS = 100;
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
  readonly sessions: PersonSessions;
  #material: TrainingData | null = null;

  constructor(readonly log: ChatLog) {
    this.sessions = personSessions(log);
  }

  material(evenings: Evenings): TrainingData {
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
