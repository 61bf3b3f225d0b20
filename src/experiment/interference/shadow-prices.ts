import * as v from 'valibot';
import { finite, kind, matrix, openShare, positive, whole } from '../compute/kind.ts';
import { armsWithTreated, binomial, MAX_ASSIGNMENTS } from '../inference/enumerate.ts';
import { meanAndSd, sum } from '../inference/moments.ts';
import { exactAssignment } from '../../match/assignment/exact-assignment.ts';
import { squareOf } from '../../match/assignment/square.ts';

/** Largest total of an assignment of rows to columns in which either may stay alone. */
function bestTotal(values: readonly (readonly number[])[]): { total: number; served: readonly number[] } {
  if (values.length === 0) return { total: 0, served: [] };
  // Staying alone is worth 0, and so is a dummy of the square.
  const square = squareOf(
    Float64Array.from(values.flat(), (value) => Math.max(0, value)),
    values.length,
    values[0].length,
  );
  const { column } = exactAssignment(square);
  const served = values.map((_, row) => square.value[row * square.n + column[row]]);
  return { total: sum(served), served };
}

/** Value served against shadow prices over all sets of treated requests (Bright et al.). */
export const shadowPrices = kind(
  'all sets of treated requests: the naive estimate of value against shadow prices',
  v.pipe(
    v.object({ values_control: matrix, values_treated: matrix, treated_rows: whole(1, 1000) }),
    v.check(
      ({ values_control: a, values_treated: b }) => a.length === b.length && a[0]?.length === b[0]?.length,
      'values_control and values_treated have the same rows and columns',
    ),
    v.check((input) => input.treated_rows < input.values_control.length, 'some rows are not treated'),
    v.check(
      ({ values_control: { length }, treated_rows: treated }) =>
        (length + 1) * binomial(length, treated) <= MAX_ASSIGNMENTS,
      'there are too many sets of treated rows: at most 200,000, each with and without every row',
    ),
  ),
  ({ values_control: control, values_treated: treated, treated_rows: count }) => {
    const rows = control.length;
    const p = count / rows;
    const naive: number[] = [];
    const price: number[] = [];
    for (const arms of armsWithTreated(rows, count)) {
      const values = arms.map((arm, row) => (arm === 1 ? treated : control)[row]);
      const { total, served } = bestTotal(values);
      const weight = (row: number) => (arms[row] === 1 ? 1 / p : -1 / (1 - p));
      naive.push(served.reduce((s, value, row) => s + weight(row) * value, 0));
      price.push(
        arms.reduce(
          (s, _, row) => s + weight(row) * (total - bestTotal(values.filter((_, k) => k !== row)).total),
          0,
        ),
      );
    }
    return {
      assignments: naive.length,
      gte: bestTotal(treated).total - bestTotal(control).total,
      naive: meanAndSd(naive),
      shadow_price: meanAndSd(price),
    };
  },
);

/** The same with divisible demand: the price of a request is its value while supply is left. */
export const shadowPriceFluid = kind(
  'divisible demand against supply: the naive estimate against shadow prices',
  v.object({
    supply: positive,
    demand: positive,
    growth: v.pipe(finite, v.gtValue(-1)),
    value: positive,
    treated_share: openShare,
  }),
  ({ supply, demand, growth, value, treated_share: p }) => {
    const worth = (requests: number) => value * Math.min(supply, requests);
    const mixed = demand * (1 + p * growth);
    const served = Math.min(1, supply / mixed) * value * demand;
    return {
      gte: worth(demand * (1 + growth)) - worth(demand),
      naive: served * (1 + growth) - served,
      shadow_price: mixed < supply ? value * demand * growth : 0,
    };
  },
);
