import { pairHash } from '../base/hash.ts';
import { dot, rowDots, someDots } from './dots.ts';
import { Law } from './kernel-input.ts';
import { largestDot, scoreKernel } from './kernel.ts';
import type { KernelInput } from './kernel-input.ts';
import { checkFinite, checkPool } from './check-pool.ts';
import { combiner } from './combine.ts';
import { openFormula } from './formula/open.ts';
import { dotError, nearPairs } from './candidates/near.ts';
import type { NearPairs } from './candidates/near.ts';
import { once } from './source.ts';
import type { PairSource } from './source.ts';
import type { KernelTeam } from './threads/team.ts';
import { NONE, RECENT_SLOTS } from './types.ts';
import type { Pool, WeightRule } from './types.ts';

const f = Math.fround;
const noTerms = new Float32Array(0);

/** What one side of a pair predicts: scale * dot + bias, each in f32; ln s under 'exp'. */
export interface PairSide {
  readonly dot: number;
  readonly scale: number;
  readonly bias: number;
  readonly score: number;
}

interface PoolSource extends PairSource {
  /** Both sides' scores of a pair, eligible or not: of i for j, and of j for i. */
  sides(i: number, j: number): readonly [PairSide, PairSide];
}

/** Whether attribute bits and languages admit the pair. Symmetric. */
export function admitted(pool: Pool, i: number, j: number): boolean {
  const { have, avoid, speaks } = pool;
  return (avoid[i] & have[j]) === 0 && (avoid[j] & have[i]) === 0 && (speaks[i] & speaks[j]) !== 0;
}

/** Whether the two met recently. One side's memory suffices. */
export function metLately(pool: Pool, i: number, j: number): boolean {
  const { recent, ids } = pool;
  const a = ids[i];
  const b = ids[j];
  for (let s = 0, p = i * RECENT_SLOTS, q = j * RECENT_SLOTS; s < RECENT_SLOTS; s++)
    if ((recent[p + s] === b && b !== NONE) || (recent[q + s] === a && a !== NONE)) return true;
  return false;
}

/**
 * The pairs of a pool under a rule, in f32 semantics: every operation is rounded to f32 (dots of
 * integer vectors are exact).
 *
 * @param vectors user and peer, f32[n][dim], where the pool carries features instead. The caller
 *   has checked such a pool before it computed them.
 * @param team threads that help with large pools.
 * @throws LabError where an array has the wrong length or a number is not finite.
 */
