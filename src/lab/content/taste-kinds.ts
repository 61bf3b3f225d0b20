import * as v from 'valibot';
import { orNull } from '../../base/or-null.ts';
import {
  catalogCoverage,
  cooccurrence,
  distributionalCoverage,
  itemsByUser,
  listDiversity,
  listSerendipity,
  meanNovelty,
  type Similarity,
} from '../../content/life/beyond-accuracy.ts';
import { discoveryShare, generalistScore, popularitySpread } from '../../content/life/taste.ts';
import { cosine } from '../../content/memory/similarity.ts';
import { finite, kind, list, matrix, notNegative, whole } from '../../experiment/compute/kind.ts';

export const generalist = kind(
  'how much of a specialist a person is, and how much they discover',
  v.pipe(
    v.object({ vectors: matrix, plays: list(notNegative), firstTime: list(whole(0, 1)) }),
    v.check(
      ({ vectors, plays, firstTime }) =>
        vectors.length === plays.length && vectors.length === firstTime.length,
      'vectors, plays and firstTime need the same length: one entry per item',
    ),
    v.check(
      ({ vectors }) => vectors.every((vector) => vector.some((x) => x !== 0)),
      'a vector of zeros has no direction',
    ),
  ),
  ({ vectors, plays, firstTime }) => ({
    gsScore: orNull(generalistScore(vectors.flat(), vectors[0].length, plays)),
    discoveryShare: orNull(discoveryShare(plays, firstTime)),
  }),
);

export const popularitySpreadKind = kind(
  'how widely creators are shown over buckets of popularity',
  v.pipe(
    v.object({ bucketOfEachCreator: v.array(whole(0, 1e6)), buckets: whole(1, 1e6) }),
    v.check(
      ({ bucketOfEachCreator, buckets }) => bucketOfEachCreator.every((bucket) => bucket < buckets),
      'buckets are numbered from 0 to buckets - 1',
    ),
  ),
  ({ bucketOfEachCreator, buckets }) => {
    const { spread, atMost, share } = popularitySpread(bucketOfEachCreator, buckets);
    return { spread, atMost, share: orNull(share) };
  },
);

const id = whole(0, 2 ** 53 - 1);
const records = v.array(v.tuple([id, id]));
const mean = (values: readonly number[]): number | null => {
  const known = values.filter(Number.isFinite);
  return orNull(known.reduce((sum, x) => sum + x, 0) / known.length);
};

export const beyondAccuracy = kind(
  'diversity, serendipity, novelty and coverage of what was shown',
  v.pipe(
    v.object({
      train: records,
      shown: records,
      relevant: v.optional(v.array(finite)),
      features: v.optional(v.record(v.string(), list(finite))),
    }),
    v.check(
      ({ shown, relevant }) => relevant === undefined || relevant.length === shown.length,
      'every shown record has its relevance',
    ),
  ),
  ({ train, shown, relevant, features }) => {
    // What was shown by user, with the position of each record.
    const positions = itemsByUser(shown.map(([user], k) => [user, k] as const));
    const own = itemsByUser(train);
    const figures = (similarity: Similarity) => {
      const lists = [...positions].map(([user, at]) => ({
        items: at.map((k) => shown[k][1]),
        weights: at.map((k) => relevant?.[k] ?? 1),
        had: own.get(user) ?? [],
      }));
      const diversity = lists.map(({ items }) => listDiversity(items, similarity));
      const serendipity = lists.map(({ items, weights, had }) =>
        listSerendipity(items, weights, had, similarity),
      );
      return {
        diversity: mean(diversity),
        serendipity: mean(serendipity),
        userDiversity: diversity.map(orNull),
        userSerendipity: serendipity.map(orNull),
      };
    };
    const byFeatures: Similarity = (a, b) => {
      const [ofA, ofB] = [features?.[a], features?.[b]];
      return ofA === undefined || ofB === undefined ? 0 : cosine(ofA, ofB) || 0;
    };
    return {
      cooccurrence: figures(cooccurrence(train)),
      ...(features && { features: figures(byFeatures) }),
      novelty: orNull(meanNovelty(train, shown)),
      catalogCoverage: orNull(catalogCoverage(train, shown)),
      distributionalCoverage: distributionalCoverage(shown),
    };
  },
);
