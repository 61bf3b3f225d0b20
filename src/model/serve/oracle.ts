import { exp, log } from '../../base/math.ts';
import { must } from '../../base/errors.ts';
import { MAX_NORM } from '../layout/tower.ts';
import { ageBands } from '../../scenario/countries.ts';
import { PERSON_SIGMAS, REPORTED_CHARM } from '../../world/birth.ts';
import { WISH_UNIT, wishes } from '../../world/law.ts';
import { TASTE, type World } from '../../world/types.ts';
import { TASTE_SIGMA } from '../../world/world.ts';

/** TASTE taste, 1 talk, 1 charm, 8 languages, 5 age bands, padded to a multiple of 4. */
export const ORACLE_DIM = 28;

export interface Oracle {
  /** Predicted seconds = exp(scale dot + bias), for the dot product of the integer vectors. */
  readonly scale: number;
  readonly bias: number;
  /** Writes both integer vectors of person `id` with current mood, f32[ORACLE_DIM] at `at`. */
  vectors(id: number, user: Float32Array, peer: Float32Array, at: number): void;
}

/**
 * The ground truth as a dot product. user . peer * scale + bias is the location of a's time with b,
 * with wish and mood, accurate to about .01 (the vectors are rounded to integers), plus the
 * correction from one side's median to the expected length of the chat: E min(X, Y) = 2
 * exp(location + s^2 / 2) Phi(-s / sqrt 2) for two sides of equal location and tail s.
 */
export function createOracle(world: World): Oracle {
  const { people, countryTalk, scenario } = world;
  const { taste, language, age, mood, hub, talkSpread, tail, tonight } = scenario.behaviour;
  // Taste and tonight's wish share one vector: both multiply the other person's appeal.
  const maxWish = WISH_UNIT * tonight;
  const wTaste = Math.sqrt((taste + maxWish) * TASTE_SIGMA);
  const tastePart = wTaste === 0 ? 0 : (taste * TASTE_SIGMA) / wTaste;
  const wishPart = wTaste === 0 ? 0 : (WISH_UNIT * TASTE_SIGMA) / wTaste;
  const wLanguage = Math.sqrt(language);
  const wAge = Math.sqrt(2 * age);
  const maxTalk = Math.max(...countryTalk.map(Math.abs)) + talkSpread * PERSON_SIGMAS + mood;
  const maxCharm = hub * (PERSON_SIGMAS - REPORTED_CHARM);
  const ageNorm = Math.hypot(...ageBands.map((_, distance) => distance)) * (wAge / 2);
  const quantumUser = Math.hypot(wTaste, maxTalk, 1, wLanguage, wAge) / (MAX_NORM - 8);
  const quantumPeer = Math.hypot(wTaste, 1, maxCharm, wLanguage, ageNorm) / (MAX_NORM - 8);
  must(
    Number.isFinite(quantumUser * quantumPeer),
    `the scores of this world are not bounded; their quantum is ${quantumUser * quantumPeer}: lower the knobs of behaviour`,
  );
  const put = (x: number, quantum: number) => Math.round(x / quantum);

  return {
    scale: quantumUser * quantumPeer,
    bias: world.base + log(2 * exp((tail * tail) / 2) * normalCdf(-tail / Math.SQRT2)),
    vectors(id, user, peer, at) {
      const wished = wishes[people.wish[id]];
      for (let k = 0; k < TASTE; k++) {
        user[at + k] = put(
          tastePart * people.taste[id * TASTE + k] + wishPart * people.whim[id] * wished[k],
          quantumUser,
        );
        peer[at + k] = put(wTaste * people.appeal[id * TASTE + k], quantumPeer);
      }
      user[at + 12] = put(
        countryTalk[people.country[id]] + people.talk[id] + mood * people.mood[id],
        quantumUser,
      );
      peer[at + 12] = put(1, quantumPeer);
      user[at + 13] = put(1, quantumUser);
      peer[at + 13] = put(people.charm[id], quantumPeer);
      user.fill(0, at + 14, at + ORACLE_DIM);
      peer.fill(0, at + 14, at + ORACLE_DIM);
      user[at + 14 + people.language[id]] = put(wLanguage, quantumUser);
      peer[at + 14 + people.language[id]] = put(wLanguage, quantumPeer);
      user[at + 22 + people.age[id]] = put(wAge, quantumUser);
      if (age > 0)
        for (let band = 0; band < ageBands.length; band++)
          peer[at + 22 + band] = put((-age / wAge) * Math.abs(band - people.age[id]), quantumPeer);
    },
  };
}

/** Normal distribution function (Abramowitz and Stegun 1964, 7.1.26; error below 1.5e-7). */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * exp(-z * z);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
