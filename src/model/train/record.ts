import { createCpuBackend } from '../../match/cpu-backend.ts';
import { ChatRecorder, type ChatLog } from './chat-log.ts';
import type { TowerModel } from '../layout/save-towers.ts';
import { scenario as complete } from '../../scenario/parse.ts';
import type { ScenarioInput } from '../../scenario/schema.ts';
import { createMarket } from '../../sim/market.ts';

export interface RecordOptions {
  /** Every seed is a world of its own; the scenario's seed is replaced. */
  readonly seeds: readonly number[];
  readonly ticks: number;
  readonly scenario?: ScenarioInput;
  readonly towers?: TowerModel;
  readonly progress?: (text: string) => void;
  /** Called after every tick with the share of all ticks done; what it returns is waited for, what it throws ends the recording. */
  readonly ticked?: (share: number) => Promise<void> | void;
}

/**
 * A small market in which pools have about fifty people: quick on one core, and as random as a large one. Half of those who come are new, and
 * people stay for many matches, so that sessions of every length and all of warm and cold can be learned from and judged.
 */
export const sampleScenario: ScenarioInput = {
  name: 'training evenings',
  population: { people: 8000, online: 1000, arrivalsPerMinute: 80, newcomers: 0.5 },
  behaviour: { again: 0.95 },
  policy: { scorer: 'random', matcher: 'random' },
};

/** Ticks of ten seconds for which chats are waited for after the end. */
const LAST_TICKS = 200;

/** Lets one market per seed run on the CPU and keeps every chat that ended. Meetings are at random unless the scenario says otherwise. */
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
    const { world } = market;
    let recording = true;
    market.observe({
      ticked(tick, pool) {
        if (!recording) return;
        const { mate } = tick.matching;
        for (let i = 0; i < pool.n; i++)
          if (mate[i] > i)
            recorder.met(world.people, pool.ids[i], pool.ids[mate[i]], (a, b) => world.location(a, b));
      },
      chatEnded: (chat) => recorder.ended(chat),
    });
    for (let k = 0; k < options.ticks; k++) {
      await market.tick();
      await options.ticked?.((which + (k + 1) / options.ticks) / options.seeds.length);
    }
    // Chats that still run would be missing just because they are long: wait for them in long ticks, recording no new ones.
    recording = false;
    market.setPolicy({ ...market.policy, tickMs: 10_000 });
    for (let k = 0; k < LAST_TICKS && recorder.open > 0; k++) {
      await market.tick();
      await options.ticked?.((which + 1) / options.seeds.length);
    }
    backend.dispose();
    options.progress?.(`world ${seed}: ${recorder.count} chats so far`);
  }
  return recorder.log();
}
