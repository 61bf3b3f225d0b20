/*
 * The memory of the scoring kernel: vectors, attributes and lists of people. Vectors are in blocks
 * of 4 people, [block][k][person]: two components of 16 bits at a time, or one f64. Addresses are
 * in bytes. `score/kernel.ts` fills it.
 */

/** What makes a weight of two dot products; `Law` in `score/kernel.ts` has the same numbers. */
// prettier-ignore
export const enum Laws { hash, single, mean, smaller, product, minimum, sum, harmonic }
/** What becomes of weights; `best` and `dense` read whole rows. */
export const enum Mode {
  half,
  best,
  dense,
}
export let law: i32 = 0;
export let is16: bool = false;
/** Bytes of a block of 4 people. */
export let bytes: usize = 0;
/** Bytes of one attribute of all people. */
export let stride: usize = 0;
export let user: usize = 0;
export let peer: usize = 0;
/** Attributes, i32 or f32 by person. */
export let avoid: usize = 0;
export let have: usize = 0;
export let speaks: usize = 0;
export let scale: usize = 0;
export let bias: usize = 0;
export let bonus: usize = 0;
export let ids: usize = 0;
export let live: usize = 0;
/** Lists: the weight that an entry must reach, whether others follow, length. */
export let floor: usize = 0;
export let more: usize = 0;
export let lengths: usize = 0;
/** i32[8] of each block of 8 people: what all have, what all avoid, what any speaks. */
export let blocks: usize = 0;
export let recent: usize = 0;
/** Positions of the 4 rows, their vectors, and what they have in common. */
export let rows: usize = 0;
export let rowUser: usize = 0;
export let rowPeer: usize = 0;
/** Blocks of 8 people that hold any. */
export let used: i32 = 0;
/** Results of a tile: masks, dot products of both directions, weights. */
export let masks: usize = 0;
export let forth: usize = 0;
export let back: usize = 0;
export let weights: usize = 0;
/** Entries of lists, or f64[4][columns] of weights. */
export let col: usize = 0;
export let key: usize = 0;
export let room: i32 = 0;
export let seed: i32 = 0;
export let cut: f64 = 0;
export let cut32: f32 = 0;

/**
 * @param at where attributes begin, in the order of the variables above, up to the tile's results.
 * @param columns a multiple of 8, above the number of people.
 * @param cutBelow the largest f32 that is not above the threshold; -Infinity lets all pass.
 */
export function setup(
  at: usize,
  columns: i32,
  givenLaw: i32,
  givenNarrow: bool,
  blockBytes: usize,
  givenSeed: i32,
  threshold: f64,
  cutBelow: f32,
): usize {
  law = givenLaw;
  is16 = givenNarrow;
  bytes = blockBytes;
  seed = givenSeed;
  cut = threshold;
  cut32 = cutBelow;
  stride = (<usize>columns) << 2;
  avoid = at;
  have = avoid + stride;
  speaks = have + stride;
  scale = speaks + stride;
  bias = scale + stride;
  bonus = bias + stride;
  ids = bonus + stride;
  live = ids + stride;
  floor = live + stride;
  more = floor + stride;
  lengths = more + stride;
  blocks = lengths + stride;
  recent = blocks + stride;
  user = recent + 8 * stride;
  peer = user + (stride >> 4) * bytes;
  rowUser = peer + (stride >> 4) * bytes;
  rowPeer = rowUser + bytes;
  rows = rowPeer + bytes;
  masks = rows + 16;
  forth = masks + 128;
  back = forth + 256;
  weights = back + 256;
  return weights + 128;
}

/** Summarises each block of 8 among the first `n` people, who are all there are. */
export function summarise(n: i32): void {
  used = (n + 7) >> 3;
  for (let at: usize = 0; at < (<usize>used) << 5; at += 32) {
    let has = -1;
    let avoids = -1;
    let any = 0;
    for (let j = at; j < at + 32; j += 4) {
      // Nobody is eligible who speaks nothing.
      const tongues = load<i32>(speaks + j);
      if (tongues === 0) continue;
      has &= load<i32>(have + j);
      avoids &= load<i32>(avoid + j);
      any |= tongues;
    }
    store<i32>(blocks + at, has, 0);
    store<i32>(blocks + at, avoids, 4);
    store<i32>(blocks + at, any, 8);
  }
}

/** Drops all of the first n people who are not live. Returns how many are left. */
export function keepLive(n: i32): i32 {
  let to = 0;
  for (let i = 0; i < n; i++) {
    const at = (<usize>i) << 2;
    if (load<i32>(live + at) === 0) continue;
    if (i !== to) {
      const place = (<usize>to) << 2;
      for (let a = avoid; a <= live; a += stride) store<i32>(a + place, load<i32>(a + at));
      v128.store(recent + (place << 3), v128.load(recent + (at << 3)));
      v128.store(recent + (place << 3), v128.load(recent + (at << 3), 16), 16);
      copyVector(user, i, user, to);
      copyVector(peer, i, peer, to);
    }
    to++;
  }
  for (let at = (<usize>to) << 2; at < (<usize>n) << 2; at += 4) {
    store<i32>(speaks + at, 0);
    store<i32>(live + at, 0);
  }
  summarise(to);
  return to;
}

/** Copies the vector of person i in blocks at `from` to that of person r in blocks at `to`. */
@inline
export function copyVector(from: usize, i: i32, to: usize, r: i32): void {
  const width: usize = is16 ? 4 : 8;
  from += (<usize>(i >> 2)) * bytes + (<usize>(i & 3)) * width;
  to += (<usize>(r >> 2)) * bytes + (<usize>(r & 3)) * width;
  for (const end = from + bytes; from < end; from += 4 * width, to += 4 * width)
    if (is16) store<i32>(to, load<i32>(from));
    else store<i64>(to, load<i64>(from));
}

/** Empties lists 0 to n - 1, of `length` entries each. */
export function clearLists(n: i32, length: i32, columns: usize, keys: usize): void {
  room = length;
  col = columns;
  key = keys;
  for (let at: usize = 0; at < (<usize>n) << 2; at += 4) {
    store<f32>(floor + at, -Infinity);
    store<i32>(more + at, 0);
    store<i32>(lengths + at, 0);
  }
}

/** Where `denseRows` writes. */
export function writeTo(out: usize): void {
  key = out;
}
