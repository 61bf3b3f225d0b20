import { CONVERGED, WARM_SWEEPS, type Fit, type FitOptions, type SideInformation } from './fit-types.ts';
import { Fitting } from './fitting.ts';
import type { ImportedMeetings } from '../read/meetings.ts';

/**
 * Fits the people to their meetings. Throws LabError where no meeting has an outcome of this kind.
 */
export async function fitPeople(
  people: SideInformation,
  meetings: ImportedMeetings,
  options: FitOptions,
): Promise<Fit> {
  const fitting = new Fitting(people, meetings, options);
  for (let sweep = 1; sweep <= options.sweeps; sweep++) {
    const moved = fitting.sweep();
    await options.progress?.(sweep / options.sweeps);
    if (moved < CONVERGED && sweep > WARM_SWEEPS + 5) break;
  }
  return fitting.result();
}

/** Location of the time that i would stay with j, ln s. */
export function locationOf(fit: Fit, { inputs, x }: SideInformation, i: number, j: number): number {
  let sum = fit.mean + fit.talk[i] + fit.charm[j];
  fit.likeInputs.forEach((k, f) => (sum += fit.likeWeights[f] * x[i * inputs + k] * x[j * inputs + k]));
  for (let k = 0; k < fit.rank; k++) sum += fit.taste[i * fit.rank + k] * fit.appeal[j * fit.rank + k];
  return sum;
}
