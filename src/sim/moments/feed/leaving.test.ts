import { describe, expect, test } from 'vitest';
import { Stream, uniform } from '../../../base/hash.ts';
import { LeavingBook, leavingText } from './leaving.ts';

/** Chances to leave after a skip and after a read, by intent. */
type Chances = readonly (readonly [skip: number, read: number])[];

/** Readers with their own inclination to skip and to leave; looked at every 150 posts. */
function look(seed: number, chances: Chances, posts: number) {
  const book = new LeavingBook(120);
  const draw = (post: number, what: number) => uniform(seed, Stream.content, post, what);
  const texts = new Set<string>();
  for (let post = 0; post < posts; post++) {
    const person = Math.floor(120 * draw(post, 0));
    const own = uniform(seed, Stream.content, person, 9);
    const skipped = draw(post, 1) < 0.2 + 0.3 * own;
    const chance = chances[person % 2][skipped ? 0 : 1] * (0.5 + uniform(seed, Stream.content, person, 8));
    book.saw(person % 2, person, skipped, draw(post, 2) < chance);
    if (post % 150 === 149) texts.add(leavingText(book.summary()));
  }
  return { texts, leaving: book.summary() };
}

describe('a skip and leaving', () => {
  test('opposite signs are found, with intervals around the truth', () => {
    const { leaving } = look(
      50_100,
      [
        [0.3, 0.08],
        [0.06, 0.25],
      ],
      6000,
    );
    expect(leaving.map(({ sign }) => sign)).toEqual([1, -1]);
    expect(leavingText(leaving)).toBe(
      'The same skip predicts leaving among those who listen, and staying among those who search.',
    );
    for (const [k, truth] of [0.22, -0.19].entries()) {
      expect(leaving[k].difference.low).toBeLessThan(truth);
      expect(leaving[k].difference.high).toBeGreaterThan(truth);
    }
    expect(leaving[0].afterSkip.low).toBeLessThan(leaving[0].afterSkip.high);
  });

  test('where a skip says nothing, at most one evening in twenty claims that it does, at any look', () => {
    let claimed = 0;
    for (let seed = 50_200; seed < 50_300; seed++) {
      const { texts } = look(
        seed,
        [
          [0.15, 0.15],
          [0.15, 0.15],
        ],
        3000,
      );
      if ([...texts].some((text) => text.includes('predicts leaving among') || text.includes('staying')))
        claimed++;
    }
    expect(claimed).toBeLessThanOrEqual(9);
  });

  test('too few posts claim nothing', () => {
    const { leaving } = look(
      50_101,
      [
        [0.9, 0.1],
        [0.1, 0.9],
      ],
      30,
    );
    expect(leaving.map(({ sign }) => sign)).toEqual([0, 0]);
    expect(leavingText(leaving)).toContain('Too few posts');
  });
});
