import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { embedTower } from '../../model/serve/tower.ts';
import { validateTower } from '../../model/layout/tower.ts';
import { createMarket } from '../../sim/market.ts';
import { createWorld } from '../../world/world.ts';
import { correlation } from '../../metrics/ranking/errors.ts';
import { hazard, upperTail } from './latent.ts';
import { importData, inspect, type Imported } from '../import-data.ts';
import { learnedTowers } from './learned.ts';
import { memorySource } from '../../base/text/source.ts';
import { syntheticFiles, type SyntheticFiles, type SyntheticOptions } from '../testing/synthetic.ts';
import { readWorld, writeWorld } from '../world/world-file.ts';

async function fitted(files: Pick<SyntheticFiles, 'people' | 'meetings'>, seed?: number): Promise<Imported> {
  const people = memorySource('people.csv', files.people);
  const meetings = memorySource('meetings.csv', files.meetings);
  const look = await inspect(meetings, people);
  return importData({ people, meetings }, look, look.mapping, seed === undefined ? {} : { seed });
}

const usual: SyntheticOptions = {
  people: 240,
  each: 60,
  outcome: 'decision',
  talk: 0.6,
  charm: 0.5,
  taste: 0.8,
};
const pairs = (n: number) =>
  Array.from(
    { length: 3000 },
    (_, k) => [(7 * k) % (n / 2), n / 2 + ((11 * k + (k >> 4)) % (n / 2))] as const,
  );

describe('the hazard', () => {
  test.each([-8, -3, -1, 0, 0.5, 2, 6, 30])('at %d is the limit of its definition', (z) => {
    // Integral of the density beyond z by Simpson's rule, scaled by the density at z.
    const steps = 4000;
    const width = 12 / steps;
    let sum = 0;
    for (let s = 0; s <= steps; s++) {
      const t = s * width;
      sum += (s === 0 || s === steps ? 1 : s % 2 === 1 ? 4 : 2) * Math.exp(-z * t - 0.5 * t * t);
    }
    const rest = z < 0 ? 1 / ((sum * width) / 3) : 3 / (sum * width);
    expect(hazard(z)).toBeCloseTo(rest, z < -5 ? 6 : 4);
  });
  test('gives the tail of the normal law', () => {
    expect(upperTail(0)).toBeCloseTo(0.5, 6);
    expect(upperTail(1.959964)).toBeCloseTo(0.025, 6);
    expect(upperTail(-1)).toBeCloseTo(0.841345, 5);
  });
});