export function poolSource(
  pool: Pool,
  rule: WeightRule,
  seed: number,
  vectors: { user: Float32Array; peer: Float32Array } = pool,
  team?: KernelTeam,
): PoolSource {
  if (vectors === pool) checkPool(pool, rule, false);
  const { n, dim } = pool;
  const { user, peer } = vectors;
  const largest = rule.transform === 'hash' ? 0 : largestDot(user, peer, n, dim, rule.second?.from);
  // Whole numbers are finite.
  if (largest === Infinity) {
    const name = vectors === pool ? 'pool.' : '';
    checkFinite(`${name}user`, user);
    checkFinite(`${name}peer`, peer);
  }
  const { ids, bonus } = pool;
  const { transform, combination, threshold } = rule;
  const { scale, bias } = ownLines(pool, rule);
  const formula = rule.formula === undefined ? undefined : openFormula(rule.formula, transform, rule.tasks);
  const terms = pool.terms ?? noTerms;
  const cut = threshold;
  const hashed = transform === 'hash';
  const law = transform === 'exp' ? 'exp' : 'identity';
  const combine = combiner(law, combination);
  const hashOf = (i: number, j: number): number => f(pairHash(ids[i], ids[j], seed) * 2 ** -32);
  const scoreOf = (i: number, d: number): number => f(f(scale[i] * f(d)) + bias[i]);
  const finish = (i: number, j: number, a: number, b: number): number => {
    const hash = hashed ? hashOf(i, j) : 0;
    const x = hashed ? hash : scoreOf(i, a);
    const y = hashed ? hash : scoreOf(j, b);
    const w = formula !== undefined ? formula.weigh(x, y, terms, n, i, j) : hashed ? hash : combine(x, y);
    const total = f(w + f(bonus[i] + bonus[j]));
    return total > cut ? total : -Infinity;
  };
  const dense = (): NearPairs | undefined => {
    // The mean of two exponentials is not bounded by the exponential of the mean.
    if (hashed || formula !== undefined || (law === 'exp' && combination === 'sum')) return undefined;
    const wide = [user, peer].map((v) => new Float64Array(v.subarray(0, n * dim)));
    const square = Float64Array.from({ length: n }, (_, i) => {
      const at = i * dim;
      return dot(user, at, user, at, dim) + dot(peer, at, peer, at, dim);
    });
    const longest = square.reduce((a, b) => Math.max(a, b), 0);
    const highest = bonus.reduce((most, b) => Math.max(most, Math.abs(b)), 0);
    const steepest = scale.reduce((most, s) => (Math.abs(s) > Math.abs(most) ? s : most), 0);
    const shifted = bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0);
    // Bound on all scores, by Cauchy-Schwarz and the geometric mean of two lengths.
    const range = (Math.abs(steepest) * longest) / 2 + shifted;
    const most = law === 'exp' ? Math.max(1, range) : range + 2 * highest;
    if (steepest === 0) return undefined;
    if (!(longest > 2 ** -60 && longest < 2 ** 60 && most > 2 ** -60 && most < 2 ** 60)) return undefined;
    // One dot product for both sides' scores: half of (scale_i user_i, peer_i) . (peer_j, scale_j
    // user_j). Scales enter relative to the largest, so that both halves keep their size.
    const joined = (times: number, userFirst: boolean) => {
      const rows = new Float64Array(2 * n * dim);
      for (let i = 0, to = 0; i < n; i++)
        for (const ofUser of [userFirst, !userFirst]) {
          const v = ofUser ? user : peer;
          const own = ofUser ? times * (scale[i] / steepest) : times;
          for (let e = i * dim; e < (i + 1) * dim; e++) rows[to++] = v[e] * own;
        }
      return rows;
    };
    const both = { x: joined(steepest / (2 * most), true), y: joined(1, false) };
    const [{ above }] = rowDots([both], n, 2 * dim, true);
    if (above === undefined) return undefined;
    const [score, back] = [new Float64Array(n), new Float64Array(n)];
    const forth = { x: wide[0], y: wide[1] };
    const from = { x: wide[1], y: wide[0] };
    return nearPairs({
      above,
      law: law === 'exp' ? 'exp' : 'linear',
      max: most,
      // Scores and weights are rounded a few times.
      error: square.map(
        (s) =>
          (((Math.abs(steepest) * s) / 4) * (dotError(2 * dim) + 2 ** -20) +
            (shifted + (law === 'exp' ? 1 : 0)) * 2 ** -21) /
          most,
      ),
      bias,
      shift: bonus,
      weigh(i, people, count, out) {
        someDots(forth, dim, i, people, count, score);
        someDots(from, dim, i, people, count, back);
        for (let h = 0; h < count; h++) {
          const j = people[h];
          out[j] = i !== j && admitted(pool, i, j) ? finish(i, j, score[j], back[j]) : -Infinity;
        }
      },
    });
  };

  const kernel = once(() =>
    scoreKernel(
      {
        ...{ ...pool, law: lawOf(rule), user, peer, largest, scale, bias, threshold, seed },
        formula: formula && { ...formula, terms },
      },
      team,
    ),
  );
  const eligibleWeight = (i: number, j: number): number => {
    if (i === j || !admitted(pool, i, j)) return -Infinity;
    if (hashed) return finish(i, j, 0, 0);
    // Both as `dot`, at once, because independent sums overlap.
    let [a, b] = [0, 0];
    for (let e = i * dim, o = j * dim, end = e + dim; e < end; e++, o++) {
      a += user[e] * peer[o];
      b += peer[e] * user[o];
    }
    return finish(i, j, a, b);
  };

  return {
    n,
    ids,
    dense: once(dense),
    kernel,
    row(i, from, out) {
      const fast = kernel();
      if (fast !== undefined) fast.row(i, from, out);
      else for (let j = from; j < n; j++) out[j] = eligibleWeight(i, j);
    },
    admits: (i, j) => !metLately(pool, i, j),
    weight: (i, j) => (metLately(pool, i, j) ? -Infinity : eligibleWeight(i, j)),
    tie: (i, j) => pairHash(ids[i], ids[j], seed),
    sides(i, j) {
      const side = (p: number, d: number): PairSide => ({
        ...{ dot: d, scale: scale[p], bias: bias[p] },
        score: hashed ? hashOf(i, j) : scoreOf(p, d),
      });
      return [
        side(i, hashed ? 0 : dot(user, i * dim, peer, j * dim, dim)),
        side(j, hashed ? 0 : dot(peer, i * dim, user, j * dim, dim)),
      ];
    },
  };
}

function lawOf({ transform, combination, formula }: WeightRule): KernelInput['law'] {
  if (formula !== undefined) return transform === 'hash' ? Law.formulaOfHash : Law.formula;
  if (transform === 'hash') return Law.hash;
  if (transform === 'exp') return Law[combination];
  return combination === 'minimum' ? Law.smaller : Law.mean;
}

/** Scale and bias of everybody's own scorer, in f32: f64[n] each. */
function ownLines(
  { n, have }: Pool,
  { scale, bias, second }: WeightRule,
): { scale: Float64Array; bias: Float64Array } {
  const own = { scale: new Float64Array(n).fill(f(scale)), bias: new Float64Array(n).fill(f(bias)) };
  if (second !== undefined)
    for (let i = 0; i < n; i++)
      if ((have[i] & second.bit) !== 0) {
        own.scale[i] = f(second.scale);
        own.bias[i] = f(second.bias);
      }
  return own;
}
