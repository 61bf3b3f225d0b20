import * as v from 'valibot';
import { LabError, must, shown } from '../../base/errors.ts';
import { parseDecimal } from '../../base/text/decimal.ts';
import { orNull } from '../../base/or-null.ts';
import { injectAds } from '../../content/stages/slots.ts';
import { meanDistance, rerankByMargin } from '../../content/stages/rerank.ts';
import { shareOfEntries, topByDot } from '../../content/stages/retrieval.ts';
import { highestFirst, rateInTraining, recalibrated, valueOf } from '../../content/stages/value.ts';
import type { DataFile } from '../../experiment/compute/data-file.ts';
import { finite, kind, list, matrix, share, whole, workUpTo } from '../../experiment/compute/kind.ts';

/** Creators are numbered by popularity: a tenth is popular, the second half is the tail. */
const POPULAR = 10;
const TAIL = 2;

export const retrieval = kind(
  'the best posts of each user by dot product, and what is lost if only popular creators are retrieved',
  v.object({ file: v.string(), k: whole(1, 10_000), ties: v.optional(v.literal('lower post number')) }),
  ({ file, k }, { open }) => {
    const table = open(file);
    const sides = table.texts('side');
    const other = sides.findIndex((side) => side !== 'A' && side !== 'B');
    must(
      other < 0,
      `the side is ${shown(sides[other] ?? '')} in row ${other + 1} below the header; write A for a user and B for a post`,
    );
    const dimension = columnsOf(table);
    const vectorOf = (row: number) => dimension.map((column) => column[row]);
    const rowsOf = (side: string) => [...sides.keys()].filter((row) => sides[row] === side);
    const posts = rowsOf('B')
      .map((row) => ({ row, number: numberOf(table.texts('id')[row]) }))
      .sort((a, b) => a.number - b.number);
    must(posts.length > 0, 'there is no post: no row has side B');
    const twice = posts.findIndex(({ number }, k) => k > 0 && number === posts[k - 1].number);
    must(twice < 0, `two posts have the number ${posts[twice]?.number}; number them p0, p1, ...`);
    const creators = posts.map(({ row }) => parseDecimal(table.texts('creator')[row]));
    const wrong = creators.findIndex((creator) => !Number.isInteger(creator) || creator < 0);
    must(wrong < 0, `the creator of post ${posts[wrong]?.number} is no whole number from 0`);
    const vectors = posts.flatMap(({ row }) => vectorOf(row));
    const count = Math.max(...creators) + 1;
    const isPopular = (post: number) => creators[post] * POPULAR < count;
    const isTail = (post: number) => creators[post] * TAIL >= count;
    const popular = [...posts.keys()].filter(isPopular);
    const ofPopular = popular.flatMap((post) => vectorOf(posts[post].row));
    const queries = rowsOf('A').map(vectorOf);
    const found = queries.map((query) => topByDot(query, vectors, k));
    const narrow = queries.map((query) => topByDot(query, ofPopular, k).rows.map((at) => popular[at]));
    const tops = found.map(({ rows }) => rows);
    return {
      top: tops.map((rows) => rows.map((post) => posts[post].number)),
      scores: found.map(({ scores }) => scores),
      recallIfOnlyPopularTenthIsRetrieved: orNull(shareOfEntries(tops, isPopular)),
      tailShareOfTop: orNull(shareOfEntries(tops, isTail)),
      tailShareIfOnlyPopular: orNull(shareOfEntries(narrow, isTail)),
    };
  },
);

/** The columns v1, v2, ... of a table. */
function columnsOf(table: DataFile): (readonly number[])[] {
  const names = table.columns.filter((name) => /^v\d+$/.test(name));
  if (names.length === 0) throw new LabError('there is no column v1, v2, ... with the vectors');
  return names.map(table.numbers);
}

function numberOf(id: string): number {
  const digits = /\d+$/.exec(id)?.[0];
  if (digits === undefined) throw new LabError(`the post ${id} has no number at its end; write p0, p1, ...`);
  return Number(digits);
}

export const rerank = kind(
  'a list re-ranked by maximal marginal relevance',
  v.pipe(
    v.object({
      relevance: v.array(finite),
      vectors: v.union([matrix, v.tuple([])]),
      lam: share,
      length: whole(0, 10_000),
    }),
    v.check(({ relevance, vectors }) => relevance.length === vectors.length, 'every item has a vector'),
    v.check(({ relevance }) => relevance.length <= 10_000, 'there are at most 10,000 items'),
    workUpTo(
      2e9,
      'items x length x components',
      ({ relevance, vectors: [first], length }) => relevance.length * length * (first?.length ?? 0),
      'take a shorter list',
    ),
  ),
  ({ relevance, vectors, lam, length }) => {
    const rows: readonly (readonly number[])[] = vectors;
    const order = rerankByMargin(relevance, rows.flat(), rows[0]?.length ?? 0, lam, length);
    return {
      order,
      meanRelevance: orNull(order.reduce((sum, item) => sum + relevance[item], 0) / order.length),
      diversity: orNull(meanDistance(order.map((item) => rows[item]))),
    };
  },
);

const item = v.union([v.string(), finite]);

export const inject = kind(
  'a feed with ads in fixed slots',
  v.pipe(
    v.object({
      posts: v.array(item),
      ads: v.array(item),
      slots: v.array(whole(1, 1e6)),
      length: whole(0, 1e6),
    }),
    v.check(({ slots }) => slots.every((slot, k) => k === 0 || slot > slots[k - 1]), 'the slots ascend'),
  ),
  ({ posts, ads, slots, length }) => injectAds(posts, ads, slots, length),
);

export const valueModel = kind(
  'posts ranked by a weighted sum of predicted outcomes, and by clicks alone',
  v.pipe(
    v.object({ heads: list(v.string()), chances: v.array(list(share)), weights: list(finite) }),
    v.check(
      ({ heads, chances, weights }) =>
        weights.length === heads.length && chances.every((row) => row.length === heads.length),
      'every head has a weight, and a chance in every row',
    ),
  ),
  ({ heads, chances, weights }) => {
    const scores = chances.map((row) => valueOf(row, weights));
    const click = Math.max(0, heads.indexOf('click'));
    return {
      scores,
      ranking: highestFirst(scores),
      rankingClicksOnly: highestFirst(chances.map((row) => row[click])),
    };
  },
);

export const downsampling = kind(
  'a rate learned from a sample of the negatives, and the way back',
  v.object({ rate: share, keepNegatives: v.pipe(finite, v.gtValue(0), v.maxValue(1)) }),
  ({ rate, keepNegatives }) => {
    const learned = rateInTraining(rate, keepNegatives);
    return { rateInTraining: learned, recalibrated: recalibrated(learned, keepNegatives) };
  },
);
