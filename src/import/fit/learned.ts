import { exp, log } from '../../base/math.ts';
import { CLAMP, MAX_NORM, type Tower } from '../../model/layout/tower.ts';
import { normalCdf } from '../../model/serve/oracle.ts';
import type { TowerModel } from '../../model/layout/save-towers.ts';
import { TASTE } from '../../world/types.ts';
import type { Fit } from './fit-types.ts';
import { tasteVectors } from './taste-vectors.ts';
import type { ImportedPeople } from '../read/people.ts';

/**
 * What a scorer could have learned from half of the meetings: the model of the truth, fitted to
 * less data, so that it has errors as a scorer does. It replaces the shipped towers, which know
 * other people.
 */
export interface Learned {
  /**
   * f32[count][2 DIM]: each person's vector as the one who chooses, then as the one who is chosen.
   */
  readonly vectors: Float32Array;
  /** ln seconds that are added to a dot product. */
  readonly mean: number;
  readonly tail: number;
}

/** TASTE, talk, charm, padded to a multiple of 4. */
const DIM = 16;

export function learnedOf(fit: Fit, people: ImportedPeople): Learned {
  const { user, peer } = tasteVectors(fit, people);
  const vectors = new Float32Array(people.count * 2 * DIM);
  for (let p = 0; p < people.count; p++) {
    const at = p * 2 * DIM;
    for (let k = 0; k < TASTE; k++) {
      vectors[at + k] = user[p * TASTE + k];
      vectors[at + DIM + k] = peer[p * TASTE + k];
    }
    vectors[at + TASTE] = fit.talk[p];
    vectors[at + DIM + TASTE] = 1;
    vectors[at + TASTE + 1] = 1;
    vectors[at + DIM + TASTE + 1] = fit.charm[p];
  }
  return { vectors, mean: fit.mean, tail: fit.tail };
}

/**
 * A tower that looks up its vectors by person: one slot, one row per person, and a layer of zeros.
 */
export function learnedTowers({ vectors, mean, tail }: Learned): TowerModel {
  const rows = vectors.length / (2 * DIM);
  let component = 1;
  let norm = 1;
  for (let at = 0; at < vectors.length; at += DIM) {
    let q = 0;
    for (let k = 0; k < DIM; k++) {
      const v = vectors[at + k];
      component = Math.max(component, Math.abs(v));
      q += v * v;
    }
    norm = Math.max(norm, Math.sqrt(q));
  }
  // Rounding to integers can lengthen a vector by half of sqrt(DIM).
  const quantum = Math.max(component / CLAMP, norm / (MAX_NORM - 6));
  const tower: Tower = {
    dim: DIM,
    slots: 1,
    embed: 1,
    dense: 0,
    rows,
    embedding: new Float32Array(rows),
    wide: vectors,
    layers: [{ inputs: 1, outputs: 2 * DIM, w: new Float32Array(2 * DIM), b: new Float32Array(2 * DIM) }],
    quantum,
  };
  const scale = quantum * quantum;
  // From one side's median to the expected length of the chat, as in model/serve/oracle.ts.
  const bias = mean + log(2 * exp((tail * tail) / 2) * normalCdf(-tail / Math.SQRT2));
  return {
    tower,
    scale,
    bias,
    logBias: mean,
    features: (_people, ids, n, sparse) => {
      for (let i = 0; i < n; i++) sparse[i] = ids[i];
    },
  };
}
