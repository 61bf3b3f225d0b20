import * as v from 'valibot';
import { must } from '../../base/errors.ts';
import { orNull } from '../../base/or-null.ts';
import {
  BloomFilter,
  bloomBitsPerItem,
  bloomRate,
  bloomSize,
  seenBytesOfAll,
  classicBloomRate,
} from '../../content/memory/bloom.ts';
import {
  CountMin,
  chanceOfExactCount,
  countMinPromise,
  countMinSize,
} from '../../content/memory/count-min.ts';
import {
  SimHash,
  angleBetween,
  candidateChance,
  candidateThreshold,
  hamming,
  jaccard,
  shingles,
  simHashLaw,
} from '../../content/memory/similarity.ts';
import { kind, list, openShare, finite, whole } from '../../experiment/compute/kind.ts';
import { exactFraction } from './fraction.ts';

/** A key of a sketch or a filter, for which `a key + b` is exact in a double. */
const key = whole(0, 2 ** 32 - 1);
const coefficient = whole(0, 2 ** 31);
const ROW_HASH = '((a x + b) mod 65537) mod width';
const ROW_HASH_TEXT = /^\s*\(\(a x \+ b\) mod ([1-9]\d{0,9})\) mod width\b/;

export const countMin = kind(
  'a count-min sketch of a stream: counters, estimates and their bound',
  v.object({
    stream: v.union([v.string(), v.array(key)], 'a CSV file with a column item, or a list'),
    width: whole(1, 1e6),
    rows: list(v.tuple([coefficient, coefficient])),
    items: whole(1, 1e6),
    hash: v.optional(v.pipe(v.string(), v.regex(ROW_HASH_TEXT, `write it as "${ROW_HASH}"`)), ROW_HASH),
  }),
  ({ stream, width, rows, items, hash }, { open }) => {
    const keys = typeof stream === 'string' ? open(stream).numbers('item') : stream;
    const wrong = keys.findIndex((item) => !Number.isInteger(item) || item < 0 || item >= 2 ** 32);
    must(
      wrong < 0,
      `item is ${keys[wrong]} in row ${wrong + 1} below the header; expected a whole number from 0 to ${2 ** 32 - 1}`,
    );
    const most = keys.reduce((high, item) => Math.max(high, item), items - 1);
    for (const [a, b] of rows)
      must(
        a * most + b < 2 ** 53,
        `${a} x ${most} + ${b} is not exact in a 64-bit float; give smaller coefficients or keys`,
      );
    const prime = Number(ROW_HASH_TEXT.exec(hash)![1]);
    const sketch = new CountMin(width, rows.length, (row, x) => {
      const [a, b] = rows[row];
      return ((a * x + b) % prime) % width;
    });
    const cells = new Uint32Array(sketch.size);
    const truth = new Float64Array(items);
    for (const item of keys) {
      sketch.add(cells, item);
      if (item < items) truth[item]++;
    }
    const { epsilon, delta } = countMinPromise(width, rows.length);
    const estimates = Float64Array.from(truth, (_, item) => sketch.estimate(cells, item));
    const errors = estimates.map((estimate, item) => estimate - truth[item]);
    const bound = epsilon * keys.length;
    const byTruth = Array.from(truth, (_, item) => item).sort((a, b) => truth[b] - truth[a] || a - b);
    return {
      table: rows.map((_, row) => [...cells.subarray(row * width, (row + 1) * width)]),
      top: byTruth.slice(0, 10).map((item) => [item, truth[item], estimates[item]]),
      sumTrue: truth.reduce((sum, n) => sum + n, 0),
      sumOverestimate: errors.reduce((sum, error) => sum + error, 0),
      maxError: errors.reduce((most, error) => Math.max(most, error), 0),
      exactItems: errors.filter((error) => error === 0).length,
      shareAboveBound: errors.filter((error) => error > bound).length / items,
      ...{ epsilon, delta, bound },
    };
  },
);

export const countMinSizeKind = kind(
  'the size of a count-min sketch for an error and its chance, or the promise of a size',
  v.union(
    [
      v.object({ epsilon: openShare, delta: openShare }),
      v.object({ width: whole(1, 1e9), depth: whole(1, 1000) }),
    ],
    'give epsilon and delta, or width and depth',
  ),
  (input) => {
    const { width, depth } = 'width' in input ? input : countMinSize(input.epsilon, input.delta);
    return { width, depth, ...countMinPromise(width, depth) };
  },
);

export const countMinTiny = kind(
  'chance that a sketch counts a source exactly, beside a plain table of counters',
  v.object({ sources: whole(1, 1000), width: whole(1, 1000), depth: whole(1, 100) }),
  ({ sources, width, depth }) => ({
    exactChance: chanceOfExactCount(sources, width, depth),
    fraction: exactFraction(sources, width, depth),
    cellsOfSketch: width * depth,
    cellsOfPlainTable: sources,
  }),
);

const DEFAULT_HASH =
  'h1 = (25173 x + 13849) mod 65537, h2 = (30011 x + 4099) mod 65537, bit i: (h1 + i h2) mod m';
const HASH_TEXT =
  /^\s*h1 = \((\d{1,6}) x \+ (\d{1,9})\) mod ([1-9]\d{0,8}), *h2 = \((\d{1,6}) x \+ (\d{1,9})\) mod ([1-9]\d{0,8}), *bit i: \(h1 \+ i h2\) mod m\s*$/;
/** Most positions that are listed one by one. */
const MAX_LISTED = 1024;

