import { describe, expect, test } from 'vitest';
import { scenario } from '../../scenario/parse.ts';
import { createMarket } from '../../sim/market.ts';
import { quickBackend } from '../../sim/testing/quick-backend.ts';
import type { ChatEnd } from '../../sim/types.ts';
import { Ended, recordEvening, type EveningLog } from './evening-log.ts';

const tiny = scenario({
  seed: 50_001,
  population: { people: 120, online: 60, arrivalsPerMinute: 120 },
  behaviour: { patience: 8, talkativeness: 8, comeBack: 0.5, comeBackMinutes: 1 },
  policy: { scorer: 'random', matcher: 'greedy' },
});

/** Arm of a slot that changes every 5 s. */
const armAt = (slot: number, time: number) => ((slot + Math.floor(time / 5)) % 2) as 0 | 1;

async function recorded(ticks: number) {
  const market = createMarket({ scenario: tiny, backend: quickBackend() });
  const recorder = recordEvening(market, armAt);
  const ends: ChatEnd[] = [];
  let arrivals = 0;
  const waiting = new Set<number>();
  market.observe({
    chatEnded: (end) => void ends.push({ ...end }),
    arrived(slot) {
      arrivals++;
      waiting.add(slot);
    },
    ticked({ matching }, pool) {
      waiting.clear();
      matching.mate.forEach((j, i) => j === -1 && waiting.add(pool.ids[i]));
    },
    left: (slot) => void waiting.delete(slot),
  });
  for (let t = 0; t < ticks; t++) await market.tick();
  return { market, log: recorder.log(), ends, arrivals, waiting: waiting.size };
}

const waitsThat = ({ waits }: EveningLog, how: number) => waits.ended.filter((e) => e === how).length;

describe('recordEvening', () => {
  test('every wait is in the log: ended by a match, by giving up, or still going on', async () => {
    const { market, log, arrivals, waiting } = await recorded(240);
    expect(log.seconds).toBe(120);
    expect(log.digest).toBe(market.digest.hex());
    expect(waitsThat(log, Ended.waiting)).toBe(waiting);
    expect(waitsThat(log, Ended.matched)).toBe(2 * log.chats.count);
    expect(waitsThat(log, Ended.gaveUp)).toBeGreaterThan(0);
    expect(log.people.count).toBeLessThan(arrivals);
    // People who come back have one number; a slot that is reborn has several.
    const slots = new Set(log.people.slot).size;
    expect(slots).toBeLessThan(log.people.count);
    const names = [...log.people.slot].map((slot, p) => `${slot}.${log.people.generation[p]}`);
    expect(new Set(names).size).toBe(log.people.count);
  });

  test('waits last as long as the market says, and have the arm of their beginning', async () => {
    const { log, ends } = await recorded(120);
    const { waits, chats, people } = log;
    expect(ends.length).toBeGreaterThan(20);
    for (const { start, a, b, waitedA, duration } of ends) {
      const c = chats.start.findIndex((s, k) => s === start && people.slot[chats.a[k]] === a);
      expect([people.slot[chats.b[c]], chats.seconds[c]]).toEqual([b, duration]);
      expect([chats.armA[c], chats.armB[c]]).toEqual([armAt(a, start), armAt(b, start)]);
      const w = waits.person.findIndex(
        (p, k) => p === chats.a[c] && Math.abs(waits.begin[k] + waits.seconds[k] - start) < 1e-9,
      );
      expect(waits.seconds[w]).toBeCloseTo(waitedA, 3);
      expect(waits.arm[w]).toBe(armAt(a, waits.begin[w]));
    }
  });

  test('sums of a tick add up over the arms; a log can be taken before the end', async () => {
    const { log } = await recorded(60);
    const { ticks, chats } = log;
    expect([ticks.count, ticks.time[59], ticks.waiting.length]).toEqual([60, 29.5, 120]);
    expect(ticks.matched.reduce((s, n) => s + n, 0)).toBe(2 * chats.count);
    // The backend of this test gives every pair the weight 1.
    expect(ticks.weight.reduce((s, w) => s + w, 0)).toBe(chats.count);
    ticks.matched.forEach((m, i) => expect(m).toBeLessThanOrEqual(ticks.waiting[i]));
  });

  test('who did not leave has no decision about the next day', async () => {
    const { log } = await recorded(60);
    const left = log.people.returns.filter((r) => r >= 0).length;
    expect(left).toBeGreaterThan(0);
    expect(log.people.returns.length - left).toBeGreaterThan(0);
  });
});
