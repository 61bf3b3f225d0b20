import { describe, expect, test } from 'vitest';
import type { Arm } from '../../sim/arms.ts';
import { designNames, type DesignName, type OutcomeName } from '../run/names.ts';
import { parseExperiment, type ExperimentSpec } from '../run/spec.ts';
import { analyseDesign } from './analyse.ts';
import { meanOf } from '../inference/moments.ts';
import { armsFor, assignmentOf, isRandomised, windowArms, type ArmAssignment } from './assign.ts';
import type { Estimate } from './estimate.ts';
import { observationsOf } from './outcomes.ts';
import { smallEvening, smallWorld } from './testing/small-evening.ts';

type Design = Exclude<DesignName, 'paired'>;
const designs = designNames.filter((d): d is Design => d !== 'paired');
const base = {
  ...{ a: { scorer: 'oracle' }, b: { scorer: 'oracle' }, ticks: 280, warm_up: 20 },
  ...{ window: 6, burn_in: 2 },
};
const spec = parseExperiment(base);

/** One evening per assignment; analyses of all designs share it. */
function evening(seed: number, own: ExperimentSpec = spec, lift = 0) {
  const options = { seed, people: 140, ticks: own.ticks, lift };
  const world = smallWorld(options);
  const logs = new Map<ArmAssignment, ReturnType<typeof smallEvening>>();
  return (design: Design, metric: OutcomeName): Estimate => {
    const assignment = assignmentOf(design);
    let log = logs.get(assignment);
    if (log === undefined) {
      const arms = armsFor(assignment, own, world, own.b, seed);
      log = smallEvening(options, world, (person, time): Arm =>
        arms.by === 'time' ? arms.armAt(time) : arms.armOf(person, time),
      );
      logs.set(assignment, log);
    }
    return analyseDesign(design, log, own, metric);
  };
}

describe('A/A', () => {
  const all = Array.from({ length: 30 }, (_, k) => evening(70_000 + k));
  const metrics = ['chat', 'matched', 'wait', 'time', 'returns', 'chat-p50', 'wait-p90'] as const;

  test.each(designs)('%s: 95 % intervals hold 0', (design) => {
    const shares = metrics.flatMap((metric) => {
      const intervals = all.map((of) => of(design, metric)).filter((e) => e.low !== null);
      const hits = intervals.filter((e) => e.low! <= 0 && e.high! >= 0).length;
      return intervals.length === 0
        ? []
        : [{ metric, count: intervals.length, share: hits / intervals.length }];
    });
    expect(shares.length).toBeGreaterThan(0);
    for (const { metric, count, share } of shares) {
      const error = Math.sqrt((0.95 * 0.05) / count);
      expect(share, `${metric}, ${count} intervals`).toBeGreaterThan(0.95 - 3 * error);
    }
  });
});

describe('a lift of 2 s per treated side', () => {
  const [plain, lifted] = [0, 2].map((lift) =>
    Array.from({ length: 12 }, (_, k) => evening(71_000 + k, spec, lift)),
  );
  const lifts = (design: Design) =>
    lifted.flatMap((of, k) => {
      const [after, before] = [of, plain[k]].map((one) => one(design, 'chat').estimate);
      return after === null || before === null ? [] : [after - before];
    });

  test.each(['pairs', 'switchback', 'switchback-ht', 'switchback-corrected', 'ticks'] as const)(
    '%s finds that of both sides',
    (design) => {
      const found = lifts(design);
      expect(found.length).toBeGreaterThan(5);
      for (const lift of found) expect(lift).toBeCloseTo(4, 9);
    },
  );

  test('arms by person find that of their own side only', () => {
    for (const lift of lifts('users')) expect(Math.abs(lift - 2)).toBeLessThan(0.6);
  });

  test('CUPED has a smaller error than the difference in means', () => {
    const error = (design: Design) => plain.reduce((s, of) => s + of(design, 'chat').standardError!, 0);
    expect(error('cuped')).toBeLessThan(0.98 * error('users'));
  });
});

describe('no interval', () => {
  const of = evening(72_000, parseExperiment({ ...base, window: 50, burn_in: 0, cluster: 'gender' }));
  test('a share of which an arm has less than ten of one kind', () => {
    const scenario = { behaviour: { longChatSeconds: 200 } };
    const rare = evening(72_001, parseExperiment({ ...base, scenario }));
    for (const design of ['users', 'switchback', 'ticks'] as const) {
      const { estimate, low, method } = rare(design, 'long');
      expect(estimate).not.toBeNull();
      expect(low).toBeNull();
      expect(method).toMatch(/^an interval of a share needs 10 of either kind per arm; an arm has \d$/);
      expect(rare(design, 'chat').low).not.toBeNull();
    }
    const { estimate, method } = rare('cuped', 'long');
    expect(estimate).toBeNull();
    expect(method).toMatch(/^CUPED needs 20 people with another value .* than the rest; there are \d+$/);
  });
  test.each([
    ['switchback', 'chat', 'an interval needs 1 or more units per arm; an arm has 0'],
    ['clusters', 'wait', '1 and 1 clusters (gender) can be drawn in too few ways'],
    ['switchback-corrected', 'chat', 'the correction needs a burn-in'],
    ['pairs', 'matched', 'a wait belongs to one person'],
    ['shadow-price', 'wait', 'prices are predicted seconds in chats, which only time measures'],
    ['regions', 'returns', 'it follows a whole stay'],
  ] as const)('%s, %s: %s', (design, metric, reason) => {
    const { low, high, method } = of(design, metric);
    expect([low, high]).toEqual([null, null]);
    expect(method).toContain(reason);
  });
});

