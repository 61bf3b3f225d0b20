import { describe, expect, it } from 'vitest';
import { cupid, family, type FamilyConfig } from './config.ts';
import { initFamily } from '../train/family/net.ts';
import { initFactors, predictFactors } from '../train/family/factors.ts';
import { factorDefaults, loadFactors, saveFactors } from './save-factors.ts';
import { loadFamily, saveFamily } from './save-family.ts';
import { hashBytes } from './weights-file.ts';

const small: FamilyConfig = {
  ...cupid,
  size: 8,
  projection: 4,
  embed: 2,
  hidden: [6, 5],
  history: 4,
  layers: 2,
};
const means = { duration: 3, report: 0.1, friend: 0.1, swipe: 0.1 };
const about = {
  recipe: { worlds: [1, 2] },
  metrics: { auroc: 0.7 },
  curve: [{ phase: 1 as const, step: 3, loss: 1, validation: 2 }],
};

describe('weights of the family', () => {
  it('of every member start with the shapes of its file', () => {
    for (const config of Object.values(family))
      for (const [name, { shape, data }] of Object.entries(initFamily(config, means)))
        expect([name, data.length]).toEqual([name, shape.reduce((a, b) => a * b, 1)]);
  });

  const all = initFamily(small, means);
  const { bytes, header } = saveFamily('cupid', small, { embedders: all, heads: all }, about);
  const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(header)) as Record<string, unknown>;

  it('come back bit for bit, embedders and prediction layers apart', () => {
    const model = loadFamily(bytes, json());
    expect(model).toMatchObject({ name: 'cupid', config: small, header: about });
    expect({ ...model.embedders, ...model.heads }).toEqual(all);
    expect(Object.keys(model.heads)).toContain('scale_report');
    expect(Object.keys(model.embedders)).toContain('q1');
  });

  it.each([
    ['no header', () => [bytes, null], 'not a version 1 header'],
    ['another format', () => [bytes, { ...json(), format: 'x' }], 'not a version 1 header'],
    ['no tensors', () => [bytes, { ...json(), tensors: 3 }], 'the header must list its tensors'],
    ['no config', () => [bytes, { ...json(), config: undefined }], 'the header must list its tensors'],
    ['other features', () => [bytes, { ...json(), features: 'id:3' }], 'retrain with "lab train cupid"'],
    [
      'other sizes',
      () => [bytes, { ...json(), config: { ...small, size: 16 } }],
      'the tensors of cupid must be',
    ],
    ['a file cut short', () => [bytes.subarray(4), json()], 'the weights must be'],
    ['a flipped bit', () => [bytes.map((x, k) => (k === 9 ? x ^ 1 : x)), json()], 'the file is damaged'],
    [
      'a number that is none',
      () => {
        const bad = bytes.slice();
        new DataView(bad.buffer).setFloat32(8, NaN, true);
        return [bad, { ...json(), hash: hashBytes(bad) }];
      },
      'm.json: embedding[2] must be finite; it is NaN',
    ],
  ] as [string, () => [Uint8Array, unknown], string][])('refuse %s', (_, make, message) => {
    const [data, head] = make();
    expect(() => loadFamily(data, head, 'm.json')).toThrow(message);
  });

  it('are not written with a tensor missing, of another shape, or not finite', () => {
    const write = (change: typeof all) => () =>
      saveFamily('x', small, { embedders: { ...all, ...change }, heads: all }, about);
    expect(() => saveFamily('x', small, { embedders: all, heads: {} }, about)).toThrow(
      'no tensor user_duration',
    );
    expect(write({ out: { shape: [4, 16], data: all.out.data } })).toThrow('out must be 8 x 8; it is 4 x 16');
    expect(write({ b0: { shape: [6], data: new Float32Array(6).fill(Infinity) } })).toThrow(
      'b0[0] must be finite',
    );
  });
});

describe('weights of matrix factorisation', () => {
  const config = { ...factorDefaults, dim: 3 };
  const factors = initFactors(50, 3, config);
  factors.userBias.forEach((_, k) => (factors.userBias[k] = Math.sin(k)));
  factors.peerBias.forEach((_, k) => (factors.peerBias[k] = 0.3 * Math.cos(k)));
  const { bytes, header } = saveFactors(config, factors, about);
  const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(header)) as Record<string, unknown>;

  it('predict the same to a hundredth of a natural log, from a byte per number', () => {
    const model = loadFactors(bytes, json());
    expect(bytes.length).toBe(50 * 8);
    for (let k = 0; k < 49; k++)
      expect(
        Math.abs(predictFactors(model.factors, k, k + 1) - predictFactors(factors, k, k + 1)),
      ).toBeLessThan(0.01);
    // What was read is written the same again.
    expect(saveFactors(config, model.factors, about).header.hash).toBe(header.hash);
  });

  it('are refused when they are damaged, short, or something else', () => {
    expect(() => loadFactors(bytes, { ...json(), format: 'x' }, 'f.json')).toThrow('f.json: this is not');
    expect(() => loadFactors(bytes.subarray(1), json())).toThrow(
      'the weights must be 400 bytes; the file has 399',
    );
    expect(() =>
      loadFactors(
        bytes.map((x, k) => (k === 3 ? x ^ 1 : x)),
        json(),
      ),
    ).toThrow('the file is damaged');
    expect(() => loadFactors(bytes, { ...json(), steps: { userBias: 0 } })).toThrow('the step of userBias');
    expect(() => loadFactors(bytes, { ...json(), mean: null })).toThrow('the mean must be finite');
    const wild = { ...factors, user: factors.user.map((x, k) => (k === 2 ? NaN : x)) };
    expect(() => saveFactors(config, wild, about)).toThrow("the factors' user must be finite");
  });
});
