import { beforeAll, describe, expect, test } from 'vitest';
import { scenario } from '../scenario/parse.ts';
import { countries } from '../scenario/countries.ts';
import { createBirth, neverSeenShare, PERSON_SIGMAS, toUnit } from './birth.ts';
import { countryTaste } from './law.ts';
import { TASTE, type People, type World } from './types.ts';
import { createWorld, forkWorld } from './world.ts';

const usual = scenario({ population: { people: 20_000 } });
let world: World;
beforeAll(() => {
  world = createWorld(usual);
});

/** Quick where `toEqual` would take seconds. */
const sameBytes = (a: ArrayBufferView, b: ArrayBufferView) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0) / x.length;
const deviation = (x: ArrayLike<number>) => {
  const m = mean(x);
  return Math.sqrt(mean(Array.from(x, (v) => (v - m) ** 2)));
};
/** Locations of chats between random people: neighbours in id are strangers. */
const locations = (w: World) =>
  Float64Array.from({ length: w.people.count - 1 }, (_, i) => w.location(i, i + 1));

describe('people', () => {
  test('are a pure function of seed, id and generation', () => {
    const again = createWorld(usual).people;
    const { people } = world;
    for (const name of Object.keys(people) as (keyof People)[])
      if (name !== 'count') expect(sameBytes(again[name], people[name]), name).toBe(true);

    const larger = createWorld(scenario({ population: { people: 20_100 } })).people;
    expect(sameBytes(larger.taste.subarray(0, people.taste.length), people.taste)).toBe(true);
    expect(sameBytes(larger.country.subarray(0, people.count), people.country)).toBe(true);

    const other = createWorld(scenario({ seed: 8, population: { people: 20_000 } })).people;
    const same = Array.from(people.taste).filter((x, i) => x === other.taste[i]).length;
    expect(same / people.taste.length).toBeLessThan(0.01);
  });

  test('born again in their slot are somebody else, without a past', () => {
    const { people } = forkWorld(world);
    const id = people.chats.findIndex((c) => c > 0);
    people.generation[id]++;
    createBirth(usual)(people, id, true);
    expect(people.chats[id]).toBe(0);
    expect(people.sessions[id]).toBe(0);
    expect(people.taste.slice(id * TASTE, (id + 1) * TASTE)).not.toEqual(
      world.people.taste.slice(id * TASTE, (id + 1) * TASTE),
    );
    const before = id * TASTE;
    expect(sameBytes(people.taste.subarray(0, before), world.people.taste.subarray(0, before))).toBe(true);
  });

  test('have the shares that the scenario asks for, within four standard errors', () => {
    const { people } = world;
    const { population } = usual;
    const near = (column: ArrayLike<number>, is: (x: number) => boolean, share: number, what: string) => {
      const found = Array.from(column).filter(is).length / column.length;
      expect(Math.abs(found - share), what).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / column.length),
      );
    };
    countries.forEach(({ code }, c) =>
      near(people.country, (x) => x === c, population.countries[code], code),
    );
    near(people.gender, (g) => g === 0, population.women, 'women');
    near(people.age, (a) => a === 0, population.ages['18-24'], 'young');
    near(people.paying, (x) => x === 1, population.paying, 'paying');
    near(people.reported, (x) => x === 1, population.reported, 'reported');
    near(people.wantsGender, (x) => x !== 3, population.genderFilter, 'gender filter');
    near(people.wantsOwnCountry, (x) => x === 1, population.countryFilter, 'country filter');
    near(people.chats, (x) => x === 0, neverSeenShare(usual), 'never seen');
    const foreign = people.language.map((l, i) => (l === people.country[i] ? 0 : 1));
    near(foreign, (x) => x === 1, population.foreignDevice, 'foreign device');
  });

  test('differ as the knobs say', () => {
    const { people } = world;
    expect(deviation(people.talk)).toBeCloseTo(usual.behaviour.talkSpread, 1);
    expect(deviation(people.charm) / usual.behaviour.hub).toBeCloseTo(1, 1);
    expect(Math.max(...people.talk.map(Math.abs))).toBeLessThanOrEqual(
      usual.behaviour.talkSpread * PERSON_SIGMAS + 1e-6,
    );
    for (let i = 0; i < 100; i++) {
      const t = people.taste.slice(i * TASTE, (i + 1) * TASTE);
      expect(Math.hypot(...t)).toBeCloseTo(1, 5);
    }
  });

  test('show a part of their taste by what is known of them, and hide a part', () => {
    // Variance of the pair's taste that country and group explain: the mean over pairs of the same
    // kinds.
    const { people } = world;
    const kind = (i: number) => people.country[i] * 10 + people.gender[i] * 5 + people.age[i];
    const sums = new Map<string, { n: number; sum: number }>();
    const values: { key: string; value: number }[] = [];
    for (let k = 0; k < 200_000; k++) {
      const i = k % people.count;
      const j = (i * 7919 + Math.floor(k / people.count) * 104_729 + 1) % people.count;
      let value = 0;
      for (let d = 0; d < TASTE; d++) value += people.taste[i * TASTE + d] * people.appeal[j * TASTE + d];
      const key = `${kind(i)} ${kind(j)}`;
      const cell = sums.get(key) ?? { n: 0, sum: 0 };
      cell.n++;
      cell.sum += value;
      sums.set(key, cell);
      values.push({ key, value });
    }
    const rich = values.filter(({ key }) => sums.get(key)!.n >= 60);
    const all = deviation(rich.map((v) => v.value)) ** 2;
    const rest = mean(rich.map(({ key, value }) => (value - sums.get(key)!.sum / sums.get(key)!.n) ** 2));
    const explained = 1 - rest / all;
    expect(explained).toBeGreaterThan(0.2);
    expect(explained).toBeLessThan(0.75);
  });
});