describe('assignments', () => {
  const arms = (own: object, seed: number) => windowArms(parseExperiment({ ...base, ...own }), seed);
  const seeds = Array.from({ length: 200 }, (_, k) => k);

  test('a balanced schedule has as many windows of either arm, in any order', () => {
    const firsts = seeds.map((seed) => {
      const own = arms({ schedule: 'balanced', window: 12 }, seed).slice(0, 10);
      expect(own.filter((arm) => arm === 1)).toHaveLength(5);
      return own[0];
    });
    expect(firsts.reduce<number>((s, x) => s + x, 0)).toBeGreaterThan(70);
  });

  test('an alternating schedule starts with either arm', () => {
    const own = seeds.map((seed) => arms({ schedule: 'alternating' }, seed));
    for (const path of own) path.forEach((arm, k) => k > 0 && expect(arm).toBe(1 - path[k - 1]));
    expect(new Set(own.map((path) => path[0])).size).toBe(2);
  });

  test('the first two and the last two windows of a minimax schedule share a coin', () => {
    for (const seed of seeds) {
      const own = arms({ schedule: 'minimax', window: 12 }, seed);
      expect(own[0]).toBe(own[1]);
      expect(own[8]).toBe(own[9]);
    }
  });

  test('people have one arm from the end of the warm-up on; the share is as planned', () => {
    const own = parseExperiment({ ...base, treated_share: 0.2 });
    const world = smallWorld({ seed: 1, people: 2000, ticks: 1 });
    const given = armsFor('person', own, world, own.b, 5);
    if (given.by !== 'person') throw new Error('arms by person were expected');
    const at = (time: number) => Array.from({ length: 2000 }, (_, p) => given.armOf(p, time));
    expect(new Set(at(19.9))).toEqual(new Set([0]));
    expect(at(20)).toEqual(at(150));
    expect(at(20).filter((arm) => arm === 1).length / 2000).toBeCloseTo(0.2, 1);
  });

  test('if one side is randomised, the other keeps A and is left out', () => {
    const world = smallWorld({ seed: 1, people: 400, ticks: 1 });
    const own = parseExperiment({ ...base, side: 'men' });
    const given = armsFor('person', own, world, own.b, 5);
    if (given.by !== 'person') throw new Error('arms by person were expected');
    const drawn = isRandomised('person', own, world);
    world.people.gender.forEach((gender, p) => expect(drawn(p)).toBe(gender === 1));
    const arms = (isMan: boolean) =>
      new Set(
        [...world.people.gender.keys()].filter((p) => drawn(p) === isMan).map((p) => given.armOf(p, 20)),
      );
    expect([arms(true), arms(false)]).toEqual([new Set([0, 1]), new Set([0])]);
    expect(isRandomised('cluster', own, world)(0)).toBe(true);
    const log = smallEvening({ seed: 2, people: 400, ticks: 120 }, world, (p) =>
      drawn(p) ? given.armOf(p, 20) : 2,
    );
    for (const metric of ['chat', 'wait', 'time', 'returns'] as const) {
      const { estimate } = analyseDesign('users', log, own, metric);
      const { value, arm, person } = observationsOf(log, own, metric, own.warmUp);
      const mean = (which: number) =>
        meanOf([...value].filter((_, k) => arm[k] === which && drawn(person[k])));
      expect(estimate).toBeCloseTo(mean(1) - mean(0), 9);
    }
  });

  test('a cluster has one arm, and clusters get new ones in every window of regions', () => {
    const world = smallWorld({ seed: 1, people: 500, ticks: 1 });
    const { country } = world.people;
    for (const assignment of ['cluster', 'region'] as const) {
      const given = armsFor(assignment, spec, world, spec.b, 5);
      if (given.by !== 'person') throw new Error('arms by person were expected');
      const at = (time: number) => {
        const arms = new Map<number, Arm>();
        country.forEach((c, p) => {
          const arm = given.armOf(p, time);
          expect(arms.get(c) ?? arm).toBe(arm);
          arms.set(c, arm);
        });
        return [...arms.entries()].sort((x, y) => x[0] - y[0]).map(([, arm]) => arm);
      };
      expect(at(20).filter((arm) => arm === 1)).toHaveLength(4);
      const same = [26, 32, 38, 44].every((time) => String(at(time)) === String(at(20)));
      expect(same).toBe(assignment === 'cluster');
    }
  });
});