export const bloomBits = kind(
  'the set bits of a Bloom filter and its false positives among other items',
  v.object({
    items: v.array(key),
    bits: whole(1, 2 ** 28),
    hashes: whole(1, 64),
    hash: v.optional(v.pipe(v.string(), v.regex(HASH_TEXT, `write it as "${DEFAULT_HASH}"`)), DEFAULT_HASH),
    probe: v.pipe(
      v.tuple([key, key]),
      v.check(([from, to]) => to - from < 1e7, 'it spans at most 10,000,000 keys'),
    ),
  }),
  ({ items, bits, hashes, hash, probe: [from, to] }) => {
    const [a1, b1, p1, a2, b2, p2] = HASH_TEXT.exec(hash)!.slice(1).map(Number);
    const filter = new BloomFilter(
      bits,
      hashes,
      (x) => (a1 * x + b1) % p1,
      (x) => (a2 * x + b2) % p2,
    );
    const bytes = new Uint8Array(filter.bytes);
    for (const item of items) filter.add(bytes, item);
    const members = new Set(items);
    let falsePositives = 0;
    for (let x = from; x <= to; x++) if (!members.has(x) && filter.has(bytes, x)) falsePositives++;
    const set = filter.setBits(bytes);
    return {
      set: set.length <= MAX_LISTED ? set : null,
      count: set.length,
      falsePositives,
      probed: Math.max(0, to - from + 1),
      classicRate: classicBloomRate(bits, hashes, items.length),
      membersDenied: items.filter((item) => !filter.has(bytes, item)).length,
    };
  },
);

export const bloomRateKind = kind(
  'the false-positive rate of a Bloom filter: the classic formula and the exact one',
  v.object({ bits: whole(1, 1e12), hashes: whole(1, 1000), items: whole(0, 1e12) }),
  ({ bits, hashes, items }) => bloomRate(bits, hashes, items),
);

export const bloomSizeKind = kind(
  'bits and hashes of a Bloom filter for a number of items and a false-positive rate',
  v.object({ items: whole(1, 1e12), rate: openShare }),
  ({ items, rate }) => bloomSize(items, rate),
);

export const bloomFleet = kind(
  'memory of the seen posts of all users: a list of ids against a Bloom filter',
  v.object({ users: whole(0, 1e12), seenPerUser: whole(0, 1e9), idBytes: whole(1, 1024), rate: openShare }),
  ({ users, seenPerUser, idBytes, rate }) => {
    const { ids, filters } = seenBytesOfAll(users, seenPerUser, idBytes, rate);
    return {
      setBytes: ids,
      bloomBytes: filters,
      ratio: idBytes / (bloomBitsPerItem(rate) / 8),
      wronglyHiddenShareOfNewPosts: rate,
    };
  },
);

const bandsAndRows = { bands: whole(1, 1e6), rows: whole(1, 1e4) };

export const lshCurve = kind(
  'chance that banded hashing makes two sets candidates, by their similarity',
  v.object(bandsAndRows),
  ({ bands, rows }) => ({
    threshold: candidateThreshold(bands, rows),
    at: Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => [tenth / 10, candidateChance(tenth / 10, bands, rows)]),
    ),
  }),
);

const vector = v.pipe(
  list(finite),
  v.check((x) => x.some((value) => value !== 0), 'a vector is not zero'),
);

export const simHashKind = kind(
  'bits in which the SimHashes of two vectors differ, by the angle between them',
  v.union(
    [
      v.object({ angleDegrees: v.pipe(finite, v.minValue(0), v.maxValue(180)), bits: whole(1, 1e6) }),
      v.pipe(
        v.object({ a: vector, b: vector, bits: whole(1, 4096), seed: v.optional(whole(0, 2 ** 32 - 1), 0) }),
        v.check(({ a, b }) => a.length === b.length, 'a and b have the same length'),
      ),
    ],
    'give angleDegrees and bits, or two vectors a and b and bits',
  ),
  (input) => {
    const { bits } = input;
    if ('angleDegrees' in input) return simHashLaw((input.angleDegrees / 180) * Math.PI, bits);
    const { a, b, seed } = input;
    const planes = new SimHash(bits, a.length, seed);
    const signatures = new Uint32Array(2 * planes.words);
    planes.sign(a, signatures);
    planes.sign(b, signatures, planes.words);
    const angle = angleBetween(a, b);
    return {
      angleDegrees: (angle / Math.PI) * 180,
      ...simHashLaw(angle, bits),
      hamming: hamming(signatures, signatures, planes.words, 0, planes.words),
    };
  },
);

const SHINGLE_TEXT = /^\s*(\d{1,3}) characters?\b/;

export const jaccardKind = kind(
  'similarity of two texts by their runs of characters, and the chance to become candidates',
  v.object({
    a: v.string(),
    b: v.string(),
    shingle: v.optional(
      v.pipe(v.string(), v.regex(/^\s*[1-9]\d{0,2} characters?\b/, 'write it as "3 characters"')),
      '3 characters',
    ),
  }),
  ({ a, b, shingle }) => {
    const size = Number(SHINGLE_TEXT.exec(shingle)![1]);
    const found = jaccard(shingles(a, size), shingles(b, size));
    return {
      ...found,
      jaccard: orNull(found.jaccard),
      candidate_b20_r5: orNull(candidateChance(found.jaccard, 20, 5)),
      candidate_b50_r2: orNull(candidateChance(found.jaccard, 50, 2)),
    };
  },
);
