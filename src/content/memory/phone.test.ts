import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BloomFilter, bloomRate, bloomSize } from './bloom.ts';
import { CountMin } from './count-min.ts';
import { PhoneMemories } from './phone.ts';
import { composeStream, DOUBLING_THRESHOLD } from './stream.ts';

const letters = 'ABC';
const composed = (lastShared: number, counts: number[], supply: number[], base = [1, 1, 1], length = 12) =>
  Array.from(
    composeStream({ lastShared, counts, base, supply, length, threshold: DOUBLING_THRESHOLD }),
    (source) => letters[source],
  ).join('');
const four = [4, 4, 4];
const endless = [Infinity, Infinity, Infinity];

test.each([
  ['nothing was shared', 0, [0, 0, 0], 'ABCABCABCABC'],
  ['B was shared last', 0b010, [0, 1, 0], 'BACBACBACBAC'],
  ['A was shared five times, and last', 0b001, [5, 1, 1], 'AABCAABCBCBC'],
])('the published stream where %s', (_, lastShared, counts, stream) => {
  expect(composed(lastShared, counts, four)).toBe(stream);
});

test('a fixed ratio of 2:1, until a source ends', () => {
  expect(composed(0, [0, 0, 0], [0, 7, 2], [0, 2, 1], 9)).toBe('BBCBBCBBB');
});

test('a stream is as long as the supply allows, and takes no more of a source than there is', () => {
  const three = (max: number) => fc.tuple(fc.nat({ max }), fc.nat({ max }), fc.nat({ max }));
  fc.assert(
    fc.property(
      fc.nat({ max: 7 }),
      three(9),
      three(9),
      three(2),
      fc.nat({ max: 20 }),
      (bits, counts, supply, base, length) => {
        const stream = composed(bits, counts, supply, base, length);
        const taken = [...letters].map((letter) => stream.split(letter).length - 1);
        const there = supply.map((items, source) => (base[source] === 0 ? 0 : items));
        expect(stream.length).toBe(Math.min(length, there[0] + there[1] + there[2]));
        taken.forEach((items, source) => expect(items).toBeLessThanOrEqual(there[source]));
      },
    ),
  );
});

test('the first item is of the source that was shared last', () => {
  for (const source of [0, 1, 2]) expect(composed(1 << source, [9, 9, 9], endless)[0]).toBe(letters[source]);
});

const phones = (people = 2) =>
  new PhoneMemories(people, 3, CountMin.plainTable(3), BloomFilter.hashed(4793, 7, 50_004));

test('a share sets the short-term memory, which one stream uses up; the count stays', () => {
  const memories = phones();
  memories.share(1, 0);
  memories.share(1, 2);
  expect(memories.takeShortTerm(1)).toBe(0b100);
  expect(memories.takeShortTerm(1)).toBe(0);
  expect([...memories.sourceCounts(1)]).toEqual([1, 0, 1]);
  expect([...memories.sourceCounts(0)]).toEqual([0, 0, 0]);
});

test('a wiped phone has forgotten all; what it reported at the end of the day restores its counts', () => {
  const memories = phones();
  for (const person of [0, 1]) {
    for (let k = 0; k < 4; k++) memories.share(person, 0);
    memories.see(person, 17);
    memories.report(person);
    memories.share(person, 1);
  }
  memories.wipe(0);
  expect([...memories.sourceCounts(0)]).toEqual([0, 0, 0]);
  expect([memories.takeShortTerm(0), memories.hasSeen(0, 17)]).toEqual([0, false]);
  memories.restore(0);
  // The share after the report is lost.
  expect([...memories.sourceCounts(0)]).toEqual([4, 0, 0]);
  expect([...memories.sourceCounts(1)]).toEqual([4, 1, 0]);
  expect(memories.hasSeen(1, 17)).toBe(true);
});

test('a phone of 500 seen posts at 1 % needs 600 bytes for them, one for the last share, eight for the last slate', () => {
  expect(phones().bytes).toEqual({ shortTerm: 1, counts: 6, seen: 600, signature: 8 });
});

test('the short-term memory has eight bits', () => {
  const nine = () => new PhoneMemories(1, 9, CountMin.plainTable(9), BloomFilter.hashed(8, 1, 0));
  expect(nine).toThrow('up to 8 sources; there are 9');
});

test.each([
  ['of the right size', 1],
  ['ten times too small', 10],
])('a filter %s hides new posts at the predicted rate, within three standard errors', (_, factor) => {
  const [people, seen, fresh] = [200, 500, 100];
  const { bits, hashes } = bloomSize(seen / factor, 0.01);
  const memories = new PhoneMemories(
    people,
    3,
    CountMin.plainTable(3),
    BloomFilter.hashed(bits, hashes, 50_005),
  );
  const shares = Array.from({ length: people }, (_unused, person) => {
    // Everybody sees other posts, so that the filters are independent.
    const first = person * (seen + fresh);
    for (let k = 0; k < seen; k++) memories.see(person, first + k);
    let hidden = 0;
    for (let k = seen; k < seen + fresh; k++) hidden += Number(memories.hasSeen(person, first + k));
    return hidden / fresh;
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / people;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (people - 1);
  const error = Math.sqrt(variance / people);
  expect(error).toBeGreaterThan(0);
  expect(Math.abs(mean - bloomRate(bits, hashes, seen).exact)).toBeLessThan(3 * error);
});
