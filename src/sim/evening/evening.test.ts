import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { scenario } from '../../scenario/parse.ts';
import { WISHES } from '../../world/law.ts';
import { createWorld } from '../../world/world.ts';
import { arrivalRate, Arrivals } from './arrivals.ts';
import { BalanceBook } from './balance.ts';
import { Calendar } from './calendar.ts';
import { Meetings } from './meeting.ts';
import { SessionBehaviour, shifted, whimShare } from './session-behaviour.ts';

describe('calendar', () => {
  test('returns everyone once, never early, at most one slice late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9_000, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 60 }),
        (times, steps) => {
          const calendar = new Calendar(50, 10_000, new Int32Array(times.length));
          times.forEach((t, person) => calendar.add(person, t));
          const taken = new Map<number, number>();
          let now = 0;
          for (const step of [...steps, 10_000]) {
            now += step;
            calendar.take(now, (person) => {
              expect(taken.has(person)).toBe(false);
              taken.set(person, now);
              expect(times[person]).toBeLessThan(now);
            });
            times.forEach((t, person) => {
              if (t <= now - 50) expect(taken.has(person)).toBe(true);
            });
          }
          expect(taken.size).toBe(times.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('takes people who are put on it again while it is read', () => {
    const calendar = new Calendar(50, 1000, new Int32Array(1));
    calendar.add(0, 10);
    const seen: number[] = [];
    for (let now = 50; now <= 600; now += 50)
      calendar.take(now, (person) => {
        seen.push(now);
        calendar.add(person, now + 120);
      });
    expect(seen).toEqual([50, 200, 350, 500]);
  });

  test('refuses what lies beyond its horizon', () => {
    expect(() => new Calendar(50, 1000, new Int32Array(1)).add(0, 5000)).toThrow(LabError);
  });
});

describe('arrivals', () => {
  const quiet = { people: 4000, online: 0, arrivalsPerMinute: 1200, dailySwing: 0 };
  const times = (input: Parameters<typeof scenario>[0], untilMs: number, stepMs: number) => {
    const arrivals = new Arrivals(createWorld(scenario(input)));
    const out: { time: number; person: number }[] = [];
    for (let now = stepMs; now <= untilMs; now += stepMs)
      arrivals.take(
        now,
        (time, person) => {
          expect(time).toBeGreaterThan(now - stepMs);
          expect(time).toBeLessThanOrEqual(now);
          out.push({ time, person });
        },
        () => -1,
        () => undefined,
      );
    return out;
  };

  test('are a Poisson process of the rate that was asked for, whatever the steps in which it is read', () => {
    const out = times({ population: quiet }, 60_000, 500);
    expect(Math.abs(out.length - 1200)).toBeLessThan(4 * Math.sqrt(1200));
    expect(times({ population: quiet }, 60_000, 1250)).toEqual(out);
    const gaps = out.slice(1).map((a, i) => a.time - out[i].time);
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    // Exponential gaps: the standard deviation equals the mean.
    const sd = Math.sqrt(gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / gaps.length);
    expect(sd / mean).toBeGreaterThan(0.9);
    expect(sd / mean).toBeLessThan(1.1);
    expect(new Set(out.map((a) => a.person)).size).toBe(out.length);
  });

  test('follow the hour of the day and the shock', () => {
    const s = scenario({
      population: { arrivalsPerMinute: 600, dailySwing: 0.5, peakHour: 22, startHour: 21 },
      shock: { atSeconds: 60, forSeconds: 30, arrivals: 3 },
    });
    expect(arrivalRate(s, 3600)).toBeCloseTo(15, 9);
    expect(arrivalRate(s, 13 * 3600)).toBeCloseTo(5, 9);
    expect(arrivalRate(s, 60) / arrivalRate(s, 59)).toBeCloseTo(3, 2);
    expect(arrivalRate(s, 89) / arrivalRate(s, 90)).toBeCloseTo(3, 2);
    const before = times(
      { population: quiet, shock: { atSeconds: 20, forSeconds: 20, arrivals: 4 } },
      40_000,
      500,
    );
    const first = before.filter((a) => a.time < 20_000).length;
    expect((before.length - first) / first).toBeGreaterThan(3);
    expect((before.length - first) / first).toBeLessThan(5);
  });

  test('bring the people who were in a chat at opening at a steady pace', () => {
    const out = times({ population: { ...quiet, online: 2000, arrivalsPerMinute: 0 } }, 400_000, 500);
    const during = (from: number, to: number) => out.filter((a) => a.time > from && a.time <= to).length;
    expect(during(0, 5000) / during(5000, 10_000)).toBeLessThan(1.5);
    expect(during(0, 200_000)).toBeGreaterThan(1700);
  });
});

describe('meetings', () => {
  test('report short chats and befriend after long ones, more often than the other way round', () => {
    const s = scenario({ population: { people: 300 }, behaviour: { reportRate: 0.05, friendRate: 0.05 } });
    const meetings = new Meetings(createWorld(s));
    const share = (duration: number, bits: number) => {
      let n = 0;
      for (let a = 0; a < 200; a++)
        for (let b = a + 1; b < 200; b += 7) if ((meetings.end(a, b, 1000, duration, 0) & bits) !== 0) n++;
      return n;
    };
    expect(share(3, 4 | 8)).toBeGreaterThan(3 * share(120, 4 | 8));
    expect(share(120, 16 | 32)).toBeGreaterThan(3 * share(3, 16 | 32));
    expect(meetings.end(0, 1, 0, 2, 0) & 3).toBe(1);
    expect(meetings.end(0, 1, 0, 2, 1) & 3).toBe(2);
    expect(meetings.end(0, 1, 0, 20, 1) & 3).toBe(0);
  });

  test('lift the mood after a long chat and lower it after a short one or a long wait, and draw taste to a good partner', () => {
    const world = createWorld(scenario({ population: { people: 100 }, behaviour: { tasteDrift: 0.2 } }));
    const { people } = world;
    const meetings = new Meetings(world);
    const before = world.location(0, 1);
    meetings.remember(0, 1, 300, 0);
    expect(people.mood[0]).toBeGreaterThan(0.2);
    expect(world.location(0, 1)).toBeGreaterThan(before);
    meetings.remember(2, 3, 2, 0);
    expect(people.mood[2]).toBeLessThan(-0.2);
    meetings.remember(4, 5, 300, 1000);
    expect(people.mood[4]).toBeLessThan(people.mood[0]);
  });

  test('go wrong and well on both sides', () => {
    expect(shifted(0.5, 0)).toBe(0.5);
    expect(shifted(0.88, 1)).toBeGreaterThan(0.94);
    expect(shifted(0.88, -1)).toBeLessThan(0.8);
    expect([shifted(0, 5), shifted(1, -5)]).toEqual([0, 1]);
  });
});

describe('tonight’s wish', () => {
  const world = createWorld(scenario({ population: { people: 2000 }, behaviour: { tonight: 0.8 } }));
  const { people } = world;
  const sessions = new SessionBehaviour(world);
  const begin = (): void => {
    for (let id = 0; id < people.count; id++) sessions.begin(id);
  };

  test('is drawn at the start of every session, all kinds alike, and matters less to regulars', () => {
    begin();
    const first = people.wish.slice();
    for (let kind = 0; kind < WISHES; kind++) {
      const share = first.filter((w) => w === kind).length / people.count;
      expect(Math.abs(share - 1 / WISHES)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / people.count));
    }
    for (let id = 0; id < people.count; id++)
      expect(people.whim[id]).toBeCloseTo(0.8 * whimShare(people.chats[id]), 6);
    expect([0, 4, 1e6].map(whimShare)).toEqual([1, expect.closeTo(0.65, 9), expect.closeTo(0.3, 4)]);
    begin();
    const same = first.filter((w, id) => w === people.wish[id]).length / people.count;
    expect(Math.abs(same - 1 / WISHES)).toBeLessThan(0.05);
  });

  test('moves how long one stays by about its knob, with whom it points at', () => {
    const effect: number[] = [];
    people.whim.fill(0.8);
    for (let id = 0; id + 1 < people.count; id++) {
      const wished = world.location(id, id + 1);
      people.whim[id] = 0;
      effect.push(wished - world.location(id, id + 1));
      people.whim[id] = 0.8;
      const kind = people.wish[id];
      people.wish[id] = kind ^ 1;
      expect(world.location(id, id + 1) - wished).toBeCloseTo(-2 * effect[id], 4);
      people.wish[id] = kind;
    }
    const spread = Math.sqrt(effect.reduce((sum, x) => sum + x * x, 0) / effect.length);
    expect(spread).toBeGreaterThan(0.6);
    expect(spread).toBeLessThan(1);
    expect(Math.abs(effect.reduce((sum, x) => sum + x, 0) / effect.length)).toBeLessThan(0.1);
  });
});

describe('the books', () => {
  test('are refused when they do not balance', () => {
    const book = new BalanceBook();
    book.move(0, 'outside', 'waiting');
    expect(() => book.check(1)).not.toThrow();
    expect(() => book.check(2)).toThrow(/this is a bug/);
    book.move(1, 'waiting', 'inChat');
    expect(() => book.check(0)).toThrow(/do not balance/);
  });
});
