import { describe, expect, test } from 'vitest';
import { compute } from './testing/compute.ts';

describe('diagrams', () => {
  const sets = (edges: string[], hidden: string[] = []) =>
    compute('adjustment', {
      edges: edges.map((edge) => edge.split('>')),
      ...{ treatment: 'X', outcome: 'Y', hidden },
    });

  test('a confounder is adjusted for; a mediator and a collider are not', () => {
    const result = sets(['C>X', 'C>Y', 'X>Y', 'X>M', 'M>Y', 'X>K', 'Y>K']);
    expect(result('validSets')).toEqual([['C']]);
  });

  test('a collider of two causes is harmless only together with one of them', () => {
    const result = sets(['A>X', 'A>Z', 'B>Z', 'B>Y', 'X>Y']);
    expect(result('minimalSets')).toEqual([[]]);
    expect(result('validSets')).toEqual([
      [],
      ['A'],
      ['B'],
      ['A', 'B'],
      ['A', 'Z'],
      ['B', 'Z'],
      ['A', 'B', 'Z'],
    ]);
  });

  test('a hidden common cause leaves a back door open, and the front door finds the effect', () => {
    expect(sets(['U>X', 'U>Y', 'X>M', 'M>Y'], ['U'])('identifiableByBackDoor')).toBe(false);
    // Pearl, Causality, table 3.1: tar protects although smokers are ill more often.
    const smoking = compute('front-door', {
      pX: [0.5, 0.5],
      pZgivenX: [
        [0.95, 0.05],
        [0.05, 0.95],
      ],
      pYgivenXZ: [
        [0.1, 0.05],
        [0.9, 0.85],
      ],
    });
    expect(smoking('effect')).toBeCloseTo(-0.045, 12);
    expect(smoking('naive')).toBeCloseTo(0.755, 12);
  });
});

describe('interleaving', () => {
  const chance = { '1': 0.5, '2': 0.25, '3': 0.125 };
  test('team drafts of two overlapping rankings (mpkato/interleaving, test_team_draft.py)', () => {
    const result = compute('team-draft', { a: [1, 2], b: [2, 3], length: 3, clickChance: chance });
    expect(result('lists')).toEqual([
      [[1, 2, 3], 'ABB', 0.5],
      [[2, 1, 3], 'BAB', 0.5],
    ]);
    expect(result('aWins') + result('bWins') + result('tie')).toBeCloseTo(1, 12);
  });

  test('one random click: balanced interleaving prefers a shifted ranking, a team draft does not', () => {
    const result = compute('team-draft', {
      ...{ a: [1, 2, 3, 4], b: [2, 3, 4, 1], length: 4 },
      clickChance: { '1': 0.1, '2': 0.1, '3': 0.1, '4': 0.1 },
    });
    expect(result('aWins')).toBeCloseTo(result('bWins'), 12);
    expect(result('balancedOneRandomClick')).toEqual({ aWins: 0.25, bWins: 0.75, tie: 0 });
  });

  test('the moments of clicks where people leave are those of the enumeration', () => {
    const result = compute('interleaving-efficiency', {
      ...{ a: [1, 2], b: [2, 1], clickChance: chance, alpha: 0.05, power: 0.8 },
      ...{ leaveAfterClick: 0.5, leaveAfterNoClick: 0.1 },
    });
    // Item 1, then item 2 with chance .5 after a click and .9 after none.
    const both = 0.5 * 0.5 * 0.25;
    const mean = 0.5 + 0.25 * (0.5 * 0.5 + 0.5 * 0.9);
    expect(result('meanA')).toBeCloseTo(mean, 12);
    expect(result('varA')).toBeCloseTo(mean + 2 * both - mean ** 2, 12);
  });
});

test('the Aha moment: precision, recall, the front and the funnel', () => {
  const people = `newcomer chat photo retained
    1 2 0 1
    1 2 1 1
    0 1 0 0
    0 1 1 1
    0 0 0 0
    1 0 1 0`;
  const input = { file: 'f', actions: ['chat', 'photo'], atLeast: '1 to 3 where at least 2 people did it' };
  const result = compute('aha', input, people);
  expect(result('points')).toMatchObject([
    { action: 'chat', atLeast: 1, n: 4, precision: 0.75, recall: 1 },
    { action: 'chat', atLeast: 2, n: 2, precision: 1, recall: 2 / 3 },
    { action: 'photo', atLeast: 1, n: 3, precision: 2 / 3, recall: 2 / 3 },
  ]);
  expect(result('front')).toEqual([0, 1]);
  expect(result('funnel.3')).toEqual({ stage: 'photo >= 1', n: 1, precision: 1, recall: 1 / 3 });
  expect(result('logic.OR')).toMatchObject({ precision: 0.6, recall: 1 });
  expect(() => compute('aha', { ...input, atLeast: 'often' }, people)).toThrow('atLeast is "often"; write');
});

test('the mean rises and the lowest fifth loses', () => {
  const rows = Array.from({ length: 10 }, (_, k) => `${k} ${k < 2 ? k - 1 : k + 1}`).join('\n');
  const result = compute('quantiles', { file: 'f' }, `a b\n${rows}`);
  expect(result('meanEffectByBaselineFifth')).toEqual([-1, 1, 1, 1, 1]);
  expect([result('meanEffect'), result('shareHurt'), result('worstFifth')]).toEqual([0.6, 0.2, 0]);
});
