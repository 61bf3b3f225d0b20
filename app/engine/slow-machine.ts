import type { StageTimes } from '../../src/match/backend.ts';
import type { TickReport } from '../../src/sim/types.ts';

/**
 * A machine that is simulated, so that a lesson about latency shows the same on every machine: a
 * tick takes a fixed time per ordered pair of waiting people, and every 150th tick stands still 40
 * times as long, as a machine does that has to clean up its memory.
 */
export const slowMachine = {
  adapter: 'simulated slow machine',
  msPerPair: 0.006,
  stallEvery: 150,
  stallTimes: 40,
} as const;

/** What the simulated machine needs for a tick, real milliseconds. */
export function slowTimes({ tick, waiting }: Pick<TickReport, 'tick' | 'waiting'>): readonly StageTimes[] {
  const { msPerPair, stallEvery, stallTimes } = slowMachine;
  const stalls = tick % stallEvery === stallEvery - 1;
  const total = msPerPair * waiting ** 2 * (stalls ? stallTimes : 1);
  // Scoring takes two thirds of it, matching the rest.
  const score = (2 / 3) * total;
  return [{ clock: 'wall', upload: 0, embed: 0, score, match: total - score, readback: 0, total }];
}