describe('a known world is recovered', () => {
  test.each([
    ['decision', 0.85, 0.85, 0.6],
    ['duration', 0.9, 0.9, 0.75],
  ] as const)('from each %s', async (outcome, talk, charm, taste) => {
    const files = syntheticFiles({ ...usual, outcome });
    const { world, figures } = await fitted(files);
    expect(figures.kind).toBe(outcome);
    const { cast, scenario } = world;
    expect(correlation(cast.talk, files.talk)).toBeGreaterThan(talk);
    expect(correlation(cast.charm, files.charm)).toBeGreaterThan(charm);
    const truth = createWorld(scenario, cast);
    const where = pairs(usual.people);
    const found = where.map(([i, j]) => {
      const { people } = truth;
      return truth.location(i, j) - truth.base - people.talk[i] - people.charm[j];
    });
    expect(
      correlation(
        found,
        where.map(([i, j]) => files.pair(i, j)),
      ),
    ).toBeGreaterThan(taste);
    // Spreads come back near their size: durations tell it; yes and no tell it against all that the
    // fit cannot explain, taste included.
    expect(figures.talk).toBeGreaterThan(outcome === 'duration' ? 0.47 : 0.35);
    expect(figures.talk).toBeLessThan(0.65);
    expect(Math.abs(figures.tail - 0.9)).toBeLessThan(0.06);
    expect(figures.median / 40).toBeGreaterThan(0.8);
    expect(figures.median / 40).toBeLessThan(1.25);
    expect(figures.longExpected).toBeCloseTo(figures.longTold, 1);
  });

  test('from matches alone, the sum of talk and charm of both', async () => {
    const files = syntheticFiles({ ...usual, outcome: 'match', taste: 0 });
    const { world, figures } = await fitted(files);
    expect(figures.kind).toBe('match');
    const sum = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (x, k) => x + b[k]);
    const { people } = createWorld(world.scenario, world.cast);
    expect(correlation(sum(people.talk, people.charm), sum(files.talk, files.charm))).toBeGreaterThan(0.8);
  });

  test('no taste where there is none', async () => {
    const files = syntheticFiles({ ...usual, people: 160, each: 40, taste: 0 });
    const { figures } = await fitted(files);
    expect(figures.taste).toBeLessThan(0.12);
    expect(figures.heldOut).toBeGreaterThan(100);
    expect(figures.decisionAuroc).toBeGreaterThan(0.7);
  });

  test('likeness of people of the same group', async () => {
    const files = syntheticFiles({ ...usual, people: 160, each: 40, taste: 0 });
    // A yes of both wherever the city is the same.
    const lines = files.meetings.trim().split('\n');
    const alike = lines.map((line, k) => {
      const [a, b] = line.split(',');
      if (k === 0 || Number(a.slice(1)) % 3 !== Number(b.slice(1)) % 3) return line;
      return `${a},${b},1,1`;
    });
    const { figures } = await fitted({ people: files.people, meetings: alike.join('\n') });
    expect(figures.alike.length).toBeGreaterThan(0);
    for (const { what, weight } of figures.alike.slice(0, 2)) {
      expect(what).toMatch(/^city /);
      expect(weight).toBeGreaterThan(0.05);
    }
  });
});

describe('the fitted world', () => {
  test('is the same for the same files and seed, and survives writing and reading', async () => {
    const files = syntheticFiles({ ...usual, people: 80, each: 20 });
    const [one, again, other] = [await fitted(files), await fitted(files), await fitted(files, 8)];
    expect(again.world).toEqual(one.world);
    expect(other.world.cast.key).not.toBe(one.world.cast.key);
    const text = writeWorld(one.world);
    expect(readWorld(JSON.parse(text), 'world.json')).toEqual(one.world);
    const damaged = JSON.parse(text) as { cast: Record<string, unknown> };
    damaged.cast['talk'] = 'AAAA';
    expect(() => readWorld(damaged, 'world.json')).toThrow('world.json: cast.talk');
    expect(() => readWorld({ format: 'x' }, 'world.json')).toThrow('lab import');
  });

  test('runs in the market: across sides only, nobody new, and better policies lengthen chats', async () => {
    const files = syntheticFiles({ ...usual, people: 200, each: 40, outcome: 'duration' });
    const { world } = await fitted(files);
    const towers = learnedTowers(world.learned);
    validateTower(towers.tower);
    const mean: Record<string, number> = {};
    for (const scorer of ['random', 'towers', 'oracle'] as const) {
      const market = createMarket({
        scenario: world.scenario,
        policy: { ...world.scenario.policy, scorer },
        backend: createCpuBackend({ embed: embedTower }),
        world: createWorld(world.scenario, world.cast),
        towers,
      });
      let chats = 0;
      let logs = 0;
      const seen = new Set<number>();
      market.observe({
        chatBegan({ a, b, duration }) {
          expect(world.cast.side[a]).not.toBe(world.cast.side[b]);
          seen.add(a).add(b);
          chats++;
          logs += Math.log(duration);
        },
      });
      for (let t = 0; t < 80; t++) await market.tick();
      mean[scorer] = logs / chats;
      expect(chats).toBeGreaterThan(200);
      expect(seen.size).toBeGreaterThan(150);
      expect(market.world.people.generation.every((g) => g === 0)).toBe(true);
    }
    expect(mean['towers'] - mean['random']).toBeGreaterThan(0.1);
    expect(mean['oracle']).toBeGreaterThan(mean['towers']);
  });

  test('refuses other people', async () => {
    const { world } = await fitted(syntheticFiles({ ...usual, people: 60, each: 10 }));
    expect(() => createWorld(world.scenario)).toThrow('import them first');
  });
});
