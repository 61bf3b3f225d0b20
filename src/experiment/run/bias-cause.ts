import { studentCdf } from '../../metrics/inference/distributions.ts';
import { holm } from '../inference/multiple-testing.ts';
import { meanOf, sampleVariance } from '../inference/moments.ts';
import type { DesignName } from './names.ts';

/** Where the bias of a design comes from. 'unclear': no bias that chance could not make. */
export type BiasCause =
  | 'displacement'
  | 'dilution'
  | 'shared pool'
  | 'thickness'
  | 'carry-over'
  | 'unclear'
  | 'none';

const LEVEL = 0.05;
/** Fewer evenings say nothing about a bias. */
const LEAST_EVENINGS = 5;

const byTime: readonly DesignName[] = [
  'switchback',
  'switchback-ht',
  'switchback-corrected',
  'ticks',
  'difference-in-q',
];

/** A design and a metric over many evenings. */
export interface BiasCase {
  readonly design: DesignName;
  /** Mean effect under everybody's treatment. */
  readonly truth: number;
  /** The truth is beyond 0, and the mean estimate cannot be told from 0. */
  readonly misses: boolean;
  /** Estimate minus truth of the same evening, one per evening. */
  readonly errors: readonly number[];
}

/**
 * The cause of every bias. A bias is one where the mean error differs from 0 by a t test over
 * evenings at 5 %, corrected for all cases (Holm). Its cause follows from what the design leaves
 * out: in a split pool the number of partners, by time what the time before left behind. Where
 * people share one pool, an estimate between 0 and the truth is diluted. Any other is displaced,
 * unless it cannot be told from 0: then no displacement is seen either.
 */
export function biasCauses(cases: readonly BiasCase[]): BiasCause[] {
  const pValues = cases.map(({ errors }) => {
    if (errors.length < LEAST_EVENINGS) return 1;
    const mean = meanOf(errors);
    const error = Math.sqrt(sampleVariance(errors) / errors.length);
    return mean === 0 ? 1 : 2 * studentCdf(-Math.abs(mean) / error, errors.length - 1);
  });
  const corrected = holm(pValues);
  return cases.map(({ design, truth, misses, errors }, k) => {
    if (errors.length < LEAST_EVENINGS) return 'unclear';
    if (corrected[k] > LEVEL) return 'none';
    if (design === 'budget-split') return 'thickness';
    if (byTime.includes(design)) return 'carry-over';
    const bias = meanOf(errors);
    const isBetween = bias * truth < 0 && Math.abs(bias) <= Math.abs(truth);
    return isBetween ? 'dilution' : misses ? 'shared pool' : 'displacement';
  });
}

/** The cause in one sentence. */
export const causeSentences: Readonly<Record<BiasCause, string>> = {
  displacement:
    'Displacement: both arms share one supply of partners, so what people under B gain, people under A lose, and the difference counts it twice.',
  dilution:
    'Dilution: people under B meet people under A, so part of the effect is missing under B and appears under A.',
  'shared pool':
    'Shared pool: what B does to the pool reaches both arms alike, so the difference between them cannot show it.',
  thickness: 'Thickness: a split pool offers fewer partners, so each arm is a thinner market than the whole.',
  'carry-over': 'Carry-over: a window begins with the pool and the chats that the window before left behind.',
  none: 'No bias beyond chance.',
  unclear: `There are fewer than ${LEAST_EVENINGS} evenings with an estimate: too few to see a bias.`,
};
