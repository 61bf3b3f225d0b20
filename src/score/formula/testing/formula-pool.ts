import { Stream, uniform } from '../../../base/hash.ts';
import { randomPool } from '../../../match/testing/families.ts';
import { compileFormula } from '../../../scenario/formula/language.ts';
import { intervals } from '../../../scenario/formula/bounds.ts';
import type { ValueRange } from '../../../scenario/formula/bounds.ts';
import { MAX_LOG, MAX_POINTS, terms } from '../../../scenario/formula/terms.ts';
import type { Pool, WeightRule } from '../../types.ts';
import type { TermValues } from './random-formula.ts';

/** A pool whose people have random values of all terms; filters admit everybody. */
export function formulaPool(n: number, seed: number, dim = 4) {
  const plain = randomPool(n, seed, dim);
  const u = (i: number, t: number) => uniform(seed, Stream.world, i, t, 99);
  const people: TermValues[] = Array.from({ length: n }, (_, i) =>
    Object.fromEntries(
      terms.map(({ name, kind, range: [, high] }, t) => {
        if (name === 'bonus') return [name, Math.fround(100 * u(i, t) - 50)];
        if (kind === 'number') return [name, Math.fround(Math.min(high, 300 * u(i, t)))];
        return [name, Math.floor(u(i, t) * (high + 1))];
      }),
    ),
  );
  const open = { bonus: new Float32Array(n), avoid: new Uint32Array(n), speaks: new Uint32Array(n).fill(1) };
  const base: Pool = { ...plain, ...open, recent: plain.recent.map(() => 0xffffffff) };
  return {
    people,
    /** The pool for a formula. */
    poolOf: (text: string): Pool => {
      const { personTerms } = compileFormula(text);
      return { ...base, terms: Float32Array.from(personTerms.flatMap((t) => people.map((p) => p[t]))) };
    },
  };
}

/** What the scorer of a rule says of a pair, and with it the values of both sides. */
export function sidesOf(
  { user, peer, dim }: Pool,
  { transform, scale, bias }: WeightRule,
  people: readonly TermValues[],
  i: number,
  j: number,
): [me: TermValues, you: TermValues] {
  const side = (own: number, other: number): TermValues => {
    let dot = 0;
    for (let e = 0; e < dim; e++) dot += user[own * dim + e] * peer[other * dim + e];
    const raw = Math.fround(Math.fround(Math.fround(scale) * dot) + Math.fround(bias));
    const limit = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
    if (transform === 'exp') {
      const log = limit(raw, -MAX_LOG, MAX_LOG);
      return { ...people[own], log, score: Math.exp(log), points: Math.exp(log) };
    }
    const score = limit(raw, Math.exp(-MAX_LOG), Math.exp(MAX_LOG));
    return { ...people[own], log: Math.log(score), score, points: limit(raw, -MAX_POINTS, MAX_POINTS) };
  };
  return [side(i, j), side(j, i)];
}

/** Between which numbers a backend may put the weight of this pair. */
export function allowed(text: string, me: TermValues, you: TermValues): ValueRange {
  const { nodes, order } = compileFormula(text);
  const found = intervals(nodes, order, ({ name, side }) => {
    const value = (side === 0 ? me : you)[name];
    // Predictions come from a multiplication, an addition, and an exponential or a logarithm.
    const wide = name === 'log' ? 2 ** -18 * Math.max(1, Math.abs(value)) : 2 ** -16 * Math.abs(value);
    if (!['score', 'log', 'points'].includes(name)) return { low: value, high: value };
    return { low: value - wide, high: value + wide };
  });
  return found.get(order.at(-1)!)!;
}
