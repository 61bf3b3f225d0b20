import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectMetrics, policyNames } from './effect-metrics.ts';
import { explain } from './explain.ts';
import { mixShift, mostTelling, type NamedSlice } from './mix-shift.ts';
import type { SliceFigures } from './paired-sums.ts';
import { parsePolicy } from '../scenario/parse.ts';

type Row = readonly [slice: string, nA: number, meanA: number, nB: number, meanB: number];

function slices(dimension: string, rows: readonly Row[]): NamedSlice[] {
  return rows.map(([slice, nA, a, nB, b]) => ({
    dimension,
    slice,
    nA,
    nB,
    meanA: nA > 0 ? a : NaN,
    meanB: nB > 0 ? b : NaN,
    effect: nA > 0 && nB > 0 ? b - a : NaN,
    low: NaN,
    high: NaN,
  }));
}

function total(list: readonly NamedSlice[], half = 0.1): SliceFigures {
  const sum = (f: (s: NamedSlice) => number) => list.reduce((t, s) => t + (f(s) || 0), 0);
  const [nA, nB] = [sum((s) => s.nA), sum((s) => s.nB)];
  const meanA = sum((s) => s.nA * s.meanA) / nA;
  const meanB = sum((s) => s.nB * s.meanB) / nB;
  const effect = meanB - meanA;
  return { nA, nB, meanA, meanB, effect, low: effect - half, high: effect + half };
}

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
        const shift = mixShift(overall, list);
        expect(shift.mix + shift.within).toBeCloseTo(overall.effect, 10);
      }),
    );
  });
  test('with the same mix nothing comes from it, and there is no full reversal', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 30, max: 500 }), share, share), { minLength: 1, maxLength: 8 }),
        (rows) => {
          const list = slices(
            'country',
            rows.map(([n, a, b], i) => [String(i), n, a, n, b] as const),
          );
          const shift = mixShift(total(list), list);
          expect(shift.mix).toBeCloseTo(0, 12);
          expect(shift.verdict).not.toBe('full');
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
        const p = mixShift(total(there), there);
        const q = mixShift(total(back), back);
        expect(q.mix + p.mix).toBeCloseTo(0, 10);
        expect(q.within + p.within).toBeCloseTo(0, 10);
        expect(q.verdict).toBe(p.verdict);
      }),
    );
  });
  test('.4 / .2 against .5 / .3: A mostly where values are high, B mostly where they are low', () => {
    const list = slices('group', [
      ['X', 900, 0.4, 100, 0.5],
      ['Y', 100, 0.2, 900, 0.3],
    ]);
    const overall = total(list);
    expect(overall.effect).toBeCloseTo(-0.06, 12);
    const shift = mixShift(overall, list);
    expect(shift).toMatchObject({
      verdict: 'full',
      mix: expect.closeTo(-0.16, 12) as number,
      within: expect.closeTo(0.1, 12) as number,
    });
    expect(shift.mover).not.toBeNull();
  });
  test('a handful of chats gives no verdict, neither alone nor as the only group that can be judged', () => {
    const few = slices('country', [['JP', 29, 1, 29, 2]]);
    expect(mixShift({ ...total(few), effect: -1 }, few)).toMatchObject({ verdict: 'none', judged: [] });
    const mostlyFew = slices('country', [
      ['JP', 100, 1, 100, 2],
      ['KR', 29, 50, 29, 10],
    ]);
    expect(mixShift(total(mostlyFew), mostlyFew).verdict).toBe('none');
  });
  test('a full reversal tells more than a partial one, then the larger shift of the mix', () => {
    const of = (verdict: 'none' | 'partial' | 'full', mix: number, dimension: string) =>
      ({ dimension, verdict, mix, within: 0, judged: [], against: [], mover: null }) as const;
    expect(mostTelling([of('partial', 9, 'a'), of('full', 1, 'b')])?.dimension).toBe('b');
    expect(mostTelling([of('none', 1, 'a'), of('none', -2, 'b')])?.dimension).toBe('b');
    expect(mostTelling([])).toBeUndefined();
  });
});

describe('explain', () => {
  const reversal = slices('country', [
    ['JP', 910, 60, 590, 62],
    ['ID', 90, 10, 410, 12],
  ]);
  test('a full reversal, with the group that moved', () => {
    const overall = total(reversal, 1);
    expect(explain(effectMetrics.chat, 'oracle', overall, mixShift(overall, reversal))).toBe(
      'Under oracle chats are longer in every country, yet shorter overall (41.5 s against 55.5 s): the short chats of Indonesia (11.6 s) rose from 9.0 % to 41 % of all. Of −14.0 s, −16.0 s come from the mix and +2.0 s from within.',
    );
  });
  test('a difference that holds everywhere, one within chance, and none at all', () => {
    const list = slices('country', [
      ['JP', 500, 60, 500, 65],
      ['ID', 500, 10, 500, 12],
    ]);
    const overall = total(list, 1);
    expect(explain(effectMetrics.chat, 'oracle', overall, mixShift(overall, list))).toBe(
      'Under oracle chats are longer (38.5 s against 35.0 s), and longer in all 2 countries.',
    );
    expect(explain(effectMetrics.wait, 'B', { ...overall, low: -1 }, mixShift(overall, list))).toBe(
      'No clear difference: under B waits are longer (38.5 s against 35.0 s). The overall difference is still within chance (−1.0 s to +4.5 s).',
    );
    expect(explain(effectMetrics.chat, 'B', { ...overall, effect: NaN }, undefined)).toBe(
      'No chats have ended under both policies yet.',
    );
  });
  test('a partial reversal names who goes the other way', () => {
    const list = slices('gender', [
      ['women', 500, 0.4, 500, 0.3],
      ['men', 500, 0.1, 500, 0.3],
    ]);
    const overall = total(list, 0.01);
    expect(explain(effectMetrics.matched, 'B', overall, mixShift(overall, list))).toBe(
      'Under B waits end in a match more often overall (30 % against 25 %), yet less often for women. Of +5.0 points, +0.0 points come from the mix and +5.0 points from within.',
    );
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
