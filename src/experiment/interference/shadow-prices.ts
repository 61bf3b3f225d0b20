import * as v from 'valibot';
import { finite, kind, matrix, openShare, positive, whole } from '../compute/kind.ts';
import { armsWithTreated } from '../inference/enumerate.ts';
import { meanAndSd } from '../inference/moments.ts';

/** Largest total of an assignment of rows to columns in which either may stay alone. */
function bestTotal(values: readonly (readonly number[])[]): { total: number; served: readonly number[] } {
  const columns = values[0]?.length ?? 0;
  const best = new Map<number, { total: number; served: readonly number[] }>([[0, { total: 0, served: [] }]]);
  for (const row of values) {
    for (const [used, { total, served }] of [...best]) {
      const keep = (bits: number, value: number) => {
        const known = best.get(bits);
        const next = { total: total + value, served: [...served, value] };
        if (known === undefined || known.served.length < next.served.length || next.total > known.total)
          best.set(bits, next);
      };
      keep(used, 0);
      for (let c = 0; c < columns; c++)
        if ((used & (1 << c)) === 0 && row[c] > 0) keep(used | (1 << c), row[c]);
    }
  }
  return [...best.values()].reduce((a, b) => (b.total > a.total ? b : a));
}

/** Value served against shadow prices over all sets of treated requests (Bright et al.). */
export const shadowPrices = kind(
  'all sets of treated requests: the naive estimate of value against shadow prices',
  v.object({ values_control: matrix, values_treated: matrix, treated_rows: whole(1, 20) }),
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
