import * as v from 'valibot';
import { kind, list, matrix, share } from '../compute/kind.ts';
import { sum } from '../inference/moments.ts';

const adds1 = (shares: readonly number[]) => Math.abs(sum(shares) - 1) < 1e-9;

/**
 * The front-door formula (Pearl, Causality, 3.3.2): the effect of a treatment whose common causes
 * with the outcome are hidden, through a mediator that carries all of it. `doX[x]` is the mean
 * outcome if everyone had treatment x: sum_z P(z | x) `blended[z]`, where `blended[z]` is sum_x'
 * P(y | x', z) P(x'). What has no probability is left out, so that its mean need not exist.
 */
export function frontDoorMeans(
  pX: readonly number[],
  pZgivenX: readonly (readonly number[])[],
  pYgivenXZ: readonly (readonly number[])[],
): { blended: number[]; doX: number[] } {
  const weighted = (weights: readonly number[], values: readonly number[]) =>
    sum(weights.map((w, k) => (w === 0 ? 0 : w * values[k])));
  const blended = pYgivenXZ[0].map((_, z) =>
    weighted(
      pX,
      pYgivenXZ.map((row) => row[z]),
    ),
  );
  return { blended, doX: pZgivenX.map((row) => weighted(row, blended)) };
}

export const frontDoor = kind(
  'the effect of a treatment with hidden common causes, through a mediator that carries all of it',
  v.pipe(
    v.object({ pX: list(share), pZgivenX: matrix, pYgivenXZ: matrix }),
    v.check(
      ({ pX, pZgivenX, pYgivenXZ }) =>
        pX.length >= 2 &&
        pZgivenX.length === pX.length &&
        pYgivenXZ.length === pX.length &&
        pZgivenX[0].length === pYgivenXZ[0].length,
      'pX has at least two values, and both tables have a row for each and equally long rows',
    ),
    v.check(
      ({ pX, pZgivenX }) => [pX, ...pZgivenX].every(adds1),
      'the shares of pX and of each row of pZgivenX add up to 1',
    ),
    v.check(({ pYgivenXZ }) => pYgivenXZ.flat().every((p) => p >= 0 && p <= 1), 'pYgivenXZ holds shares'),
  ),
  ({ pX, pZgivenX, pYgivenXZ }) => {
    const { doX } = frontDoorMeans(pX, pZgivenX, pYgivenXZ);
    const seen = pZgivenX.map((row, x) => sum(row.map((p, z) => p * pYgivenXZ[x][z])));
    return {
      ...Object.fromEntries(doX.map((mean, x) => [`doX${x}`, mean])),
      effect: doX[1] - doX[0],
      naive: seen[1] - seen[0],
    };
  },
);
