import { beforeAll, describe, expect, test } from 'vitest';
import { scenario } from '../../scenario/parse.ts';
import { createWorld } from '../../world/world.ts';
import { ChatRecorder } from '../train/chat-log.ts';
import { cupid, type FamilyConfig } from '../layout/config.ts';
import { targetMeans } from '../train/family/fit-family.ts';
import { storeEmbeddings } from '../train/family/stored-embeddings.ts';
import { initFamily } from '../train/family/net.ts';
import { OUTCOMES } from '../layout/tokens.ts';
import { personSessions, sideOf, stateIndex, windowsOf } from '../train/family/person-sessions.ts';
import { initLearning } from '../train/trainer.ts';
import { recordMeetings } from '../testing/meetings.ts';
import { boundedFeatures } from '../testing/tower-bound.ts';
import { boundedSessions } from '../testing/session-bound.ts';
import { featureTower } from './family-tower.ts';
import { randomTokens, randomTransformer } from '../testing/random-transformer.ts';
import { sessionVectors } from './transformer.ts';
import { transformerOf, validateTokens } from '../layout/transformer.ts';

const recorder = new ChatRecorder();
recordMeetings(createWorld(scenario({ seed: 21, population: { people: 100 } })), 900, 21, recorder);
const s = personSessions(recorder.log());
const rows = Array.from({ length: s.log.count }, (_, row) => row);

beforeAll(() => initLearning());

describe('the CPU reference of the session transformer', () => {
  test.each([
    ['one layer', { ...cupid, history: 6, size: 16, heads: 2, layers: 1, embed: 3, hidden: [10] }],
    [
      'three layers, four heads',
      { ...cupid, history: 10, size: 32, heads: 4, layers: 3, embed: 4, hidden: [12, 9] },
    ],
  ] satisfies [string, FamilyConfig][])("is the trainer's own forward pass: %s", async (_, config) => {
    const params = initFamily(config, targetMeans(config, s, rows));
    // Away from the start, where most of it is nearly off.
    for (const [name, { data }] of Object.entries(params))
      if (/^(out|tokenGate|[gh]\d|[a-z]\d+b|b\d)/.test(name))
        data.forEach((x, k) => (data[k] = 3 * x + 0.1 * Math.sin(k)));
    const windows = windowsOf(s, config.history);
    const memory = await storeEmbeddings(config, s, windows, params);
    const net = transformerOf(config, params);
    const tower = featureTower(config, params);
    const { size } = config;
    const persons = s.log.persons;
    const input = { tower, sparse: Uint32Array.from(s.sparse), dense: s.dense };
    const features = Array.from({ length: persons }, (_, p) => boundedFeatures(input, p));

    // Everyone at several positions, with whole histories and cut ones.
    const wanted = Array.from({ length: 12 }, (_, p) => p).flatMap((p) => {
      const matches = s.first[p + 1] - s.first[p];
      return [0, 1, 3, config.history, config.history + 1, matches - 1]
        .filter((t) => t >= 0 && t < matches)
        .map((t) => ({ p, t, at: stateIndex(windows, p, t) }));
    });
    const tokensOf = ({ p, t, at }: (typeof wanted)[number]) => {
      const start = windows.start[Math.floor(at / (config.history + 1))];
      return Array.from({ length: t - start }, (_, k) => {
        const row = s.order[s.first[p] + start + k];
        const side = sideOf(s.log, row, p);
        return { partner: side === 0 ? s.log.b[row] : s.log.a[row], told: 2 * row + side };
      });
    };
    const histories = wanted.map(tokensOf);
    const first = Uint32Array.from([0, ...histories.map((h) => h.length + 1)]);
    for (let i = 0; i < wanted.length; i++) first[i + 1] += first[i];
    const tokens = first[wanted.length];
    const vectors = new Float32Array(tokens * size);
    const vectorError = new Float64Array(tokens * size);
    const outcomes = new Float32Array(tokens * OUTCOMES);
    histories.forEach((history, i) => {
      [wanted[i].p, ...history.map((h) => h.partner)].forEach((person, t) => {
        vectors.set(features[person].value, (first[i] + t) * size);
        // The batch rounds them to f32 as well.
        vectorError.set(
          features[person].error.map((e, k) => e + 2 ** -24 * Math.abs(features[person].value[k])),
          (first[i] + t) * size,
        );
      });
      history.forEach(({ told }, t) =>
        outcomes.set(
          s.outcomes.subarray(told * OUTCOMES, (told + 1) * OUTCOMES),
          (first[i] + t + 1) * OUTCOMES,
        ),
      );
    });
    const batch = { count: wanted.length, first, vectors, outcomes };
    const reference = sessionVectors(net, batch);
    const bounds = boundedSessions(net, batch, vectorError);
    let largest = 0;
    let bound = 0;
    const failures: unknown[] = [];
    wanted.forEach(({ p, at }, i) => {
      for (let k = 0; k < size; k++) {
        const own = features[p].value[k];
        const difference = Math.abs(memory.states[at * size + k] - own - reference[i * size + k]);
        const allowed =
          bounds[i].error[k] +
          features[p].error[k] +
          2 ** -23 * (Math.abs(own) + Math.abs(reference[i * size + k]));
        if (!(difference <= allowed)) failures.push({ p, k, difference, allowed });
        largest = Math.max(largest, Math.abs(reference[i * size + k]));
        bound = Math.max(bound, allowed);
      }
    });
    expect(failures).toEqual([]);
    // A bound that allows anything would prove nothing.
    expect(bound).toBeLessThan(0.002 * largest);
    expect(Math.max(...histories.map((h) => h.length))).toBe(config.history);
  });

  test('knows whose tokens are whose: a vector depends on its own history only', () => {
    const net = randomTransformer({ size: 16, heads: 2, layers: 2, history: 128 }, 3);
    const batch = randomTokens(net, [5, 0, 128, 1], 4);
    const together = sessionVectors(net, batch);
    for (let i = 0; i < 4; i++) {
      const [from, to] = [batch.first[i], batch.first[i + 1]];
      const alone = sessionVectors(net, {
        count: 1,
        first: Uint32Array.of(0, to - from),
        vectors: batch.vectors.slice(from * 16, to * 16),
        outcomes: batch.outcomes.slice(from * 8, to * 8),
      });
      expect(alone).toEqual(together.slice(i * 16, (i + 1) * 16));
    }
  });

  test('refuses broken histories', () => {
    const net = randomTransformer({ size: 8, heads: 2, layers: 1, history: 4 }, 1);
    expect(() => validateTokens(net, randomTokens(net, [2, 5], 1))).toThrow(
      'person 1 must have 1 to 5 tokens; there are 6',
    );
    const batch = randomTokens(net, [2], 1);
    batch.vectors[9] = NaN;
    expect(() => sessionVectors(net, batch)).toThrow('vectors[9] must be finite; it is NaN');
    expect(() => transformerOf({ ...cupid, session: 'none' }, {})).toThrow('no transformer');
    expect(() => transformerOf({ ...cupid, heads: 3 }, {})).toThrow(
      'the size divided by the heads must be a multiple of 4',
    );
  });
});