describe('location', () => {
  test('has the talkativeness as its centre, and rises and falls with what the knobs name', () => {
    const plain = scenario({
      population: { people: 5000 },
      behaviour: {
        taste: 0,
        hub: 0,
        countryTalk: 0,
        talkSpread: 0,
        language: 0.5,
        age: 0.4,
        talkativeness: 30,
      },
    });
    const w = createWorld(plain);
    const { people } = w;
    expect(mean(locations(w))).toBeCloseTo(Math.log(30), 1);
    const where = (is: (i: number) => boolean) => {
      const i = Array.from({ length: people.count - 1 }, (_, k) => k).find(is)!;
      return w.location(i, i + 1);
    };
    const same = (i: number) => people.language[i] === people.language[i + 1];
    const near = (i: number) => people.age[i] === people.age[i + 1];
    const far = (i: number) => Math.abs(people.age[i] - people.age[i + 1]) === 3;
    expect(where((i) => same(i) && near(i)) - where((i) => !same(i) && near(i))).toBeCloseTo(0.5, 5);
    expect(where((i) => same(i) && near(i)) - where((i) => same(i) && far(i))).toBeCloseTo(1.2, 5);
  });

  test.each([
    ['taste', 0, 1.5],
    ['hub', 0, 1.5],
    ['countryTalk', 0, 1.5],
    ['talkSpread', 0, 1.5],
  ] as const)('spreads with %s', (knob, low, high) => {
    const spread = (value: number) =>
      deviation(
        locations(createWorld(scenario({ population: { people: 3000 }, behaviour: { [knob]: value } }))),
      );
    expect(spread(high)).toBeGreaterThan(spread(low) * 1.3);
  });

  test('lengthens with the talk of a country', () => {
    const w = createWorld(scenario({ population: { people: 500 }, behaviour: { talkOf: { JP: 4 } } }));
    const base = createWorld(scenario({ population: { people: 500 } }));
    const japanese = w.people.country.findIndex((c) => c === 0);
    const korean = w.people.country.findIndex((c) => c === 1);
    expect(w.location(japanese, korean) - base.location(japanese, korean)).toBeCloseTo(Math.log(4), 5);
    expect(w.location(korean, japanese)).toBeCloseTo(base.location(korean, japanese), 5);
  });
});

test('no direction of taste is popular with everyone', () => {
  for (let k = 0; k < TASTE; k++) expect(mean(countryTaste.map((v) => v[k]))).toBeCloseTo(0, 10);
  const { people } = world;
  const direction = new Float64Array(TASTE);
  people.taste.forEach((x, at) => (direction[at % TASTE] += x / people.count));
  expect(Math.hypot(...direction)).toBeLessThan(0.35);
});

test('a fork is changed without its origin', () => {
  const fork = forkWorld(world);
  const before = world.people.taste[0];
  fork.people.taste[0] = 5;
  toUnit(fork.people.taste, 0);
  expect(world.people.taste[0]).toBe(before);
  expect(fork.location(0, 1)).not.toBe(world.location(0, 1));
});
