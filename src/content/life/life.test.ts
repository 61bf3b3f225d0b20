import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dwellSignals, lognormalTail, sharesThatPass } from './dwell.ts';
import { cascade } from './fatigue.ts';
import { gateChances, neededAtGate } from './gates.ts';
import { filterIntent } from './intent.ts';
import { GaussianBelief, gradientStep } from './signals.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('dwell', () => {
  test('90 % of a post is done, whatever its length in seconds', () => {
    for (let length = 1; length <= 600; length++) {
      expect(dwellSignals((length * 9) / 10, length).done90).toBe(true);
      expect(dwellSignals((length * 9) / 10 - 1e-6, length).done90).toBe(false);
    }
  });

  test('short posts have to be watched whole, long ones for 7 and 18 seconds', () => {
    expect(dwellSignals(7, 7)).toEqual({ click: true, longView: true, done90: true, watchRatio: 1 });
    expect(dwellSignals(7, 8)).toMatchObject({ click: false, longView: false, done90: false });
    expect(dwellSignals(18, 300)).toMatchObject({ click: true, longView: true, done90: false });
  });

  test('the 90 % rule favours short posts; the 18 s rule does not beyond 18 s', () => {
    const [short, long] = [sharesThatPass(20, 25, 1.1), sharesThatPass(300, 25, 1.1)];
    expect(short.share90).toBeGreaterThan(10 * long.share90);
    expect(short.share18s).toBe(long.share18s);
    expect(lognormalTail(25, 25, 1.1)).toBeCloseTo(0.5, 12);
    expect(lognormalTail(0, 25, 1.1)).toBe(1);
  });
});

describe('fatigue', () => {
  const rule = {
    ...{ theta: 0.15, leaveAfterClick: 0.05, recoveryPerCard: 0.7, tiredPerSimilarCard: 0.1 },
    leaveAfterNoClick: (name: string) => (name === 'ad' ? 0.12 : 0.03),
  };
  const post = { chance: 0.3, kind: 'post' };
  const ad = { chance: 0.05, kind: 'ad' };

  test('the recursion is the sum over all ways to go down the feed', () => {
    const cards = [post, ad, ad, post];
    const found = cascade(cards, rule);
    // By enumeration of what happens at each card: click and stay, no click and stay, or leave.
    const walk = (k: number, here: number, felt: Record<string, number>): number => {
      if (k === cards.length) return here;
      const { chance, kind } = cards[k];
      const click = chance * Math.exp(-rule.theta * felt[kind]);
      const bored = rule.leaveAfterNoClick(kind) + rule.tiredPerSimilarCard * felt[kind];
      const next = { ...felt, [kind]: felt[kind] + 1 };
      for (const name of ['post', 'ad']) next[name] *= rule.recoveryPerCard;
      return (
        walk(k + 1, here * click * (1 - rule.leaveAfterClick), next) +
        walk(k + 1, here * (1 - click) * (1 - bored), next)
      );
    };
    expect(found.seesAll).toBeCloseTo(walk(0, 1, { post: 0, ad: 0 }), 12);
  });

  test('fewer readers reach each further card, and all stay where nobody leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ chance: share, kind: fc.constantFrom('post', 'ad') })), (cards) => {
        const { reached, clicks, seesAll } = cascade(cards, rule);
        const down = [...reached, seesAll];
        down.forEach((now, k) => expect(now >= 0 && now <= (k === 0 ? 1 : down[k - 1])).toBe(true));
        clicks.forEach((click, k) => expect(click).toBeLessThanOrEqual(reached[k]));
        const stays = { ...rule, leaveAfterClick: 0, tiredPerSimilarCard: 0, leaveAfterNoClick: () => 0 };
        expect(cascade(cards, stays).seesAll).toBe(1);
      }),
    );
  });

  test('two ads far apart cost fewer views than two in a row, but only where readers recover', () => {
    const feed = (...ads: number[]) =>
      Array.from({ length: 10 }, (_, k) => (ads.includes(k + 1) ? ad : post));
    const views = (cards: (typeof post)[], recoveryPerCard: number) =>
      cascade(cards, { ...rule, recoveryPerCard }).seesAll;
    expect(views(feed(2, 7), 0.7)).toBeGreaterThan(views(feed(2, 3), 0.7) + 0.01);
    const [apart, together] = [feed(2, 7), feed(2, 3)].map(
      (cards) => cascade(cards, { ...rule, recoveryPerCard: 1, tiredPerSimilarCard: 0 }).seesAll,
    );
    expect(apart).toBeCloseTo(together, 12);
  });
});

