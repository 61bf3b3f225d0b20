import { must } from '../../../src/base/errors.ts';
import type { ChatLog } from '../../../src/model/train/chat-log.ts';
import { splitRows } from '../../../src/model/train/family/fit-family.ts';
import { personSessions, type PersonSessions } from '../../../src/model/train/family/person-sessions.ts';
import { recordChats } from '../../../src/model/train/record.ts';
import type { TrainingData } from '../../../src/model/train/train-family.ts';
import type { Evenings } from '../settings.ts';
import type { JobGate } from './job-gate.ts';
import type { LogFacts, Tell } from './protocol.ts';

/** Milliseconds between two news about steps. */
export const NEWS_MS = 100;
const seedsOf = ({ count, seed }: Evenings): number[] => Array.from({ length: count }, (_, k) => seed + k);

/** What a job gets beside its order. */
export interface TrainingContext {
  readonly gate: JobGate;
  readonly tell: Tell;
  readonly recorded: RecordedChats;
}

/** Simulates evenings in which people meet at random. Returns the log of all chats. */
export async function record(
  evenings: Evenings,
  { gate, tell, recorded }: TrainingContext,
): Promise<ChatLog> {
  let told = 0;
  const log = await recordChats({
    seeds: seedsOf(evenings),
    ticks: evenings.ticks,
    async ticked(share) {
      await gate.pass();
      if (performance.now() - told < NEWS_MS) return;
      told = performance.now();
      tell({ kind: 'share', what: 'Simulating evenings', share });
    },
  });
  recorded.take(log);
  return log;
}

/** The log of the evenings, and what is derived from it once. */
export class RecordedChats {
  #sessions: PersonSessions | null = null;
  #data: TrainingData | null = null;

  take(log: ChatLog): void {
    this.#sessions = personSessions(log);
    this.#data = null;
  }

  /** The chats, split by time. Throws LabError before there is a log. */
  data(evenings: Evenings): TrainingData {
    must(this.#sessions !== null, 'no evenings have been recorded yet');
    const { ticks, share } = evenings;
    if (this.#data?.share !== share)
      this.#data = {
        ...{ seeds: seedsOf(evenings), ticks, share },
        sessions: this.#sessions,
        split: splitRows(this.#sessions, share),
      };
    return this.#data;
  }

  facts(evenings: Evenings): LogFacts {
    const { sessions, split } = this.data(evenings);
    return {
      chats: sessions.log.count,
      people: sessions.log.persons,
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
    };
  }
}
