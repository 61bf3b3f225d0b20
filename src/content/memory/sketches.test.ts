import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BloomFilter, bloomRate, bloomSize } from './bloom.ts';
import { CountMin, chanceOfExactCount } from './count-min.ts';
import {
  SimHash,
  angleBetween,
  candidateChance,
  hamming,
  jaccard,
  shingles,
  simHashLaw,
} from './similarity.ts';

const keys = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 60 });

describe('count-min', () => {
  test('an estimate is never too small, and every row counts every key once', () => {
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 4 }),
        (stream, width, depth) => {
          const sketch = CountMin.hashed(width, depth, 50_001);
          const cells = new Uint32Array(3 * sketch.size);
          for (const key of stream) sketch.add(cells, key, 1, sketch.size);
          for (const key of stream)
            expect(sketch.estimate(cells, key, sketch.size)).toBeGreaterThanOrEqual(
              stream.filter((other) => other === key).length,
            );
          for (let row = 0; row < depth; row++) {
            const from = sketch.size + row * width;
            expect(cells.subarray(from, from + width).reduce((sum, n) => sum + n, 0)).toBe(stream.length);
          }
          // The neighbours' sketches in the same array stay empty.
          expect(cells.subarray(0, sketch.size).every((n) => n === 0)).toBe(true);
          expect(cells.subarray(2 * sketch.size).every((n) => n === 0)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a plain table is exact, and a full counter stays full', () => {
    const table = CountMin.plainTable(3);
    const cells = new Uint8Array(3);
    table.add(cells, 1, 200);
    table.add(cells, 1, 200);
    table.add(cells, 2);
    expect([...cells]).toEqual([0, 255, 1]);
  });

  test('the chance of a surely exact count is that of all hash functions (3 sources, 2 rows of 3)', () => {
    let exact = 0;
    // Columns of the three sources in a row, all 27 ways; the first source is the one asked about.
    const alone = Array.from({ length: 27 }, (_, k) => [k % 3, Math.floor(k / 3) % 3, Math.floor(k / 9)]).map(
      ([own, b, c]) => own !== b && own !== c,
    );
    for (const first of alone) for (const second of alone) exact += Number(first || second);
    expect(chanceOfExactCount(3, 3, 2)).toBeCloseTo(exact / 27 ** 2, 12);
    expect(chanceOfExactCount(1, 1, 1)).toBe(1);
    expect(chanceOfExactCount(2, 1, 5)).toBe(0);
  });
});

describe('Bloom filters', () => {
  test('an added key is always found, and other filters in the array stay empty', () => {
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 9 }),
        (added, bits, hashes) => {
          const filter = BloomFilter.hashed(bits, hashes, 50_002);
          const bytes = new Uint8Array(3 * filter.bytes);
          for (const key of added) filter.add(bytes, key, filter.bytes);
          expect(added.every((key) => filter.has(bytes, key, filter.bytes))).toBe(true);
          const own = bytes.slice(filter.bytes, 2 * filter.bytes);
          expect(filter.setBits(bytes, filter.bytes)).toEqual(filter.setBits(own));
          expect(filter.setBits(bytes)).toEqual([]);
          expect(filter.setBits(bytes, 2 * filter.bytes)).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('500 seen posts at 1 % need 600 bytes', () => {
    expect(bloomSize(500, 0.01)).toEqual({ bits: 4793, hashes: 7, bitsPerItem: 9.586, bytes: 600 });
    expect(bloomSize(1_000_000, 0.01).bits).toBe(9_585_059);
    expect(bloomSize(1, 0.99).hashes).toBe(1);
  });

  test('the exact rate is that of all ways to draw the bits, and above the classic formula', () => {
    // 3 bits, 2 hashes, 2 items: 81 equally likely draws, each against 9 probes.
    let hits = 0;
    for (let draw = 0; draw < 81; draw++) {
      const set = new Set([
        draw % 3,
        Math.floor(draw / 3) % 3,
        Math.floor(draw / 9) % 3,
        Math.floor(draw / 27),
      ]);
      hits += set.size ** 2 / 9;
    }
    const rate = bloomRate(3, 2, 2);
    expect(rate.exact).toBeCloseTo(hits / 81, 15);
    expect(rate.exact).toBeGreaterThan(rate.classic);
    expect(bloomRate(64, 3, 0)).toEqual({ classic: 0, exact: 0, expectedBitsSet: 0 });
    expect(bloomRate(1, 3, 1).exact).toBe(1);
  });

  test('the exact rate of any size, however small it is', () => {
    // By the law of the number of set bits, in whole numbers of 4000 binary places.
    expect(bloomRate(1000, 1000, 1).exact / 1.4310667885889205e-157).toBeCloseTo(1, 12);
    expect(bloomRate(100, 50, 100).exact).toBeLessThanOrEqual(1);
    // With one hash, the rate is the mean share of set bits.
    const { exact, classic } = bloomRate(1e6, 1, 1e6);
    expect(exact / -Math.expm1(1e6 * Math.log1p(-1e-6))).toBeCloseTo(1, 12);
    const large = bloomRate(1e12, 7, 1e11);
    expect(large.exact / large.classic - 1).toBeCloseTo(0, 9);
    expect([exact > classic, large.exact > large.classic]).toEqual([true, true]);
  });
});

describe('similarity', () => {
  test('SimHash: two vectors differ in as many bits as the angle says, within four sd', () => {
    const vectors = [
      [1, 0, 0, 0],
      [0.9, 0.3, -0.2, 0.1],
      [-0.2, 1, 0.4, 0],
      [-1, 0.1, 0, 0.2],
    ];
    const planes = new SimHash(2000, 4, 50_003);
    const signatures = new Uint32Array(vectors.length * planes.words);
    vectors.forEach((vector, k) => planes.sign(vector, signatures, k * planes.words));
    for (let k = 1; k < vectors.length; k++) {
      const law = simHashLaw(angleBetween(vectors[0], vectors[k]), planes.bits);
      const differ = hamming(signatures, signatures, planes.words, 0, k * planes.words);
      expect(Math.abs(differ - law.expectedHamming)).toBeLessThan(4 * law.sdHamming);
    }
  });

  test('bits that differ are counted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (a, b) => {
          const bits = ((a ^ b) >>> 0).toString(2).replaceAll('0', '').length;
          expect(hamming(Uint32Array.of(a), Uint32Array.of(b), 1)).toBe(bits);
        },
      ),
    );
  });

  test('shingles ignore case and runs of blanks; a short text has none', () => {
    expect([...shingles(' A  bC ', 3)]).toEqual(['a b', ' bc']);
    expect(shingles('ab', 3).size).toBe(0);
    expect(jaccard(shingles('abcd', 3), shingles('bcde', 3))).toEqual({
      common: 1,
      union: 3,
      jaccard: 1 / 3,
    });
    expect(jaccard(new Set(), new Set()).jaccard).toBeNaN();
  });

  test('the chance to become a candidate runs from 0 to 1', () => {
    expect([candidateChance(0, 20, 5), candidateChance(1, 20, 5)]).toEqual([0, 1]);
    expect(candidateChance(0.5, 1, 1)).toBeCloseTo(0.5, 12);
  });
});
