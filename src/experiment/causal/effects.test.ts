import { expect, test } from 'vitest';
import { Stream, uniform } from '../../base/hash.ts';
import { shownEffect } from './effect-interval.ts';
import { CausalTable, type Effect } from './effects.ts';

/** A hidden cause of treatment and outcome; the treatment moves the level, that the outcome. */
function sample(seed: number, people: number): CausalTable {
  const arms: number[] = [];
  const levels: number[] = [];
  const outcomes: number[] = [];
  for (let person = 0; person < people; person++) {
    const draw = (what: number) => uniform(seed, Stream.world, person, what, 0);
    const hidden = Number(draw(0) < 0.5);
    const arm = Number(draw(1) < [0.3, 0.7][hidden]);
    const level = Number(draw(2) < [0.3, 0.8][arm]);
    arms.push(arm);
    levels.push(level);
    outcomes.push(Number(draw(3) < 0.1 + 0.3 * level + 0.4 * hidden));
  }
  return new CausalTable({ arms, levels, outcomes, counts: arms.map(() => 1), levelCount: 2 });
}

test.each<[string, (table: CausalTable) => Effect]>([
  ['standardised over everyone', (table) => table.standardised('everyone')],
  ['natural indirect', (table) => table.indirect()],
  ['front door', (table) => table.frontDoor()],
])('the interval of the effect covers it: %s', (_, of) => {
  const truth = of(sample(1, 400_000)).value ?? NaN;
  const runs = 150;
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const table = sample(50_000 + run, 150);
    const { low, high } = shownEffect(table, [])(of(table));
    if ((low ?? NaN) <= truth && truth <= (high ?? NaN)) covered++;
  }
  // Within three Monte Carlo errors of .95.
  expect(Math.abs(covered / runs - 0.95)).toBeLessThan(0.054);
});

test('the front door finds the effect that the hidden cause distorts', () => {
  const table = sample(1, 400_000);
  // The level moves by .5, and the outcome by .3 of that.
  expect(table.frontDoor().value).toBeCloseTo(0.15, 2);
  expect(table.crude().value).toBeGreaterThan(0.25);
});

test('rows that count several times are as many rows', () => {
  const rows = { arms: [1, 1, 0, 0], outcomes: [1, 0, 1, 0], levels: [0, 0, 0, 0], levelCount: 1 };
  const counted = new CausalTable({ ...rows, counts: [3, 1, 2, 2] });
  const repeat = (values: readonly number[]) =>
    values.flatMap((x, k) => Array<number>([3, 1, 2, 2][k]).fill(x));
  const long = new CausalTable({
    ...{ arms: repeat(rows.arms), outcomes: repeat(rows.outcomes), levels: repeat(rows.levels) },
    ...{ counts: repeat([1, 1, 1, 1]), levelCount: 1 },
  });
  const units = [Array.from({ length: 8 }, (_, k) => k)];
  expect(shownEffect(counted, [])(counted.crude())).toEqual(shownEffect(long, [])(long.crude()));
  expect(shownEffect(counted, [])(counted.crude()).value).toBe(0.25);
  // Eight units, four in each arm, are too few for clusters.
  expect(shownEffect(long, units)(long.crude())).toEqual({
    value: 0.25,
    low: null,
    high: null,
    pValue: null,
  });
});

test('a cell without hits has a spread, and an effect without both arms has no figure', () => {
  const table = new CausalTable({
    ...{ arms: [1, 0, 1], outcomes: [0, 0, 1], levels: [0, 0, 1], counts: [43, 416, 5], levelCount: 2 },
  });
  const show = shownEffect(table, []);
  expect(show(table.at(0)).high).toBeGreaterThan(0.03);
  expect(show(table.standardised('everyone'))).toEqual({ value: null, low: null, high: null, pValue: null });
  expect(show(table.standardised('everyone', true)).value).toBe(0);
  expect(table.indirect().value).toBeNull();
});
