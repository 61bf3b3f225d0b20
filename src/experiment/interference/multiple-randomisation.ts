import * as v from 'valibot';
import { finite, kind, matrix, whole } from '../compute/kind.ts';
import { armsWithTreated, binomial, MAX_ASSIGNMENTS } from '../inference/enumerate.ts';
import { meanAndSd, meanOf } from '../inference/moments.ts';

/** Columns of a matrix; 0 where it has no row, which another check refuses. */
const columnsOf = ([first]: readonly (readonly number[])[]) => first?.length ?? 0;

/** Buyers and sellers randomised at once (Masoero et al., arXiv 2112.13495): all assignments. */
export const multipleRandomisation = kind(
  'buyers and sellers randomised at once: total effect, interaction and spillovers',
  v.pipe(
    v.object({
      baseline: matrix,
      treated_buyers: whole(1, 1000),
      treated_sellers: whole(1, 1000),
      effect_both: finite,
      buyer_spillover: finite,
      seller_spillover: finite,
    }),
    v.check((input) => input.treated_buyers < input.baseline.length, 'some buyers are not treated'),
    v.check((input) => input.treated_sellers < columnsOf(input.baseline), 'some sellers are not treated'),
    v.check(
      ({ baseline, treated_buyers: buyers, treated_sellers: sellers }) =>
        binomial(baseline.length, buyers) * binomial(columnsOf(baseline), sellers) <= MAX_ASSIGNMENTS,
      'there are more than 200,000 assignments; give fewer buyers or sellers',
    ),
  ),
  (input) => {
    const { baseline } = input;
    // Cells by 2 x buyer treated + seller treated.
    const effects = [0, input.seller_spillover, input.buyer_spillover, input.effect_both];
    const estimates: Record<'total' | 'interaction' | 'buyer_spillover' | 'seller_spillover', number[]> = {
      total: [],
      interaction: [],
      buyer_spillover: [],
      seller_spillover: [],
    };
    for (const buyers of armsWithTreated(baseline.length, input.treated_buyers))
      for (const sellers of armsWithTreated(baseline[0].length, input.treated_sellers)) {
        const cells: number[][] = [[], [], [], []];
        baseline.forEach((row, b) =>
          row.forEach((value, s) => {
            const cell = 2 * buyers[b] + sellers[s];
            cells[cell].push(value + effects[cell]);
          }),
        );
        const [cc, ct, tc, tt] = cells.map(meanOf);
        estimates.total.push(tt - cc);
        estimates.interaction.push(tt - tc - ct + cc);
        estimates.buyer_spillover.push(tc - cc);
        estimates.seller_spillover.push(ct - cc);
      }
    return {
      assignments: estimates.total.length,
      total: meanAndSd(estimates.total),
      interaction: meanAndSd(estimates.interaction),
      buyer_spillover: meanAndSd(estimates.buyer_spillover),
      seller_spillover: meanAndSd(estimates.seller_spillover),
    };
  },
);
