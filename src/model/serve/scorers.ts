import { LabError } from '../../base/errors.ts';
import { compileFormula, scorerProblem } from '../../scenario/formula/language.ts';
import { NO_VECTORS } from '../../scenario/parse.ts';
import { termRows } from '../../score/formula/program.ts';
import { NONE, RECENT_SLOTS, type Pool, type WeightRule } from '../../score/types.ts';
import type { TowerInput } from '../layout/tower.ts';
import { countries, languages } from '../../scenario/countries.ts';
import type { Policy, ScorerName } from '../../scenario/schema.ts';
import type { OwnVectors } from '../../world/cast.ts';
import { fillTerms } from '../../world/formula-terms.ts';
import type { People, World } from '../../world/types.ts';
import { createOracle, ORACLE_DIM, type Oracle } from './oracle.ts';
import { rulePersonPoints, RULES_DIM, ruleVectors } from './rules.ts';
import { Scratch } from './scratch.ts';
import { isFamilyScorer, type Families } from './families.ts';
import type { TaskTerms } from './tasks/task-terms.ts';
import type { TowerModel } from '../layout/save-towers.ts';

/** The result of a scorer: the pool of the people who wait, and how to weigh pairs. */
export interface ScoredPool {
  readonly pool: Pool;
  readonly rule: WeightRule;
}

/** The people who wait, as the input of a scorer. */
export interface WaitingPool {
  readonly n: number;
  /** u32[>= n]: person ids. */
  readonly ids: Uint32Array;
  /** f32[>= n]: seconds each person has waited. */
  readonly waited: Float32Array;
  /** u32[people][RECENT_SLOTS]: last partners, by person id. */
  readonly recent: Uint32Array;
  /** By person id, for formulas: matches of the last minutes, and last dual prices; default 0. */
  readonly matches?: ArrayLike<number>;
  readonly price?: ArrayLike<number>;
}

/**
 * Scores the people who wait. The result's arrays are valid until the next call.
 *
 * `common` is the part of `policy.bonus` that the weights leave out (see {@link commonBonus});
 * default: that of a pool in which all have this policy.
 */
export type Scorer = (policy: Policy, waiting: WaitingPool, common?: number) => ScoredPool;

/** Bits of Pool.have and Pool.avoid: genders 0-1, countries 2-9, languages 10-17, arms 18-19. */
export const GENDER_BIT = 0;
export const COUNTRY_BIT = 2;
const LANGUAGE_BIT = 10;
/** Bit of the people of arm A and of arm B, where two arms share a tick (sim/mixed-pool.ts). */
export const ARM_BITS = [1 << 18, 1 << 19] as const;
const allCountries = ((1 << countries.length) - 1) << COUNTRY_BIT;
const allLanguages = ((1 << languages.length) - 1) << LANGUAGE_BIT;

/**
 * The scorers of the policies, over the people of one world.
 *
 * - random: a hash of the pair; threshold, waiting bonus and bonus do not apply.
 * - first-come: weight = seconds waited by both; nothing else applies.
 * - rules: points (rules.ts). - oracle: the ground truth (oracle.ts), seconds. - towers: `towers`,
 *   seconds.
 * - wide-deep, wide-deep-s, cupid: `families`, seconds. Call `families.prepare` first in every
 *   tick.
 * - vectors: the user's own vectors of imported people (world/cast.ts), seconds.
 *
 * Throws LabError if a policy needs weights that are not loaded.
 */
