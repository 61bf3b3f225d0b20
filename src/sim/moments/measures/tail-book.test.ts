import { expect, test } from 'vitest';
import { Stream, uniform } from '../../../base/hash.ts';
import { scenario } from '../../../scenario/parse.ts';
import { feedStages } from '../feed/tally.ts';
import { TailBook, tailText } from './tail-book.ts';

const { policy } = scenario({});
const CREATORS = 150;

/** A book in which each stage passes on some of the creators, by a coin of their own and luck. */
function bookOf(evening: number, prefers = 0): TailBook {
  const ids = Uint32Array.from({ length: CREATORS }, (_, k) => k);
  // Each creator has one post, in the slot of their own number.
  const book = new TailBook(
    { creator: ids },
    {
      ...{ ids, rank: Int32Array.from(ids), clicks: new Uint32Array(CREATORS) },
      ...{ views: new Uint32Array(CREATORS), gifts: new Float64Array(CREATORS) },
    },
  );
  const draw = (creator: number, what: number) => uniform(50_040, Stream.content, evening, creator, what);
  for (const requests of [100, 200, 400]) {
    book.live(new Float64Array(CREATORS).fill(1), 1);
    feedStages.forEach((stage, s) => {
      const bias = stage === 'rank' ? prefers : 0;
      const kept = (creator: number) =>
        draw(creator, requests + s) <
        0.1 + 0.5 * draw(creator, s) ** 3 + (10 * creator < CREATORS ? bias : 0);
      const slots = ids.filter(kept);
      book.pass(stage, slots, slots.length);
    });
    book.look(requests);
  }
  return book;
}

test('a stage that knows nothing of popularity falls in 5 % of evenings at most', () => {
  const evenings = 40;
  let [now, ever] = [0, 0];
  for (let evening = 0; evening < evenings; evening++) {
    const book = bookOf(evening);
    if (book.changes().some(({ sign }) => sign !== 0)) now++;
    if (book.judged!.changes.some(({ sign }) => sign !== 0)) ever++;
  }
  const limit = evenings * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / evenings));
  expect(now).toBeLessThan(limit);
  expect(ever).toBeLessThan(limit);
});

test('a stage that favours the popular falls, and the words say which', () => {
  const book = bookOf(1, 0.8);
  expect(book.judged!.requests).toBe(400);
  expect(book.changes().map(({ sign }) => sign)).toEqual([0, -1, 1, 0]);
  expect(tailText(book.judged, policy)).toBe(
    'Ranking loses tail creators beyond chance (judged at 400 requests).',
  );
  expect(tailText(undefined, policy)).toBe('The stages are judged from 100 requests on.');
  const lost = { stage: 'retrieve', change: -0.9, chance: 0.1, sign: -1 } as const;
  const narrow = { ...policy, feedRetrieval: 'narrow' } as const;
  expect(tailText({ requests: 100, changes: [lost] }, narrow)).toMatch(
    /No ranking or re-ranking can bring back/,
  );
  const favours = { ...policy, feedFavour: 'compose' } as const;
  expect(tailText(book.judged, favours)).toMatch(
    /Only the slate is told to favour the popular; the feed also learns/,
  );
  const none = { ...lost, sign: 0 } as const;
  expect(tailText({ requests: 1600, changes: [none] }, policy)).toMatch(
    /^No stage loses .* at 1,600 requests/,
  );
});

test('what a request gains at each stage adds up to the way from the live posts to the slate', () => {
  const { retrieval, ranking, reranking, slate, tail } = bookOf(2).gains()!;
  expect(retrieval + ranking + reranking + slate).toBeCloseTo(tail - 0.9, 12);
});
