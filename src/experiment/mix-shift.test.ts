import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectMetrics, policyNames } from './effect-metrics.ts';
import { explain } from './explain.ts';
import { flagged, isReversed, mayBeChance, mixShift, mostTelling, reversal } from './mix-shift.ts';
import type { JudgeMix, MixShift, NamedSlice } from './mix-shift.ts';
import { parsePolicy } from '../scenario/parse.ts';

type Row = readonly [slice: string, nA: number, meanA: number, nB: number, meanB: number, p?: number];

function slices(dimension: string, rows: readonly Row[]): NamedSlice[] {
  return rows.map(([slice, nA, a, nB, b, p = NaN]) => ({
    ...{ dimension, slice, nA, nB, p },
    people: nA,
    meanA: nA > 0 ? a : NaN,
    meanB: nB > 0 ? b : NaN,
    effect: nA > 0 && nB > 0 ? b - a : NaN,
    low: NaN,
    high: NaN,
    flagged: p <= 0.05,
  }));
}

/** Everyone; certain of the effect unless told otherwise. */
function total(list: readonly NamedSlice[], half = 0.1, p = 0): NamedSlice {
  const sum = (f: (s: NamedSlice) => number) => list.reduce((t, s) => t + (f(s) || 0), 0);
  const [nA, nB] = [sum((s) => s.nA), sum((s) => s.nB)];
  const meanA = sum((s) => s.nA * s.meanA) / nA;
  const meanB = sum((s) => s.nB * s.meanB) / nB;
  const effect = meanB - meanA;
  return {
    ...{ dimension: 'all', slice: 'all', nA, nB, people: nA, meanA, meanB, effect },
    ...{ low: effect - half, high: effect + half, p, flagged: p <= 0.05 },
  };
}

/** A judge that is certain of every change, and one that knows nothing. */
const certain: JudgeMix = () => ({ effect: 1, error: 1e-3, freedom: 100, people: 1000 });
const silent: JudgeMix = () => null;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const row = fc.tuple(fc.nat(500), share, fc.nat(500), share);

describe('mixShift', () => {
  test('mix and within add up to the overall effect', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const list = slices(
          'country',
          rows.map((r, i) => [String(i), ...r] as const),
        );
        fc.pre(list.some((s) => s.nA > 0) && list.some((s) => s.nB > 0));
        const overall = total(list);
        const shift = mixShift(overall, list, silent);
        expect(shift.mix + shift.within).toBeCloseTo(overall.effect, 10);
      }),
    );
  });
  test('with the same mix nothing comes from it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 30, max: 500 }), share, share), { minLength: 1, maxLength: 8 }),
        (rows) => {
          const list = slices(
            'country',
            rows.map(([n, a, b], i) => [String(i), n, a, n, b] as const),
          );
          expect(mixShift(total(list), list, silent).mix).toBeCloseTo(0, 12);
        },
      ),
    );
  });
  test('exchanging the policies turns both parts and keeps the verdict', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const there = slices(
          'country',
          rows.map((r, i) => [String(i), ...r] as const),
        );
        const back = slices(
          'country',
          rows.map(([n, a, m, b], i) => [String(i), m, b, n, a] as const),
        );
        fc.pre(there.some((s) => s.nA > 0) && there.some((s) => s.nB > 0));
        const p = mixShift(total(there), there, silent);
        const q = mixShift(total(back), back, silent);
        expect(q.mix + p.mix).toBeCloseTo(0, 10);
        expect(q.within + p.within).toBeCloseTo(0, 10);
        expect(q.verdict).toBe(p.verdict);
      }),
    );
  });
  test('.4 / .2 against .5 / .3: A mostly where values are high, B mostly where they are low', () => {
    const list = slices('group', [
      ['X', 900, 0.4, 100, 0.5, 0.001],
      ['Y', 100, 0.2, 900, 0.3, 0.001],
    ]);
    const overall = total(list);
    expect(overall.effect).toBeCloseTo(-0.06, 12);
    const shift = mixShift(overall, list, certain);
    expect(shift).toMatchObject({
      verdict: 'full',
      mix: expect.closeTo(-0.16, 12) as number,
      within: expect.closeTo(0.1, 12) as number,
    });
    expect(shift.mover?.p).toBeLessThan(0.05);
    expect(shift.p).toBeLessThan(0.05);
  });
  test('the dimension that tells most has a claim; without any claim there is none', () => {
    const of = (verdict: 'none' | 'partial' | 'full', p: number, dimension: string): MixShift => ({
      ...{
        dimension,
        verdict,
        p,
        mix: 1,
        within: 0,
        against: [],
        slices: [],
        everywhere: false,
        mover: null,
      },
    });
    expect(mostTelling([of('partial', 0.001, 'a'), of('full', 0.9, 'b')])?.dimension).toBe('b');
    expect(mostTelling([of('none', 0.02, 'a'), of('none', 0.001, 'b')])?.dimension).toBe('b');
    // Corrected for the two dimensions, .03 is no claim.
    expect(mostTelling([of('none', 0.03, 'a'), of('none', NaN, 'b')])).toBeUndefined();
    expect(mostTelling([])).toBeUndefined();
  });
});

