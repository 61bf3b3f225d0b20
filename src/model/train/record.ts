import { createCpuBackend } from '../../match/cpu-backend.ts';
import { scenario as complete } from '../../scenario/parse.ts';
import type { ScenarioInput } from '../../scenario/schema.ts';
import { createMarket } from '../../sim/market.ts';
import type { Market } from '../../sim/types.ts';
import type { TowerModel } from '../layout/save-towers.ts';
import { ChatRecorder, type ChatLog } from './chat-log.ts';

export interface RecordOptions {
  /** One world per seed, in place of the scenario's own seed. */
  readonly seeds: readonly number[];
  readonly ticks: number;
  readonly scenario?: ScenarioInput;
  readonly towers?: TowerModel;
  readonly progress?: (text: string) => void;
  /**
   * Called after every tick with the share of all ticks done. A returned promise is awaited, and an
   * error ends the recording.
   */
  readonly ticked?: (share: number) => Promise<void> | void;
}

/**
 * A small market whose pools have about fifty people: fast on one core, and as random as a large
 * one. Half of the arrivals are new, and people stay for many matches, so that sessions of every
 * length occur, and all of warm and cold.
 */
export const sampleScenario: ScenarioInput = {
  name: 'training evenings',
  population: { people: 8000, online: 1000, arrivalsPerMinute: 80, newcomers: 0.5 },
  behaviour: { again: 0.95 },
  policy: { scorer: 'random', matcher: 'random' },
};

/** Ticks of ten seconds, after the end, in which running chats may finish. */
const LAST_TICKS = 200;
const LAST_TICK_MS = 10_000;

/** Passes the market's chats to the recorder. Returns a function that stops recording new ones. */
export function recordMarket(market: Market, recorder: ChatRecorder): () => void {
  const { world } = market;
  let recording = true;
  market.observe({
    ticked({ matching: { mate } }, pool) {
      if (!recording) return;
      for (let i = 0; i < pool.n; i++)
        if (mate[i] > i)
          recorder.met(world.people, pool.ids[i], pool.ids[mate[i]], (a, b) => world.location(a, b));
    },
    chatEnded: (chat) => recorder.ended(chat),
  });
  return () => (recording = false);
}

/**
 * Runs one market per seed on the CPU and keeps every chat that ended. People meet at random unless
 * the scenario says otherwise.
 */
export async function recordChats(options: RecordOptions): Promise<ChatLog> {
  const recorder = new ChatRecorder();
  for (const [which, seed] of options.seeds.entries()) {
    recorder.nextWorld();
    const backend = createCpuBackend();
    const market = createMarket({
      scenario: complete({ ...sampleScenario, ...options.scenario, seed }),
      backend,
      ...(options.towers && { towers: options.towers }),
    });
    const stop = recordMarket(market, recorder);
    for (let k = 0; k < options.ticks; k++) {
      await market.tick();
      await options.ticked?.((which + (k + 1) / options.ticks) / options.seeds.length);
    }
    // Running chats must not be missing just because they are long: let them finish, in long ticks.
    stop();
    market.setPolicy({ ...market.policy, tickMs: LAST_TICK_MS });
    for (let k = 0; k < LAST_TICKS && recorder.open > 0; k++) {
      await market.tick();
      await options.ticked?.((which + 1) / options.seeds.length);
    }
    backend.dispose();
    options.progress?.(`world ${seed}: ${recorder.count} chats so far`);
  }
  return recorder.log();
}
