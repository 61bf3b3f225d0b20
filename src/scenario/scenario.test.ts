import { describe, expect, test } from 'vitest';
import { LabError } from '../base/errors.ts';
import { chatLaw } from './chat-law.ts';
import { decodePermalink, encodePermalink } from './permalink.ts';
import { parsePolicy, parseScenario } from './parse.ts';
import { presetById, presets } from './presets.ts';
import { atItsSize, expectedWaiting, scaleScenario } from './scale.ts';
import { listKnobs } from './knobs.ts';

describe('a scenario', () => {
  test.each<[unknown, RegExp]>([
    [null, /scenario: /],
    ['calm', /scenario: /],
    [{ seed: -1 }, /scenario\.seed: Seed must lie between 0 and 4294967295; it is -1/],
    [{ seed: 1.5 }, /Seed must be a whole number between .*; it is 1\.5/],
    [{ population: { people: Number.NaN } }, /population\.people: People must be a number/],
    [{ population: { people: Infinity } }, /population\.people/],
    [{ population: { people: 3 } }, /People must lie between 100 and 1000000 people; it is 3/],
    [{ population: { countries: { XX: 1 } } }, /population\.countries\.XX: there is no knob/],
    [{ policy: { scorer: 'psychic' } }, /Scorer must be one of random, .*psychic/],
    [{ behaviour: { again: '0.5' } }, /behaviour\.again: .*must be a number/],
    [{ stages: [{ atSeconds: Infinity }] }, /stages\.0\.atSeconds/],
    [{ stages: [{ policy: { threshold: 3 } }] }, /stages\.0\.atSeconds/],
    [{ stages: Array.from({ length: 201 }, () => ({ atSeconds: 1 })) }, /at most 200 stages; there are 201/],
    [{ stages: [{ atSeconds: 3, policy: { treshold: 3 } }] }, /treshold: .*did you mean "threshold"/],
    [{ moon: 1 }, /scenario\.moon: there is no knob/],
    [[], /scenario: a group of knobs in { } was expected; it is \[\]/],
    [{ population: [] }, /population: a group of knobs in { } was expected; it is \[\]/],
    [{ population: { countries: [] } }, /population\.countries: a group of knobs/],
    [{ stages: {} }, /scenario\.stages: a list in \[ \] was expected; it is {}/],
    [{ name: 3 }, /scenario\.name: The name must be text; it is 3/],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name): [unknown, RegExp] => [
      JSON.parse(`{ "policy": { "${name}": 1 } }`),
      new RegExp(`scenario\\.policy\\.${name}: there is no knob of this name`),
    ]),
  ])('%j is refused with the place and the reason', (input, message) => {
    expect(() => parseScenario(input)).toThrow(LabError);
    expect(() => parseScenario(input)).toThrow(message);
  });

  test('refuses a bad policy likewise', () => {
    expect(() => parsePolicy({ tickMs: 0 })).toThrow(/policy\.tickMs: .*between 50 and 10000 ms; it is 0/);
    expect(parsePolicy({ scorer: 'rules' }).matcher).toBe('greedy');
  });

  test.each(listKnobs().filter((k) => k.info.options === undefined))(
    '$path keeps its range',
    ({ path, info: { min, max } }) => {
      const at = (value: number) => {
        const root: Record<string, unknown> = {};
        const keys = path.split('.');
        keys.reduce<Record<string, unknown>>(
          (node, key, i) => (node[key] = i === keys.length - 1 ? value : {}) as Record<string, unknown>,
          root,
        );
        return () => parseScenario(root);
      };
      expect(at(min!)).not.toThrow();
      expect(at(max!)).not.toThrow();
      expect(at(min! - 0.001)).toThrow(LabError);
      expect(at(max! * 1.01 + 1)).toThrow(LabError);
    },
  );
});

describe('presets', () => {
  test('are whole, have names of their own, and survive a link', () => {
    expect(presets[0].id).toBe('default-evening');
    expect(new Set(presets.map((p) => p.id)).size).toBe(presets.length);
    for (const p of presets) {
      expect(p.scenario.name).toBe(p.name);
      expect(p.sentence.endsWith('.')).toBe(true);
      expect(parseScenario(JSON.parse(JSON.stringify(p.scenario)))).toEqual(p.scenario);
      expect(decodePermalink(encodePermalink(p.scenario))).toEqual(p.scenario);
      expect(presetById(p.id)).toBe(p);
      expect(p.scenario.population.online).toBeLessThan(p.scenario.population.people);
    }
    expect(presetById('nowhere')).toBeUndefined();
  });

  test('but for the rush, they stay small enough for a slow machine', () => {
    for (const p of presets)
      if (p.id === 'evening-rush') expect(expectedWaiting(p.scenario)).toBeGreaterThan(1500);
      else expect(expectedWaiting(p.scenario), p.id).toBeLessThan(300);
  });
});

describe('scale', () => {
  test('keeps the mix and stays in range', () => {
    const { scenario } = presets[0];
    const half = scaleScenario(scenario, 0.5);
    expect(half.population).toEqual({
      ...scenario.population,
      people: 30_000,
      online: 4_500,
      arrivalsPerMinute: 500,
    });
    expect(expectedWaiting(half)).toBeCloseTo(expectedWaiting(scenario) / 2, 6);
    const sized = { ...scenario, population: { ...scenario.population, size: 0.5 } };
    expect(atItsSize(sized)).toEqual(half);
    expect(atItsSize(atItsSize(sized))).toEqual(half);
    expect(expectedWaiting(sized)).toBe(expectedWaiting(half));
    expect(parseScenario(scaleScenario(scenario, 1e-9)).population.people).toBe(100);
    expect(parseScenario(scaleScenario(scenario, 1e9)).population.people).toBe(1_000_000);
    for (const bad of [0, -1, Number.NaN, Infinity])
      expect(() => scaleScenario(scenario, bad)).toThrow(LabError);
  });

  test('better scorers are expected to keep people longer in chat, and fewer to wait', () => {
    const { scenario } = presets[0];
    const means = (['random', 'rules', 'towers', 'oracle'] as const).map((s) => chatLaw(scenario, s).mean);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(means[0]).toBeGreaterThan(20);
    expect(means[3]).toBeLessThan(80);
  });
});