describe('claims', () => {
  const rows = (pAll: number, ...ps: number[]) => {
    const list = slices(
      'gender',
      ps.map((p, i) => [String(i), 100, 10, 100, i === 0 ? 5 : 15, p] as const),
    );
    return flagged([total(list, 1, pAll), ...list]);
  };
  test('slices are corrected for their number (Holm), everyone is not', () => {
    const marks = (list: readonly NamedSlice[]) => list.map((s) => s.flagged);
    expect(marks(rows(0.04, 0.04, 0.5, 0.6))).toEqual([true, false, false, false]);
    expect(marks(rows(0.04, 0.016, 0.5, 0.6))).toEqual([true, true, false, false]);
    // The second p is compared with .05 / 2, the third has no interval and is not counted.
    expect(marks(rows(0.2, 0.01, 0.024, NaN))).toEqual([false, true, true, false]);
  });
  test('a reversal needs a claim about everyone and a corrected one about the slice', () => {
    expect(reversal(rows(0.01, 0.001, 0.5, 0.5))).toBe('partial');
    expect(reversal(rows(0.2, 0.001, 0.5, 0.5))).toBe('none');
    expect(reversal(rows(0.01, 0.04, 0.5, 0.5))).toBe('none');
    const [overall, against] = rows(0.01, 0.04, 0.5, 0.5);
    expect([isReversed(against, overall), mayBeChance(against, overall)]).toEqual([false, true]);
  });
  test('a reversal is full where a dimension with nearly everyone goes the other way', () => {
    const list = slices('country', [
      ['JP', 910, 60, 590, 62, 0.001],
      ['ID', 90, 10, 410, 12, 0.001],
      ['KR', 5, 50, 5, 10],
    ]);
    expect(reversal([total(list), ...list])).toBe('full');
    const many = list.map((s) => (s.slice === 'KR' ? { ...s, nA: 300, nB: 300 } : s));
    expect(reversal([total(list), ...many])).toBe('partial');
  });
});

describe('explain', () => {
  const reversed = slices('country', [
    ['JP', 910, 60, 590, 62, 0.001],
    ['ID', 90, 10, 410, 12, 0.001],
  ]);
  test('a full reversal, with the group that moved', () => {
    const overall = total(reversed, 1);
    const shift = mixShift(overall, reversed, certain);
    expect(explain(effectMetrics.chat, 'oracle', [overall, ...reversed], shift)).toBe(
      'Under oracle chats are longer in every country, yet shorter overall (41.5 s against 55.5 s; −15.0 s to −13.0 s at any look): the short chats of Indonesia (11.6 s) rose from 9.0 % to 41 % of all. Of −14.0 s, −16.0 s come from the mix and +2.0 s from within.',
    );
    // Nobody judges the mix: neither the split nor the cause is told.
    expect(
      explain(effectMetrics.chat, 'oracle', [overall, ...reversed], mixShift(overall, reversed, silent)),
    ).toBe(
      'Under oracle chats are longer in every country, yet shorter overall (41.5 s against 55.5 s; −15.0 s to −13.0 s at any look).',
    );
  });
  const same = (p: number) =>
    slices('country', [
      ['JP', 500, 60, 500, 65, p],
      ['ID', 500, 10, 500, 12, p],
    ]);
  test('a difference that holds everywhere, one within chance, and none at all', () => {
    const overall = total(same(0.001), 1);
    const say = (name: 'chat' | 'wait', all: NamedSlice, list: readonly NamedSlice[]) =>
      explain(effectMetrics[name], 'B', [all, ...list], mixShift(all, list, silent));
    expect(say('chat', overall, same(0.001))).toBe(
      'Under B chats are longer overall and in all 2 countries (38.5 s against 35.0 s; +2.5 s to +4.5 s at any look).',
    );
    expect(say('chat', overall, same(0.2))).toBe(
      'Under B chats are longer (38.5 s against 35.0 s; +2.5 s to +4.5 s at any look).',
    );
    expect(say('wait', { ...overall, low: -1, flagged: false }, same(0.2))).toBe(
      'No clear difference: under B waits are longer (38.5 s against 35.0 s). That may be chance (−1.0 s to +4.5 s at any look).',
    );
    expect(explain(effectMetrics.chat, 'B', [{ ...overall, effect: NaN }], undefined)).toBe(
      'No chats have begun under both policies yet.',
    );
  });
  test('a partial reversal names who goes the other way; without correction it may be chance', () => {
    const list = (p: number) =>
      slices('gender', [
        ['women', 500, 0.4, 500, 0.3, p],
        ['men', 500, 0.1, 500, 0.3, p],
      ]);
    const overall = total(list(0.001), 0.01);
    const say = (p: number) =>
      explain(effectMetrics.matched, 'B', [overall, ...list(p)], mixShift(overall, list(p), silent));
    const all = 'Under B waits end in a match more often';
    const means = '30 % against 25 %; +4.0 points to +6.0 points at any look';
    expect(say(0.001)).toBe(`${all} overall, yet less often for women (overall ${means}).`);
    expect(say(0.2)).toBe(`${all} (${means}). In 1 of 2 genders it goes the other way, which may be chance.`);
  });
  test('policies are named by what differs', () => {
    const rules = parsePolicy({ scorer: 'rules' });
    expect(policyNames(rules, parsePolicy({ scorer: 'oracle' }))).toEqual(['rules', 'oracle']);
    expect(policyNames(rules, parsePolicy({ scorer: 'rules', threshold: 20 }))).toEqual([
      'threshold 0',
      'threshold 20',
    ]);
    expect(policyNames(rules, rules)).toEqual(['A (rules)', 'B (rules)']);
  });
});
