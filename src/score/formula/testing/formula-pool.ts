import { Stream, uniform } from '../../../base/hash.ts';
import { randomPool } from '../../../match/testing/families.ts';
import { compileFormula } from '../../../scenario/formula/language.ts';
import { intervals } from '../../../scenario/formula/bounds.ts';
import type { ValueRange } from '../../../scenario/formula/bounds.ts';
import { MAX_LOG, MAX_POINTS, termOf, terms } from '../../../scenario/formula/terms.ts';
import type { Pool, TaskHead, WeightRule } from '../../types.ts';
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
    /** The pool for a formula. `length`: of the vectors of tasks. */
    poolOf: (text: string, length = LENGTH): Pool => {
      const { personTerms } = compileFormula(text);
      const tasks = tasksFor(text, length);
      const rows = personTerms.map((t) => people.map((p) => p[t]));
      // Rows up to a multiple of four, and vectors of whole numbers.
      while (rows.length < (tasks.at(0)?.user ?? 0)) rows.push(people.map(() => 0));
      for (let k = 0; k < 2 * length * tasks.length; k++)
        rows.push(people.map((_, i) => Math.floor(2000 * u(i, 100 + k)) - 1000));
      return { ...base, terms: Float32Array.from(rows.flat()) };
    },
  };
}

/** Of the vectors of tasks. */
const LENGTH = 4;

/** Heads of the tasks that a formula reads. */
export function tasksFor(text: string, length = LENGTH): readonly TaskHead[] {
  const { personTerms, tasks } = compileFormula(text);
  const first = 4 * Math.ceil(personTerms.length / 4);
  return tasks.map((name, t) => ({
    ...{ name, length, scale: 2e-6, bias: -1 },
    ...{ user: first + t * length, peer: first + (tasks.length + t) * length },
  }));
}

/** What the scorer of a rule says of a pair, and with it the values of both sides. */
export function sidesOf(
  { n, user, peer, dim, terms: rows = new Float32Array(0) }: Pool,
  { transform, scale, bias, tasks = [] }: WeightRule,
  people: readonly TermValues[],
  i: number,
  j: number,
): [me: TermValues, you: TermValues] {
  const chances = (own: number, other: number): TermValues =>
    Object.fromEntries(
      tasks.map((task) => {
        let dot = 0;
        for (let k = 0; k < task.length; k++)
          dot += rows[(task.user + k) * n + own] * rows[(task.peer + k) * n + other];
        return [task.name, 1 / (1 + Math.exp(-(task.scale * dot + task.bias)))];
      }),
    );
  const side = (own: number, other: number): TermValues => {
    const known = { ...people[own], ...chances(own, other) };
    let dot = 0;
    for (let e = 0; e < dim; e++) dot += user[own * dim + e] * peer[other * dim + e];
    const raw = Math.fround(Math.fround(Math.fround(scale) * dot) + Math.fround(bias));
    const limit = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
    if (transform === 'exp') {
      const log = limit(raw, -MAX_LOG, MAX_LOG);
      return { ...known, log, score: Math.exp(log), points: Math.exp(log) };
    }
    const score = limit(raw, Math.exp(-MAX_LOG), Math.exp(MAX_LOG));
    return { ...known, log: Math.log(score), score, points: limit(raw, -MAX_POINTS, MAX_POINTS) };
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
    if (termOf.get(name)!.predicted !== true) return { low: value, high: value };
    return { low: value - wide, high: value + wide };
  });
  return found.get(order.at(-1)!)!;
}
