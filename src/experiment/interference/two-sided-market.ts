import * as v from 'valibot';
import { kind, openShare, positive } from '../compute/kind.ts';
import { bisect } from '../../metrics/inference/distributions.ts';

/**
 * Mean field of a rental market (Johari et al., arXiv 2002.05670): listings of mass 1 are booked at
 * rate lambda alpha v s / (epsilon + alpha v s) and come back at rate tau.
 */
export const twoSidedMarket = kind(
  'bookings of a two-sided market when customers, listings or both are randomised',
  v.object({
    arrival_rate: positive,
    listing_return_rate: positive,
    consideration_probability: v.pipe(positive, v.maxValue(1)),
    outside_option: positive,
    appeal_control: positive,
    appeal_treated: positive,
    treated_customer_share: openShare,
    treated_listing_share: openShare,
  }),
  (input) => {
    const { arrival_rate: arrivals, listing_return_rate: back, outside_option: outside } = input;
    const [v0, v1] = [input.appeal_control, input.appeal_treated].map(
      (x) => x * input.consideration_probability,
    );
    const [a, b] = [input.treated_customer_share, input.treated_listing_share];

    const everybody = (appeal: number) => {
      const rate = (s: number) => (arrivals * appeal * s) / (outside + appeal * s);
      return rate(bisect((s) => rate(s) - back * (1 - s), 0, 1));
    };
    const [rate0, rate1] = [everybody(v0), everybody(v1)];
    const gte = rate1 - rate0;

    const byCustomer = (appeal: number, s: number) => (arrivals * appeal * s) / (outside + appeal * s);
    const stock = bisect((s) => a * byCustomer(v1, s) + (1 - a) * byCustomer(v0, s) - back * (1 - s), 0, 1);
    const customerSide = byCustomer(v1, stock) - byCustomer(v0, stock);

    // Stocks s1 of treated listings (mass b) and s0 of the others: for a given booking pressure per
    // unit of stock each stock follows, and the pressures that follow from the stocks must agree.
    const stocks = (pull1: number, pull0: number) => [
      (back * b) / (back + pull1),
      (back * (1 - b)) / (back + pull0),
    ];
    const solve = (next: (s1: number, s0: number) => readonly [number, number]) => {
      let pulls: readonly [number, number] = [0, 0];
      for (let k = 0; k < 10_000; k++) {
        const [s1, s0] = stocks(...pulls);
        const wanted = next(s1, s0);
        const change = Math.abs(wanted[0] - pulls[0]) + Math.abs(wanted[1] - pulls[1]);
        pulls = [(pulls[0] + wanted[0]) / 2, (pulls[1] + wanted[1]) / 2];
        if (change < 1e-15 * (pulls[0] + pulls[1])) break;
      }
      return stocks(...pulls);
    };
    const [l1, l0] = solve((s1, s0) => {
      const per = arrivals / (outside + v1 * s1 + v0 * s0);
      return [per * v1, per * v0];
    });
    const perListing = arrivals / (outside + v1 * l1 + v0 * l0);
    const listingSide = (perListing * v1 * l1) / b - (perListing * v0 * l0) / (1 - b);

    // Both sides: only treated customers see treated listings with the treated appeal.
    const pairRates = (s1: number, s0: number) => {
      const treated = (a * arrivals) / (outside + v1 * s1 + v0 * s0);
      const control = ((1 - a) * arrivals) / (outside + v0 * (s1 + s0));
      return { treated, control };
    };
    const [t1, t0] = solve((s1, s0) => {
      const { treated, control } = pairRates(s1, s0);
      return [treated * v1 + control * v0, (treated + control) * v0];
    });
    const { treated, control } = pairRates(t1, t0);
    const both = treated * v1 * t1;
    const others = treated * v0 * t0 + control * v0 * (t1 + t0);
    const twoSided = both / (a * b) - others / (1 - a * b);

    return {
      rate_control: rate0,
      rate_treated: rate1,
      gte,
      customer_side: customerSide,
      listing_side: listingSide,
      two_sided_naive: twoSided,
      relative_bias: {
        customer_side: customerSide / gte - 1,
        listing_side: listingSide / gte - 1,
        two_sided_naive: twoSided / gte - 1,
      },
    };
  },
);
