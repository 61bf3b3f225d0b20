import { hash4 } from '../../src/base/hash.ts';

/**
 * Anchors of the countries on the unit disc (y upwards), in the order of scenario/countries.ts: JP,
 * KR, US, TR, DE, BR, ID, FR. They follow a world map roughly and are far enough apart not to
 * overlap.
 */
const anchors: readonly (readonly [number, number])[] = [
  [0.76, 0.14],
  [0.38, 0.6],
  [-0.72, 0.26],
  [0.2, -0.14],
  [-0.08, 0.2],
  [-0.5, -0.52],
  [0.48, -0.66],
  [-0.3, 0.74],
];

/** Anchor of a country. Countries beyond the table lie on a spiral. */
export function anchorOf(country: number): readonly [number, number] {
  if (country < anchors.length) return anchors[country];
  const turn = country * 2.399963;
  return [0.8 * Math.cos(turn), 0.8 * Math.sin(turn)];
}

/** Observable side information of the people in the pool. Each array has at least n elements. */
export interface PersonAttributes {
  readonly country: Uint8Array;
  readonly gender: Uint8Array;
  readonly age: Uint8Array;
}

const SALT = 0x5eed;

/** Two standard normal numbers that depend only on the id. */
export function jitter(id: number): [number, number] {
  const u = (hash4(SALT, id, 1, 0) + 1) * 2 ** -32;
  const turn = hash4(SALT, id, 2, 0) * 2 ** -32 * 2 * Math.PI;
  const radius = Math.sqrt(-2 * Math.log(Math.min(1, u)));
  return [radius * Math.cos(turn), radius * Math.sin(turn)];
}

/**
 * A position for a scorer without embeddings: the country's anchor, women to the left and men to
 * the right, age upwards, and a fixed jitter by id. It shows who a person is, not whom they like,
 * so the page must not call it a projection.
 */
export function fixedPlace(
  id: number,
  country: number,
  gender: number,
  age: number,
  out: Float32Array,
  at: number,
): void {
  const [ax, ay] = anchorOf(country);
  const [jx, jy] = jitter(id);
  out[at] = ax + (gender === 0 ? -0.055 : 0.055) + 0.115 * jx;
  out[at + 1] = ay + 0.035 * (age - 1.5) + 0.115 * jy;
}
