import * as v from 'valibot';
import { BloomFilter } from '../../content/memory/bloom.ts';
import { CountMin } from '../../content/memory/count-min.ts';
import { PhoneMemories } from '../../content/memory/phone.ts';
import { DOUBLING_THRESHOLD, composeStream } from '../../content/memory/stream.ts';
import { kind, whole } from '../../experiment/compute/kind.ts';

const amount = whole(0, 1e9);
const bySource = (item: v.GenericSchema<number>) => v.nullish(v.record(v.string(), item));
const isSet = v.union([v.boolean(), whole(0, 1)]);

/** What both kinds of streams need to know of the sources. */
const composer = {
  n: whole(0, 1e5),
  sources: v.pipe(
    v.string(),
    v.check((text) => [...text].length >= 1 && [...text].length <= 8, 'there are 1 to 8 sources'),
    v.check((text) => new Set(text).size === [...text].length, 'each source is one letter, named once'),
  ),
  base: bySource(whole(0, 1000)),
  supply: v.nullish(v.record(v.string(), amount)),
  threshold: v.optional(whole(1, 1e9), DOUBLING_THRESHOLD),
};

type Amounts = Readonly<Record<string, number>>;

interface Rules {
  readonly n: number;
  readonly base?: Amounts | null | undefined;
  readonly supply?: Amounts | null | undefined;
  readonly threshold: number;
}

/** A function from memories to a stream such as "ABCABC". A source without supply never ends. */
function composerOf(letters: readonly string[], { n, base, supply, threshold }: Rules) {
  const rules = {
    base: letters.map((letter) => base?.[letter] ?? 1),
    supply: letters.map((letter) => supply?.[letter] ?? Infinity),
    threshold,
    length: n,
  };
  return (lastShared: number, counts: ArrayLike<number>) =>
    Array.from(composeStream({ ...rules, lastShared, counts }), (source) => letters[source]).join('');
}

export const stream = kind(
  'the stream of sources that a phone composes from its memories',
  v.object({
    ...composer,
    stm: v.nullish(v.record(v.string(), isSet)),
    scm: v.nullish(v.record(v.string(), amount)),
  }),
  ({ sources, stm, scm, ...rules }) => {
    const letters = [...sources];
    const lastShared = letters.reduce((bits, letter, s) => bits | (stm?.[letter] ? 1 << s : 0), 0);
    return composerOf(letters, rules)(
      lastShared,
      letters.map((letter) => scm?.[letter] ?? 0),
    );
  },
);

export const streamDay = kind(
  'the streams of a day of shares, with the day-end report, a wipe and what is restored',
  v.pipe(
    v.object({
      ...composer,
      shares: v.array(v.nullable(v.string())),
      report_after: v.optional(amount),
      wipe_after: v.optional(amount),
      restore: v.optional(v.boolean(), true),
    }),
    v.check(
      ({ shares, sources }) => shares.every((share) => !share || [...sources].includes(share)),
      'every share is of one of the sources, or "" where nothing is shared',
    ),
  ),
  ({ sources, shares, report_after, wipe_after, restore, ...rules }) => {
    const letters = [...sources];
    const compose = composerOf(letters, rules);
    // With three sources a plain table of counters is smaller than a sketch, and exact.
    const table = CountMin.plainTable(letters.length);
    const phone = new PhoneMemories(1, letters.length, table, BloomFilter.hashed(8, 1, 0));
    const streams = shares.map((share, k) => {
      const composed = compose(phone.takeShortTerm(0), phone.sourceCounts(0));
      if (share) phone.share(0, letters.indexOf(share));
      if (k + 1 === report_after) phone.report(0);
      if (k + 1 === wipe_after) {
        phone.wipe(0);
        if (restore) phone.restore(0);
      }
      return composed;
    });
    const counts = phone.sourceCounts(0);
    const lastShared = phone.takeShortTerm(0);
    return {
      streams,
      scm: Object.fromEntries(letters.map((letter, s) => [letter, counts[s]])),
      stm: Object.fromEntries(letters.flatMap((letter, s) => ((lastShared >>> s) & 1 ? [[letter, 1]] : []))),
    };
  },
);