export function createScorer(world: World, towers?: TowerModel, families?: Families): Scorer {
  const { people } = world;
  const scratch = new Scratch();
  const oracle = createOracle(world);

  return (policy, waiting, common = commonBonus([policy])) => {
    const { n, ids: allIds, waited: allWaited, recent: memory } = waiting;
    const { scorer } = policy;
    const ids = scratch.u32('ids', n);
    ids.set(allIds.subarray(0, n));
    const waited = scratch.f32('waited', n);
    waited.set(allWaited.subarray(0, n));
    const have = scratch.u32('have', n);
    const avoid = scratch.u32('avoid', n);
    const speaks = scratch.u32('speaks', n);
    const recent = scratch.u32('recent', n * RECENT_SLOTS);
    const bonus = scratch.f32('bonus', n);
    for (let i = 0; i < n; i++) {
      const id = ids[i];
      have[i] = haveBits(people, id);
      avoid[i] = avoidBits(people, id, scorer === 'rules');
      speaks[i] = people.speaks[id];
      for (let s = 0; s < RECENT_SLOTS; s++)
        recent[i * RECENT_SLOTS + s] = memory[id * RECENT_SLOTS + s] ?? NONE;
      bonus[i] = personBonus(policy, people, id, waited[i], common);
    }
    const vectors = fill(policy, world, ids, scratch, oracle, towers, families);
    const { formula } = policy;
    const names = formula === '' ? [] : compileFormula(formula).personTerms;
    const tasks = tasksOf(policy, ids, names.length, families, scratch);
    const terms = scratch.f32('terms', n * rowsWith(tasks, names.length));
    const { matches, price } = waiting;
    fillTerms(names, { people, ids, waited, bonus, matches, price }, n, terms);
    if (tasks !== undefined) terms.set(tasks.values, terms.length - tasks.values.length);
    // The weight is the formula's value.
    if (formula !== '') bonus.fill(0);
    return {
      pool: { n, ids, waited, have, avoid, speaks, recent, bonus, terms, ...vectors.pool },
      rule: {
        ...vectors.rule,
        ...(formula !== '' && { formula }),
        ...(tasks && { tasks: tasks.heads }),
        combination: policy.combination,
        threshold: judges(scorer) && policy.threshold > 0 ? policy.threshold - 2 * common : -Infinity,
      },
    };
  };
}

/** The tasks that a policy's formula reads, after `count` other terms; undefined where none. */
function tasksOf(
  policy: Policy,
  ids: Uint32Array,
  count: number,
  families: Families | undefined,
  scratch: Scratch,
): TaskTerms | undefined {
  const { formula, scorer } = policy;
  if (formula === '') return undefined;
  const { tasks } = compileFormula(formula);
  if (tasks.length === 0) return undefined;
  const problem = scorerProblem(policy);
  if (problem !== undefined || families === undefined || !isFamilyScorer(scorer))
    throw new LabError(problem ?? `this market cannot score with ${scorer}`, 'policy.formula');
  return families.taskTerms(scorer, tasks, ids, ids.length, firstTask(count), scratch);
}

/** Vectors begin at a multiple of four rows, as a GPU reads them. */
export const firstTask = (count: number): number => 4 * Math.ceil(count / 4);

const rowsWith = (tasks: TaskTerms | undefined, count: number): number =>
  tasks === undefined ? count : termRows({ personTerms: { length: count } }, tasks.heads);

/** What the waiting bonus, the bonus and the points of the rules give person `id`, in f32. */
export function personBonus(policy: Policy, people: People, id: number, waited: number, common = 0): number {
  const f = Math.fround;
  const { scorer, waitingBonus } = policy;
  const waiting = scorer === 'random' ? 0 : scorer === 'first-come' ? waited : waitingBonus * waited;
  const points = scorer === 'rules' ? rulePersonPoints(people, id) : 0;
  return f(f(f(waiting) + points) + (bonusOf(policy) - common));
}

/** Whether threshold, waiting bonus and bonus apply to a scorer. */
const judges = (scorer: ScorerName): boolean => scorer !== 'random' && scorer !== 'first-come';

const bonusOf = ({ scorer, bonus }: Policy): number => (judges(scorer) ? bonus : 0);

/**
 * The part of the bonus that all people who wait have in common, where each of them has one of
 * these policies. Weights leave it out, and the threshold is lower by twice as much. Such a
 * constant does not change the order of pairs, but it would change the matching: a sum with 2,000
 * rounds an f32 weight to 1/8,192, and weights that rounding makes equal are ordered by their hash.
 *
 * 0 for the auction and for formulas. The heaviest matching depends on the constant: more pairs
 * get it more often.
 */
export function commonBonus(policies: readonly Policy[]): number {
  return policies.some((p) => p.matcher === 'auction' || p.formula !== '')
    ? 0
    : Math.min(...policies.map(bonusOf));
}

