import { NONE } from '../score/types.ts';

/** A matching in the pool's order. */
export interface Pairing {
  /** i32[n]: partner, -1 for none. */
  readonly mate: Int32Array;
  /** f64[n]: weight of each person's pair, 0 without a partner. */
  readonly weight: Float64Array;
}

/** A matching as the GPU holds it: in the shuffled order of the tick. */
export interface GpuPairing {
  /** u32[n]: partner, NONE for none. */
  readonly mates: Uint32Array;
  readonly weights: Float32Array;
}

export function emptyPairing(n: number): Pairing {
  return { mate: new Int32Array(n).fill(-1), weight: new Float64Array(n) };
}

/** @param order u32[n]: position in the pool of each position on the GPU. */
export function toPoolOrder(order: Uint32Array, { mates, weights }: GpuPairing): Pairing {
  const pairing = emptyPairing(order.length);
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    if (mates[k] !== NONE) pairing.mate[i] = order[mates[k]];
    pairing.weight[i] = weights[k];
  }
  return pairing;
}

export function toGpuOrder(order: Uint32Array, { mate, weight }: Pairing): GpuPairing {
  const place = placesOf(order);
  return {
    mates: Uint32Array.from(order, (i) => (mate[i] < 0 ? NONE : place[mate[i]])),
    weights: Float32Array.from(order, (i) => weight[i]),
  };
}

/** The inverse of a permutation. */
export function placesOf(order: Uint32Array): Uint32Array {
  const place = new Uint32Array(order.length);
  order.forEach((i, k) => (place[i] = k));
  return place;
}
