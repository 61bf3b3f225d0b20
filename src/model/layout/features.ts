import { log } from '../../base/math.ts';
import { hash4 } from '../../base/hash.ts';
import { ageBands, countries, genders, languages } from '../../scenario/countries.ts';
import type { People } from '../../world/types.ts';

/**
 * The only definition of a person's features. Training and the tick both read it, so that there is
 * no skew between them. It reads what a service can observe; never taste, appeal, charm, talk,
 * patience or mood.
 */

/** Rows of the hashed id. Few, because an id means nothing in another world. */
const ID_ROWS = 16;

/** Upper ends of the buckets of history length, in chats so far. */
const historyEnds = [0, 2, 5, 15, 50] as const;

/** Bucket of history length of a person with `chats` chats so far, 0 (newcomer) to 5. */
export function historyBucket(chats: number): number {
  let bucket = 0;
  while (bucket < historyEnds.length && chats > historyEnds[bucket]) bucket++;
  return bucket;
}

/** Main language of every country. */
const native = countries.map((c) => languages.indexOf(c.language));

/** What the features read of the people at hand: their ids, and columns as in `People`. */
function roomFor(n: number) {
  const bytes = () => new Uint8Array(n);
  const words = () => new Uint32Array(n);
  return {
    id: words(),
    ...{ country: bytes(), language: bytes(), gender: bytes(), age: bytes() },
    ...{ reported: bytes(), paying: bytes(), wantsGender: bytes(), wantsOwnCountry: bytes() },
    ...{ speaks: words(), chats: words(), sessions: words(), generation: words() },
    meanLog: new Float32Array(n),
  };
}
type Seen = ReturnType<typeof roomFor>;
let room = roomFor(64);
const { id: _, ...columns } = room;
const seen = Object.keys(columns) as (keyof typeof columns)[];

/**
 * Copies what the features read of `ids[0..n)`, column by column: the reads from all over a large
 * world then do not wait for each other. Valid until the next call.
 */
function gather(people: People, ids: ArrayLike<number>, n: number): Seen {
  if (room.id.length < n) room = roomFor(Math.ceil(1.25 * n));
  const { id } = room;
  for (let k = 0; k < n; k++) id[k] = ids[k];
  for (const name of seen) {
    const from = people[name];
    const to = room[name];
    for (let k = 0; k < n; k++) to[k] = from[id[k]];
  }
  return room;
}

interface Slot {
  readonly name: string;
  readonly rows: number;
  readonly of: (p: Seen, i: number) => number;
}

const slotList: readonly Slot[] = [
  { name: 'id', rows: ID_ROWS, of: (p, i) => hash4(0x1d, p.id[i], p.generation[i], 0) % ID_ROWS },
  { name: 'country', rows: countries.length, of: (p, i) => p.country[i] },
  { name: 'language', rows: languages.length, of: (p, i) => p.language[i] },
  { name: 'gender', rows: genders.length, of: (p, i) => p.gender[i] },
  { name: 'age', rows: ageBands.length, of: (p, i) => p.age[i] },
  { name: 'standing', rows: 4, of: (p, i) => p.reported[i] + 2 * p.paying[i] },
  { name: 'filters', rows: 8, of: (p, i) => p.wantsGender[i] + 4 * p.wantsOwnCountry[i] },
  {
    name: 'country x gender',
    rows: countries.length * genders.length,
    of: (p, i) => p.country[i] * genders.length + p.gender[i],
  },
  {
    name: 'age x gender',
    rows: ageBands.length * genders.length,
    of: (p, i) => p.age[i] * genders.length + p.gender[i],
  },
  { name: 'foreign device', rows: 2, of: (p, i) => (p.language[i] === native[p.country[i]] ? 0 : 1) },
  { name: 'history', rows: historyEnds.length + 1, of: (p, i) => historyBucket(p.chats[i]) },
];

interface Dense {
  readonly name: string;
  /** A value from 0 to 1. */
  readonly of: (p: Seen, i: number) => number;
}

const unit = (x: number): number => Math.min(1, Math.max(0, x));
const bit = (word: number, b: number): number => (word >>> b) & 1;

const denseList: readonly Dense[] = [
  { name: 'log chats', of: (p, i) => unit(log(1 + p.chats[i]) / 8) },
  { name: 'log sessions', of: (p, i) => unit(log(1 + p.sessions[i]) / 6) },
  // Mean length of the person's chats so far: as it is, and shrunk towards the middle for short
  // histories.
  { name: 'mean log', of: (p, i) => unit(p.meanLog[i] / 8) },
  {
    name: 'mean log, shrunken',
    of: (p, i) => unit(0.5 + ((p.meanLog[i] - 3) * (p.chats[i] / (p.chats[i] + 3))) / 6),
  },
  { name: 'newcomer', of: (p, i) => (p.chats[i] === 0 ? 1 : 0) },
  { name: 'reported', of: (p, i) => p.reported[i] },
  { name: 'paying', of: (p, i) => p.paying[i] },
  ...languages.map((name, b) => ({
    name: `speaks ${name}`,
    of: (p: Seen, i: number) => bit(p.speaks[i], b),
  })),
];

/** Count of sparse inputs (slots) of a person. */
export const SLOTS = slotList.length;
/** Count of dense inputs of a person. */
export const DENSE = denseList.length;

/** First row of every slot, then the count of all rows: length SLOTS + 1. */
export const slotOffsets: readonly number[] = slotList.reduce(
  (at: number[], s) => [...at, at[at.length - 1] + s.rows],
  [0],
);
/** Rows of the tables over all slots. */
export const ROWS = slotOffsets[SLOTS];

/** Changes whenever the features change, so that old weights are refused instead of misread. */
export const FEATURE_SIGNATURE = [
  ...slotList.map((s) => `${s.name}:${s.rows}`),
  ...denseList.map((d) => d.name),
].join('|');

export const denseNames: readonly string[] = denseList.map((d) => d.name);

/**
 * Fills the inputs of `ids[0..n)`: sparse u32[n][SLOTS] (offsets included, each below ROWS), dense
 * f32[n][DENSE] (each from 0 to 1).
 */
export function features(
  people: People,
  ids: ArrayLike<number>,
  n: number,
  sparse: Uint32Array,
  dense: Float32Array,
): void {
  const here = gather(people, ids, n);
  slotList.forEach(({ of }, s) => {
    const offset = slotOffsets[s];
    for (let k = 0, to = s; k < n; k++, to += SLOTS) sparse[to] = offset + of(here, k);
  });
  denseList.forEach(({ of }, d) => {
    for (let k = 0, to = d; k < n; k++, to += DENSE) dense[to] = of(here, k);
  });
}
