import { expect, test } from 'vitest';
import { Digest, hash4 } from './hash.ts';
import { cos, exp, log, tanh } from './math.ts';

/** Arguments over the ranges in which an evening uses the functions. */
const draws = Array.from({ length: 20_000 }, (_, i) => hash4(3, i, 0, 0) * 2 ** -32);
const functions = {
  exp: { of: exp, at: (u: number) => 60 * u - 30, usual: Math.exp },
  log: {
    of: log,
    at: (u: number, i: number) => (u + 2 ** -33) * [1e-6, 1e-3, 1, 7, 1e4][i % 5],
    usual: Math.log,
  },
  cos: { of: cos, at: (u: number, i: number) => [2 * Math.PI, 50, -7][i % 3] * u, usual: Math.cos },
  tanh: { of: tanh, at: (u: number, i: number) => [8, 1, 1e-4][i % 3] * (u - 0.5), usual: Math.tanh },
};

/** The bits are part of every digest of an evening: they may not depend on the engine. */
test.each([
  ['exp', '1cdf1e8b20a7c6cb'],
  ['log', '2127a6e443ed8864'],
  ['cos', '1fdbda9082d1fd6c'],
  ['tanh', 'c0c9d3a3597f7c07'],
] as const)('%s has the same bits everywhere, and the value of the engine within rounding', (name, bits) => {
  const { of, at, usual } = functions[name];
  const digest = new Digest();
  let worst = 0;
  for (const [i, u] of draws.entries()) {
    const x = at(u, i);
    digest.addFloat(of(x));
    worst = Math.max(worst, Math.abs(of(x) - usual(x)) / Math.max(1, Math.abs(usual(x))));
  }
  expect(worst).toBeLessThan(1e-15);
  expect(digest.hex()).toBe(bits);
});

test('the ends of the ranges are those of the engine', () => {
  for (const x of [-Infinity, -800, -1, -0, 0, 1, 709.9, 800, Infinity, NaN]) {
    expect(exp(x)).toBe(Math.exp(x));
    expect(log(x)).toBe(Math.log(x));
  }
  for (const n of [1, 2, 3, 7, 40])
    expect(cos((n * Math.PI) / 2)).toBeCloseTo(Math.cos((n * Math.PI) / 2), 15);
  expect(cos(Infinity)).toBeNaN();
  expect([tanh(0), tanh(40), tanh(-40)]).toEqual([0, 1, -1]);
});
