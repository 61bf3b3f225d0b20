/*
 * The memory of the scoring kernel: vectors, attributes and lists of people. Vectors are in blocks
 * of 4 people, [block][k][person]: two components of 16 bits at a time, or one f64. Addresses are
 * in bytes. `score/kernel.ts` fills it.
 */

/** What makes a weight of two dot products; same numbers: `Law` in `kernel-input.ts`. */
export const enum Laws { hash, single, mean, smaller, product, minimum, sum, harmonic, formula, formulaOfHash }
/** What becomes of weights. The first two score pairs once, for both; the others read rows. */
export const enum Mode {
  half,
  diagonal,
  best,
  net,
  dense,
}
/** Blocks of 8 people in a block of the partition: with both vectors 32 kB at 64 components. */
export const PART: i32 = 16;
export let law: i32 = 0;
export let is16: bool = false;
/** Everybody's two vectors are the same, and so are both dot products of a pair. */
export let same: bool = false;
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
/** f64 by person: prices. */
export let paid: usize = 0;
/**
 * i32[8] of each block of 8 people: what all have, what all avoid, what any speaks, what any has,
 * what any avoids, what all speak.
 */
export let blocks: usize = 0;
export let recent: usize = 0;
/** f32 by term and person: what a formula reads. */
export let formulaTerms: usize = 0;
let termsEnd: usize = 0;
/** Slot of the table in which the formula of this thread is. */
export let formula: u32 = 0;
/** i32 by person and by list: see `floors.as.ts`. */
export let dotLift: usize = 0;
/** The same, less the prices. */
export let netLift: usize = 0;
export let dotFloor: usize = 0;
/** 0 where the rule has no such bound. */
export let per: f64 = 0;
export let most: f64 = 0;
export let slack: f64 = 0;
/** Somebody remembers a meeting. */
export let anyRecent: bool = false;
/** Blocks of 8 people that hold any. */
export let used: i32 = 0;
/** Lists: the weight that an entry must reach, whether others follow (bit 0: dropped), entries. */
export let floor: usize = 0;
export let more: usize = 0;
export let lengths: usize = 0;
/** i32[4] of the 4 rows: positions, `dotLift`; and their vectors, where they are gathered. */
export let rows: usize = 0;
export let rowLift: usize = 0;
export let rowUser: usize = 0;
export let rowPeer: usize = 0;
/** Results of a tile: masks, dot products of both directions, weights. */
export let masks: usize = 0;
export let forth: usize = 0;
export let back: usize = 0;
export let weights: usize = 0;
/** f32[4] of the rows: see `searchBySample`. */
export let guesses: usize = 0;
/** Entries of lists, `span` for each; f64[4][columns] of weights. */
export let col: usize = 0;
export let key: usize = 0;
export let dense: usize = 0;
/** Entries that a list keeps, that it has space for, and at which the surplus is dropped. */
export let room: i32 = 0;
export let span: i32 = 0;
export let limit: i32 = 0;
/** Net values are not rounded to f32, and among equal ones the smaller id goes first. */
export let unrounded: bool = false;
export let seed: i32 = 0;
export let cut: f64 = 0;
export let cut32: f32 = 0;

/**
 * Where everything lies that threads share.
 *
 * @param at where attributes begin, in the order of the variables above.
 * @param columns a multiple of 8, above the number of people.
 * @param cutBelow the largest f32 that is not above the threshold; -Infinity lets all pass.
 * @param termCount terms of a formula, behind the vectors.
 * @param formulaSlot see `formula`.
 * @param boundPer, boundMost, boundSlack see `dotFloor`.
 * @returns its end.
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
  remembers: bool,
  givenSame: bool,
  termCount: i32,
  formulaSlot: u32,
  boundPer: f64,
  boundMost: f64,
  boundSlack: f64,
): usize {
  law = givenLaw;
  is16 = givenNarrow;
  bytes = blockBytes;
  seed = givenSeed;
  cut = threshold;
  cut32 = cutBelow;
  anyRecent = remembers;
  same = givenSame;
  formula = formulaSlot;
  per = boundPer;
  most = boundMost;
  slack = boundSlack;
  stride = (<usize>columns) << 2;
  avoid = at;
  have = avoid + stride;
  speaks = have + stride;
  scale = speaks + stride;
  bias = scale + stride;
  bonus = bias + stride;
  ids = bonus + stride;
  live = ids + stride;
  paid = live + stride;
  blocks = paid + 2 * stride;
  recent = blocks + stride;
  dotLift = recent + 8 * stride;
  netLift = dotLift + stride;
  user = netLift + stride;
  const vectors = (stride >> 4) * bytes;
  peer = same ? user : user + vectors;
  formulaTerms = user + 2 * vectors;
  termsEnd = formulaTerms + (<usize>termCount) * stride;
  return termsEnd;
}

/** Where a thread keeps its 4 rows and a tile: 1024 bytes and 8 vectors. Returns its end. */
export function scratch(at: usize): usize {
  rowUser = at;
  rowPeer = rowUser + bytes;
  rows = rowPeer + bytes;
  rowLift = rows + 16;
  masks = rowLift + 16;
  forth = masks + 128;
  back = same ? forth : forth + 256;
  weights = forth + 512;
  guesses = weights + 128;
  return guesses + 16;
}

/**
 * Where lists 0 to n - 1 lie, which keep `length` entries each.
 *
 * @param unroundedNet see `unrounded`.
 */
export function useLists(at: usize, n: i32, length: i32, unroundedNet: bool): void {
  room = length;
  unrounded = unroundedNet;
  // Dropping the surplus of many entries at once is cheaper than sorting each in.
  span = 2 * length;
  limit = span;
  floor = at;
  more = floor + stride;
  lengths = more + stride;
  dotFloor = lengths + stride;
  key = dotFloor + stride;
  col = key + (<usize>(n * span) << 3);
}

/** Lets lists keep another number of entries, at most that of `useLists`, where they are. */
export function keepOnly(length: i32): void {
  room = length;
  limit = 2 * length;
}

/** Summarises each block of 8 among the first `n` people, who are all there are. */
export function summarise(n: i32): void {
  used = (n + 7) >> 3;
  for (let at: usize = 0; at < (<usize>used) << 5; at += 32) {
    let has = -1;
    let avoids = -1;
    let any = 0;
    let anyHas = 0;
    let anyAvoids = 0;
    let all = -1;
    for (let j = at; j < at + 32; j += 4) {
      // Nobody is eligible who speaks nothing.
      const tongues = load<i32>(speaks + j);
      all &= tongues;
      if (tongues === 0) continue;
      has &= load<i32>(have + j);
      avoids &= load<i32>(avoid + j);
      any |= tongues;
      anyHas |= load<i32>(have + j);
      anyAvoids |= load<i32>(avoid + j);
    }
    store<i32>(blocks + at, has, 0);
    store<i32>(blocks + at, avoids, 4);
    store<i32>(blocks + at, any, 8);
    store<i32>(blocks + at, anyHas, 12);
    store<i32>(blocks + at, anyAvoids, 16);
    store<i32>(blocks + at, all, 20);
  }
}

/** How many blocks of 8 people hold any, where another thread summarised them. */
export function useBlocks(count: i32): void {
  used = count;
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
      store<i32>(dotLift + place, load<i32>(dotLift + at));
      for (let a = formulaTerms; a < termsEnd; a += stride) store<i32>(a + place, load<i32>(a + at));
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

/** Where rows of weights are written, f64[4][columns]. */
export function writeTo(out: usize): void {
  dense = out;
}