interface Vectors {
  readonly pool: Pick<Pool, 'dim' | 'user' | 'peer' | 'features'>;
  readonly rule: Pick<WeightRule, 'transform' | 'scale' | 'bias'>;
}

function fill(
  { scorer }: Policy,
  { people, cast }: World,
  ids: Uint32Array,
  scratch: Scratch,
  oracle: Oracle,
  towers: TowerModel | undefined,
  families: Families | undefined,
): Vectors {
  const n = ids.length;
  if (isFamilyScorer(scorer)) {
    if (families === undefined)
      throw new LabError(`this market cannot score with ${scorer}; choose another scorer`, 'policy.scorer');
    const { tower, scale, bias, input } = families.inputs(scorer, ids, n, scratch);
    return {
      pool: { dim: tower.dim, features: input, user: empty, peer: empty },
      rule: { transform: 'exp', scale, bias },
    };
  }
  if (scorer === 'towers') {
    if (towers === undefined)
      throw new LabError(
        'this policy scores with towers, but its weights are not loaded; load them or choose another scorer',
        'policy.scorer',
      );
    const { tower, scale, bias } = towers;
    const sparse = scratch.u32('sparse', n * tower.slots);
    const dense = scratch.f32('dense', n * tower.dense);
    towers.features(people, ids, n, sparse, dense);
    const features: TowerInput = { tower, sparse, dense };
    return {
      pool: { dim: tower.dim, features, user: empty, peer: empty },
      rule: { transform: 'exp', scale, bias },
    };
  }
  if (scorer === 'vectors') return ownVectors(cast?.vectors, ids, scratch);
  const dim = scorer === 'oracle' ? ORACLE_DIM : scorer === 'rules' ? RULES_DIM : 4;
  const user = scratch.f32('user', n * dim);
  const peer = scratch.f32('peer', n * dim);
  const pool = { dim, user, peer };
  switch (scorer) {
    case 'oracle':
      for (let i = 0; i < n; i++) oracle.vectors(ids[i], user, peer, i * dim);
      return { pool, rule: { transform: 'exp', scale: oracle.scale, bias: oracle.bias } };
    case 'rules':
      for (let i = 0; i < n; i++) ruleVectors(people, ids[i], user, peer, i * dim);
      return { pool, rule: { transform: 'identity', scale: 1, bias: 0 } };
    case 'first-come':
    case 'random':
      user.fill(0);
      peer.fill(0);
      return { pool, rule: { transform: scorer === 'random' ? 'hash' : 'identity', scale: 1, bias: 0 } };
  }
}

const empty = new Float32Array(0);

function ownVectors(own: OwnVectors | undefined, ids: Uint32Array, scratch: Scratch): Vectors {
  if (own === undefined) throw noVectors();
  const { dim, peer, user: sought = peer, scale, bias } = own;
  const rows = (name: string, from: Int16Array) => {
    const to = scratch.f32(name, ids.length * dim);
    for (let i = 0; i < ids.length; i++)
      for (let k = 0; k < dim; k++) to[i * dim + k] = from[ids[i] * dim + k];
    return to;
  };
  return {
    pool: { dim, user: rows('user', sought), peer: rows('peer', peer) },
    rule: { transform: 'exp', scale, bias },
  };
}

/** A policy scores with vectors that these people do not have. */
export const noVectors = (): LabError => new LabError(NO_VECTORS, 'policy.scorer');

/** Attribute bits that person `id` has. */
function haveBits(people: People, id: number): number {
  return (
    (1 << (GENDER_BIT + people.gender[id])) |
    (1 << (COUNTRY_BIT + people.country[id])) |
    (1 << (LANGUAGE_BIT + people.language[id]))
  );
}

/** Attribute bits that person `id` does not accept; with the rules, other device languages too. */
function avoidBits(people: People, id: number, sameDeviceLanguage: boolean): number {
  let bits = (~people.wantsGender[id] & 3) << GENDER_BIT;
  if (people.wantsOwnCountry[id] === 1) bits |= allCountries & ~(1 << (COUNTRY_BIT + people.country[id]));
  if (sameDeviceLanguage) bits |= allLanguages & ~(1 << (LANGUAGE_BIT + people.language[id]));
  return bits;
}
