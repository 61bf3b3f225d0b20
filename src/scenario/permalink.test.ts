import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../base/errors.ts';
import { parseScenario } from './parse.ts';
import { decodePermalink, encodePermalink } from './permalink.ts';
import { listKnobs } from './knobs.ts';

const defaults = parseScenario({});

describe('permalink', () => {
  test('a scenario of defaults is the empty text, and back', () => {
    expect(encodePermalink(defaults)).toBe('');
    expect(decodePermalink('')).toEqual(defaults);
  });

  test('only what differs is written, and a person can read it', () => {
    const s = parseScenario({
      name: 'Quiet & late',
      policy: { scorer: 'oracle' },
      population: { countries: { JP: 0.5 } },
    });
    expect(encodePermalink(s)).toBe('name=Quiet+%26+late&population.countries.JP=0.5&policy.scorer=oracle');
  });

  test('any scenario comes back as it was', () => {
    const knobs = listKnobs().filter((k) => k.path !== 'seed');
    const value = (k: (typeof knobs)[number]) =>
      k.info.options
        ? fc.constantFrom(...k.info.options.map((o) => o.value))
        : fc.double({ min: k.info.min!, max: k.info.max!, noNaN: true });
    const change = fc.constantFrom(...knobs).chain((k) => value(k).map((x) => [k.path, x] as const));
    const stage = fc.record({
      atSeconds: fc.integer({ min: 0, max: 86_400 }),
      policy: fc.record(
        { threshold: fc.integer({ min: 0, max: 2000 }), scorer: fc.constant('rules') },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.string({ maxLength: 80 }),
        fc.array(stage, { maxLength: 3 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (changes, name, stages, seed) => {
          const input: Record<string, unknown> = { name, stages, seed };
          for (const [path, x] of changes) {
            const keys = path.split('.');
            const last = keys.pop()!;
            const node = keys.reduce<Record<string, unknown>>(
              (at, key) => (at[key] ??= {}) as Record<string, unknown>,
              input,
            );
            node[last] = x;
          }
          const s = parseScenario(input);
          expect(decodePermalink(encodePermalink(s))).toEqual(s);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ['policy.scorer=clairvoyant', /scenario\.policy\.scorer.*clairvoyant/],
    ['policy.tickMs=7', /scenario\.policy\.tickMs.*between 50 and 10000.*7/],
    ['policy.tickMs=soon', /scenario\.policy\.tickMs.*must be a number/],
    ['policy.tickMs=NaN', /scenario\.policy\.tickMs/],
    ['population.moon=3', /population\.moon.*no knob of this name/],
    ['seed=1&seed=2', /twice/],
    ['policy.scorer.x=1&policy.scorer=rules', /is a group of knobs/],
    ['policy=3', /scenario\.policy/],
    ['policy=3&policy.scorer=rules', /goes below a knob/],
    ['__proto__.x=1', /not the name of a knob/],
    ['policy.__proto__=1', /not the name of a knob/],
    ['constructor.x=1', /not the name of a knob/],
    ['policy.toString=1', /not the name of a knob/],
    ['stages.1.atSeconds=3', /must number its stages/],
    ['stages.0.atSeconds=-3', /stages\.0\.atSeconds.*between 0 and 86400/],
    ['stages.0.atSeconds=3&stages.0.policy.threshold=9999', /stages\.0\.policy\.threshold/],
    ['stages.0.policy.threshold=3', /stages\.0\.atSeconds/],
    ['stages.0.policy.moon=3&stages.0.atSeconds=1', /stages\.0\.policy\.moon.*no knob of this name/],
  ])('%s is refused with its place', (text, message) => {
    expect(() => decodePermalink(text)).toThrow(LabError);
    expect(() => decodePermalink(text)).toThrow(message);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