describe('gates', () => {
  test('chances by recursion are those of all outcomes', () => {
    const [chance, threshold, gates] = [0.4, 0.5, [2, 5]];
    let [first, both] = [0, 0];
    for (let outcome = 0; outcome < 32; outcome++) {
      const wins = [0, 1, 2, 3, 4].map((view) => (outcome >> view) & 1);
      const weight = wins.reduce((p, win) => p * (win === 1 ? chance : 1 - chance), 1);
      const atFirst = wins[0] + wins[1] >= 1;
      if (atFirst) first += weight;
      if (atFirst && wins.reduce((a, b) => a + b) >= 3) both += weight;
    }
    const found = gateChances(chance, threshold, gates);
    expect(found.passes[0]).toBeCloseTo(first, 12);
    expect(found.passes[1]).toBeCloseTo(both, 12);
    expect(found.expectedViews).toBeCloseTo(2 + first * 3, 12);
  });

  test('a threshold in decimals asks for no success more, and certain posts pass or fail all', () => {
    expect(neededAtGate(0.07, 100)).toBe(7);
    expect(neededAtGate(0.04, 50)).toBe(2);
    expect(neededAtGate(0.041, 50)).toBe(3);
    expect(gateChances(1, 1, [50, 1000]).passes).toEqual([1, 1]);
    expect(gateChances(0, 0.04, [50, 100, 1000])).toEqual({ passes: [0, 0, 0], expectedViews: 50 });
    expect(gateChances(0.3, 0, [50]).passes[0]).toBeCloseTo(1, 12);
  });
});

describe('signals', () => {
  const vector = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -2, max: 2, noNaN: true })));
  const seen = fc.array(fc.record({ user: vector, signal: fc.double({ min: -3, max: 3, noNaN: true }) }), {
    maxLength: 15,
  });

  test('a belief does not depend on the order of the signals', () => {
    fc.assert(
      fc.property(vector, seen, (prior, signals) => {
        const [there, back] = [0, 1].map(() => new GaussianBelief(prior, 2, 0.25));
        for (const { user, signal } of signals) there.update(user, signal);
        for (const { user, signal } of [...signals].reverse()) back.update(user, signal);
        there.mean.forEach((x, d) => expect(x).toBeCloseTo(back.mean[d], 8));
        there.covariance.forEach((x, d) => expect(x).toBeCloseTo(back.covariance[d], 8));
      }),
    );
  });

  test('one dimension: the mean is weighted by precision', () => {
    const belief = new GaussianBelief([1], 4, 0.5);
    belief.update([1], 3);
    expect(belief.mean[0]).toBeCloseTo((4 * 1 + 2 * 3) / 6, 12);
    expect(belief.covariance[0]).toBeCloseTo(1 / 6, 12);
  });

  test('steps in order see each other; steps from an old vector do not', () => {
    const vectors = Float32Array.of(9, 9, 0, 0);
    gradientStep(vectors, 2, [1, 0], 1, 0.5);
    gradientStep(vectors, 2, [1, 0], 1, 0.5);
    expect([...vectors]).toEqual([9, 9, 0.75, 0]);
    const old = new Float64Array(2);
    const now = new Float64Array(2);
    for (let k = 0; k < 2; k++) gradientStep(now, 0, [1, 0], 1, 0.5, old, 0);
    expect([...now]).toEqual([1, 0]);
  });
});

describe('intent', () => {
  test('chances add to 1, and the filter agrees with all paths of intents', () => {
    const [stay, emit] = [
      0.9,
      [
        [0.2, 0.8],
        [0.7, 0.3],
      ],
    ];
    const observed = [0, 1, 1];
    const ends = [0, 0];
    for (let path = 0; path < 8; path++) {
      const states = [path & 1, (path >> 1) & 1, path >> 2];
      const weight = states.reduce(
        (p, state, k) =>
          p * (k === 0 ? 0.5 : state === states[k - 1] ? stay : 1 - stay) * emit[state][observed[k]],
        1,
      );
      ends[states[2]] += weight;
    }
    const belief = Float64Array.of(0.5, 0.5);
    const chance = observed.reduce(
      (p, symbol, k) =>
        p *
        filterIntent(
          belief,
          emit.map((row) => row[symbol]),
          k === 0 ? 1 : stay,
        ),
      1,
    );
    expect(chance).toBeCloseTo(ends[0] + ends[1], 12);
    expect(belief[0]).toBeCloseTo(ends[0] / (ends[0] + ends[1]), 12);
  });

  test('one intent stays certain, and an impossible observation changes nothing', () => {
    const sure = Float64Array.of(1);
    expect(filterIntent(sure, [0.3], 0.2)).toBeCloseTo(0.3, 12);
    expect(sure[0]).toBe(1);
    const belief = Float64Array.of(0.2, 0.8);
    expect(filterIntent(belief, [0, 0], 1)).toBe(0);
    expect([...belief]).toEqual([0.2, 0.8]);
  });
});
