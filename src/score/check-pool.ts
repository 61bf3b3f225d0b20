import { LabError, must } from '../base/errors.ts';
import { compileFormula } from '../scenario/formula/language.ts';
import { termRows } from './formula/program.ts';
import { RECENT_SLOTS } from './types.ts';
import type { Pool, WeightRule } from './types.ts';

/** Positions in a pool are stored in 24 bits. */
const MAX_PEOPLE = 2 ** 24;
const MAX_DIM = 1024;
const none = new Float32Array(0);

/**
 * Refuses a pool or a rule that breaks the contract of {@link Pool}, on every backend alike.
 *
 * @param vectors also checks that every component of the vectors is finite; a GPU does it itself.
 * @throws LabError that names the array, the position, the value and the limit.
 */
export function checkPool(pool: Pool, rule: WeightRule, vectors = true): void {
  const { n, dim, features } = pool;
  must(Number.isInteger(n) && n >= 0, `a pool has n = 0, 1, 2, ... people, not ${n}`);
  must(n < MAX_PEOPLE, `a pool of ${n} people is too large; the limit is ${MAX_PEOPLE - 1}`);
  must(
    Number.isInteger(dim) && dim % 4 === 0 && dim >= 0 && dim <= MAX_DIM,
    `pool.dim is ${dim}; expected a multiple of 4 up to ${MAX_DIM}. Pad the vectors with zeros.`,
  );
  const finite: [string, Float32Array, number][] = [
    ['bonus', pool.bonus, n],
    ['waited', pool.waited, n],
  ];
  const words: [string, ArrayLike<number>, number][] = [
    ['ids', pool.ids, n],
    ['have', pool.have, n],
    ['avoid', pool.avoid, n],
    ['speaks', pool.speaks, n],
    ['recent', pool.recent, n * RECENT_SLOTS],
  ];
  if (rule.formula !== undefined)
    finite.push(['terms', pool.terms ?? none, n * termRows(compileFormula(rule.formula), rule.tasks ?? [])]);
  if (features !== undefined) {
    const { tower, sparse, dense, session } = features;
    must(tower.dim === dim, `the tower computes vectors of ${tower.dim} components; pool.dim is ${dim}`);
    words.push(['features.sparse', sparse, n * tower.slots]);
    finite.push(['features.dense', dense, n * tower.dense]);
    if (session !== undefined)
      finite.push(['features.session', session, n * (tower.head?.inputs ?? Infinity)]);
  }
  const scored: typeof finite =
    features === undefined && rule.transform !== 'hash'
      ? [
          ['user', pool.user, n * dim],
          ...(pool.peer === pool.user ? [] : [['peer', pool.peer, n * dim] satisfies (typeof finite)[0]]),
        ]
      : [];
  for (const [name, array, size] of [...words, ...finite, ...scored])
    must(array.length >= size, `pool.${name} holds ${array.length} values; ${n} people need ${size}`);
  if (features !== undefined) {
    const { sparse, tower } = features;
    const used = sparse.subarray(0, n * tower.slots);
    let largest = 0;
    for (const row of used) largest = Math.max(largest, row);
    const at = largest < tower.rows ? -1 : used.findIndex((row) => row >= tower.rows);
    must(at < 0, `pool.features.sparse[${at}] is ${used[at]}; the tower has ${tower.rows} rows`);
  }
  must(!Number.isNaN(rule.threshold), 'the threshold is not a number; use -Infinity to switch it off');
  for (const { scale, bias } of [rule, rule.second ?? rule])
    must(
      Number.isFinite(Math.fround(scale)) && Number.isFinite(Math.fround(bias)),
      `scale ${scale} and bias ${bias} must be finite`,
    );
  for (const [name, values] of vectors ? [...finite, ...scored] : finite) checkFinite(`pool.${name}`, values);
}

/** @throws LabError that names the first value that is NaN or infinite. */
export function checkFinite(name: string, values: Float32Array): void {
  // A float64 sum of f32 values is finite exactly if all of them are.
  let [sum, other, k] = [0, 0, 0];
  for (; k + 1 < values.length; k += 2) {
    sum += values[k];
    other += values[k + 1];
  }
  if (k < values.length) sum += values[k];
  if (Number.isFinite(sum + other)) return;
  const at = values.findIndex((v) => !Number.isFinite(v));
  throw new LabError(`${name}[${at}] is ${values[at]}; only finite numbers can be matched`);
}
